import Determinism
import EventKernel
import Probability

/// A line as flat tables: what `LineRun` copies into raw memory.
///
/// Takers of a buffer are machines by index, then transports; givers are machines, then sources, then transports.
struct CompiledLine: Sendable {
  let line: LineSpec
  private(set) var machines: [Machine] = []
  private(set) var names: [String] = []
  private(set) var modes: [Mode] = []
  /// By slot of a calendar stop: its mode.
  private(set) var calendarModes: [Int] = []
  /// By slot of a duty of the calendar: its index.
  private(set) var calendarDuties: [Int] = []
  /// By order: when it is wanted.
  let due: [Double]
  private(set) var extras: [Extras] = []
  private(set) var dice: [Die.Spec] = []
  private(set) var values: [Double] = []
  /// Where the values of a die's empirical law begin.
  private(set) var valueOffsets: [Int] = []
  private(set) var inputs: [InputSpec] = []
  /// Shares or counts of the branches of routings, with their buffers (−1: out of the line) and products (−1: the same).
  private(set) var branches: [Branch] = []
  private(set) var needs: [Need] = []
  private(set) var duties: [Duty] = []
  private(set) var conditions: [(spec: ConditionSpec, die: Int)] = []
  private(set) var heldRoom = 0
  private(set) var outRoom = 0
  private(set) var shelfRoom = 0
  private(set) var grantRoom = 0
  private(set) var takers: [[Int]]
  private(set) var givers: [[Int]]
  private(set) var firstMachine: [Int] = []
  private(set) var sourceDice: [SourceDice] = []
  private(set) var transportDice: [(approach: Int, haul: Int)] = []
  let skills: Skills
  let slots: Slots
  /// By source: the index of its first order among all.
  let firstOrder: [Int]

  struct Branch: Sendable { var buffer: Int32, share: Double, count: Int32, product: Int32 }
  struct SourceDice: Sendable { var interval = 0, mix = -1, upTime = -1, downTime = -1 }

  /// Planned upkeep of one machine.
  struct Duty: Sendable, BitwiseCopyable {
    var basis: UInt8
    var every: Double
    /// What it counts from: the instant, the operating seconds or the parts at which the last one ended.
    var from = 0.0
    var isDue = false
    var length: Int32
    var need: Int32
    var machine: Int32
    /// For the calendar's, its slot.
    var slot: Int32 = -1
    static let calendar: UInt8 = 0, operating: UInt8 = 1, parts: UInt8 = 2
  }

  /// A list of skills and how many of each are needed at once, with room to note who came.
  struct Need: Sendable, BitwiseCopyable {
    var skill: Int32
    var count: Int32
    /// The further skills of the same need follow; 0 for the last.
    var more: Bool
    var firstGrant: Int32
    var grants: Int32 = 0
  }

  init(_ line: LineSpec) {
    self.line = line
    skills = Skills(line)
    takers = [[Int]](repeating: [], count: line.buffers.count)
    givers = takers
    slots = Slots(line)
    var orders = 0
    firstOrder = line.sources.map { source in
      defer { orders += source.orders.count }
      return orders
    }
    due = line.sources.flatMap { $0.orders.map(\.due) }
    for (s, station) in line.stations.enumerated() {
      firstMachine.append(machines.count)
      for name in station.machineNames { add(station, s, name) }
    }
    firstMachine.append(machines.count)
    for (s, source) in line.sources.enumerated() { add(source, machines.count + s) }
    for (t, transport) in line.transports.enumerated() { add(transport, machines.count, t) }
  }

  // MARK: - Dice

  /// The dice of one replication, each with the stream of its own path.
  func makeDice(seed: UInt64, replication: Int) -> Slab<Die> {
    let root = RandomStream(seed: seed).split("replication").split(replication)
    return Slab(dice.indices.map { Die(stream: stream($0, below: root), sampler: LawSampler(dice[$0].law), values: valueOffsets[$0]) })
  }

  func makeConditions(seed: UInt64, replication: Int) -> Slab<Condition> {
    let root = RandomStream(seed: seed).split("replication").split(replication)
    return Slab(conditions.map { Condition($0.spec, stream: stream($0.die, below: root)) })
  }

  private func stream(_ die: Int, below root: RandomStream) -> RandomStream {
    root.split(dice[die].branch).split(dice[die].owner).split(dice[die].purpose)
  }

  private mutating func die(_ branch: String, _ owner: String, _ purpose: String, _ law: Law) -> Int32 {
    valueOffsets.append(values.count)
    if case .empirical(let v) = law { values += v }
    dice.append(Die.Spec(branch: branch, owner: owner, purpose: purpose, law: law))
    return Int32(dice.count - 1)
  }

  private mutating func need(_ needs: [NeedSpec]) -> Int32 {
    guard !needs.isEmpty else { return -1 }
    let first = Int32(self.needs.count)
    let total = needs.reduce(0) { $0 + $1.count }
    for (i, need) in needs.enumerated() {
      self.needs.append(
        Need(skill: Int32(skills.index[need.skill]!), count: Int32(need.count), more: i < needs.count - 1, firstGrant: Int32(grantRoom)))
    }
    grantRoom += total
    return first
  }

  private func nextCalendarStop() -> Int32 {
    Int32(slots.calendarStops + calendarModes.count)
  }

  private func nextDuty() -> Int32 {
    Int32(slots.duties + calendarDuties.count)
  }

  // MARK: - Stations

  private mutating func add(_ station: StationSpec, _ s: Int, _ name: String) {
    let m = machines.count
    var machine = Machine()
    machine.station = Int32(s)
    machine.cycle = die("station", name, "cycle", station.cycle)
    machine.judgement = die("station", name, "scrap", .constant(0))
    _ = die("station", name, "inspection", .constant(0))
    _ = die("station", name, "defect", .constant(0))
    machine.judges =
      station.scrap > 0 || station.latentDefect > 0 || station.inspection != nil || station.wear.map { $0.scrapWhenWorn > 0 } ?? false
      || !station.conditions.isEmpty
    if let input = station.inputs.first { machine.input = Int32(input.buffer) }
    machine.output = Int32(station.output ?? -1)
    addModes(station, name, &machine)
    for input in station.inputs { takers[input.buffer].append(m) }
    for buffer in station.destinations(line) where !givers[buffer].contains(m) { givers[buffer].append(m) }
    machine.isPlain = isPlain(station, s)
    if !machine.isPlain {
      machine.extra = Int32(extras.count)
      extras.append(makeExtras(station, s, name, m))
    }
    machines.append(machine)
    names.append(name)
  }

  /// Whether a station does nothing but take one part, work on it, and hand it on.
  private func isPlain(_ station: StationSpec, _ s: Int) -> Bool {
    let buffers = station.inputs.map(\.buffer) + (station.output.map { [$0] } ?? [])
    return station.inputs.reduce(0) { $0 + $1.count } <= 1 && station.productCycles.isEmpty && station.batch == nil && station.routing == nil
      && station.rework == nil && station.maintenance.isEmpty && station.wear == nil && station.setup == nil && station.needs.isEmpty
      && station.dispatch == .firstInFirstOut && !station.preempts && station.conditions.isEmpty
      && (station.failure.map { [$0] } ?? []).allSatisfy { $0.need == nil } && station.stoppages.allSatisfy { $0.need == nil }
      && (station.microstop?.need == nil) && buffers.allSatisfy { !line.buffers[$0].isBelt }
      && !line.cardLoops.contains { $0.stations.contains(s) || ($0.until.map(buffers.contains) ?? false) }
      && !line.products.contains { $0.route.contains { $0.cycle != nil } }
  }

  private mutating func addModes(_ station: StationSpec, _ name: String, _ machine: inout Machine) {
    machine.firstMode = Int32(modes.count)
    let m = Int32(machines.count)
    func mode(_ account: UInt8, _ spec: StoppageSpec?, _ interval: Int32, _ length: Int32, _ need: Int32, _ slot: Int32) -> Mode {
      var mode = Mode()
      (mode.machine, mode.account, mode.interval, mode.length, mode.need, mode.slot) = (m, account, interval, length, need, slot)
      mode.workAfter =
        switch spec?.workAfter {
        case .restarts: Mode.restarts
        case .scrapped: Mode.scrapped
        default: Mode.resumes
        }
      return mode
    }
    let named: [(StoppageSpec?, UInt8, String, String)] =
      [
        (station.failure, Machine.Account.failed, "failure", "repair"),
        (station.microstop, Machine.Account.microstopped, "microstop", "microstop length"),
      ]
      + station.stoppages.map {
        ($0, $0.kind == .failure ? Machine.Account.failed : Machine.Account.microstopped, "stoppage \($0.name)", "stoppage \($0.name) length")
      }
    for (spec, account, interval, length) in named {
      // A failure and a short stop always have their place, so that a state may say that the machine is in one.
      guard let spec else {
        modes.append(mode(account, nil, -1, -1, -1, -1))
        continue
      }
      let slot: Int32 = spec.clock == .calendar ? nextCalendarStop() : -1
      if slot >= 0 { calendarModes.append(modes.count) }
      modes.append(
        mode(
          account, spec, die("station", name, interval, spec.interval), die("station", name, length, spec.length),
          need(spec.need.map { [$0] } ?? []), slot))
    }
    machine.modeCount = Int32(modes.count) - machine.firstMode
  }

  private mutating func makeExtras(_ station: StationSpec, _ s: Int, _ name: String, _ m: Int) -> Extras {
    var extra = Extras()
    extra.firstInput = Int32(inputs.count)
    extra.inputCount = Int32(station.inputs.count)
    inputs += station.inputs
    extra.needed = Int32(station.inputs.reduce(0) { $0 + $1.count })
    extra.missing = extra.needed
    extra.batchLeast = Int32(station.batch?.least ?? 0)
    extra.batchMost = Int32(station.batch?.most ?? 0)
    (extra.firstHeld, extra.firstOut) = (Int32(heldRoom), Int32(outRoom))
    heldRoom += Int(extra.batchMost)
    extra.dispatch = UInt8(DispatchLaw.allCases.firstIndex(of: station.dispatch)!)
    extra.variesByProduct = !station.productCycles.isEmpty || line.products.contains { $0.route.contains { $0.cycle != nil } }
    extra.preempts = station.preempts
    if station.preempts { extra.dispatch = UInt8(DispatchLaw.allCases.firstIndex(of: .priority)!) }
    extra.firstShelved = Int32(shelfRoom)
    if station.preempts { shelfRoom += Set(line.products.map(\.priority)).count }
    for (l, loop) in line.cardLoops.enumerated() where loop.stations.contains(s) { extra.cards |= 1 << UInt32(l) }
    outRoom += max(1, Int(extra.batchMost)) * addRouting(station, name, &extra)
    if let rework = station.rework { (extra.reworkInto, extra.attempts) = (Int32(rework.into), UInt8(rework.attempts)) }
    if let setup = station.setup {
      extra.setup = Int32(s)
      extra.setupDie = die("station", name, "setup", .constant(0))
      extra.setupNeed = need(setup.need.map { [$0] } ?? [])
      extra.lastProduct = Int32(setup.initial ?? -1)
    }
    extra.workNeed = need(station.needs)
    extra.firstDuty = Int32(duties.count)
    extra.dutyCount = Int32(station.maintenance.count + 2)
    for maintenance in station.maintenance {
      let basis: UInt8 =
        switch maintenance.basis {
        case .calendar: Duty.calendar
        case .operating: Duty.operating
        case .parts: Duty.parts
        }
      let slot = maintenance.basis == .calendar ? nextDuty() : -1
      if slot >= 0 { calendarDuties.append(duties.count) }
      duties.append(
        Duty(
          basis: basis, every: maintenance.every, length: die("station", name, "maintenance \(maintenance.name)", maintenance.length),
          need: need(maintenance.need.map { [$0] } ?? []), machine: Int32(m), slot: slot))
    }
    // The last two duties are the worn tool's replacement and the broken one's.
    for (purpose, law) in [("replacement", station.wear?.replacement), ("breakage", station.wear?.breakage)] {
      duties.append(
        Duty(
          basis: Duty.parts, every: .infinity, length: die("station", name, purpose, law ?? .constant(0)),
          need: need(station.wear?.need.map { [$0] } ?? []), machine: Int32(m)))
    }
    if let wear = station.wear {
      extra.wears = true
      extra.wearDie = die("station", name, "wear", wear.perPart)
    }
    extra.firstCondition = Int32(conditions.count)
    extra.conditionCount = Int32(station.conditions.count)
    for condition in station.conditions {
      conditions.append((condition, Int(die("station", name, "condition \(condition.name)", .constant(0)))))
    }
    return extra
  }

  /// Adds the branches of a station's routing; returns how many parts one finished part can become.
  private mutating func addRouting(_ station: StationSpec, _ name: String, _ extra: inout Extras) -> Int {
    extra.firstBranch = Int32(branches.count)
    defer { extra.branchCount = Int32(branches.count) - extra.firstBranch }
    func branch(_ buffer: Int?, _ share: Double, _ count: Int, _ product: Int?) -> Branch {
      Branch(buffer: Int32(buffer ?? -1), share: share, count: Int32(count), product: Int32(product ?? -1))
    }
    switch station.routing {
    case nil: extra.routing = Extras.toOutput
    case .chance(let list):
      extra.routing = Extras.byChance
      extra.routingDie = die("station", name, "routing", .constant(0))
      branches += list.map { branch($0.buffer, $0.share, 1, nil) }
    case .emptiest(let buffers):
      extra.routing = Extras.toEmptiest
      branches += buffers.map { branch($0, 1, 1, nil) }
    case .route: extra.routing = Extras.byRoute
    case .disassembly(let yields):
      extra.routing = Extras.takesApart
      branches += yields.map { branch($0.buffer, 1, $0.count, $0.product) }
      return yields.reduce(0) { $0 + $1.count }
    }
    return 1
  }

  // MARK: - Sources and ways

  private mutating func add(_ source: SourceSpec, _ giver: Int) {
    givers[source.into].append(giver)
    var own = SourceDice(interval: Int(die("source", source.name, "interval", source.interval)))
    if !source.mix.isEmpty { own.mix = Int(die("source", source.name, "mix", .constant(0))) }
    if let interruption = source.interruption {
      own.upTime = Int(die("source", source.name, "interruption", interruption.interval))
      own.downTime = Int(die("source", source.name, "interruption length", interruption.length))
    }
    sourceDice.append(own)
  }

  private mutating func add(_ transport: TransportSpec, _ machineCount: Int, _ t: Int) {
    takers[transport.from].append(machineCount + t)
    givers[transport.to].append(machineCount + line.sources.count + t)
    let approach = Int(die("transport", transport.name, "approach", transport.approach))
    transportDice.append((approach, Int(die("transport", transport.name, "haul", transport.haul))))
  }
}

extension BufferSpec {
  /// Whether parts travel on it, and may enter only so close to each other.
  var isBelt: Bool { transit > 0 || headway > 0 }
}

extension StationSpec {
  /// What its machines are called, in reports and as the addresses of their random streams.
  var machineNames: [String] {
    machines > 1 && machines <= LineSpec.mostOfAnything ? (1...machines).map { "\(name).\($0)" } : [name]
  }

  /// Every buffer that a finished part of this station may go to.
  func destinations(_ line: LineSpec) -> [Int] {
    var buffers: [Int] =
      switch routing {
      case nil: output.map { [$0] } ?? []
      case .chance(let branches): branches.compactMap(\.buffer)
      case .emptiest(let list): list
      case .route: line.products.flatMap { $0.route.map(\.buffer) }
      case .disassembly(let yields): yields.compactMap(\.buffer)
      }
    if let rework { buffers.append(rework.into) }
    return buffers
  }
}
