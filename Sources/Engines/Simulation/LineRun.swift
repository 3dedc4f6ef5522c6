import Determinism
import EventKernel
import Probability

/// One replication under way: every process of the line as a state machine in raw memory, driven by one event calendar.
///
/// Nothing is allocated for an event, and events are dispatched by an integer. The files `LineRun+….swift` hold its aspects.
struct LineRun: ~Copyable {
  /// What can happen. Priorities say what comes first at one instant: a machine reopens before parts move, and closes after.
  enum Kind {
    static let closureEnd = EventKind(code: 0, priority: 0)
    static let supplyReturns = EventKind(code: 1, priority: 0)
    static let crewReturns = EventKind(code: 2, priority: 0)
    static let beltEnd = EventKind(code: 3, priority: 1)
    static let beltRoom = EventKind(code: 4, priority: 1)
    static let stopEnd = EventKind(code: 5, priority: 1)
    static let calendarStopEnd = EventKind(code: 6, priority: 1)
    static let vehicle = EventKind(code: 7, priority: 1)
    static let completion = EventKind(code: 8, priority: 2)
    static let stop = EventKind(code: 9, priority: 2)
    static let calendarStop = EventKind(code: 10, priority: 2)
    static let dutyIsDue = EventKind(code: 11, priority: 2)
    static let supplyBreaks = EventKind(code: 12, priority: 2)
    static let delivery = EventKind(code: 13, priority: 3)
    static let closureStart = EventKind(code: 14, priority: 4)
    static let crewLeaves = EventKind(code: 15, priority: 4)
  }

  let compiled: CompiledLine
  let seed: UInt64
  let replication: Int
  let recording: Recording
  let eventBudget: Int
  let inverts: Bool
  let isAntithetic: Bool
  /// What the hot path asks for, kept close.
  let sourceSlots: Int
  let hasTransports: Bool
  let keepsRecords: Bool
  let keepsDepartures: Bool
  let ziggurat = Ziggurat.exponential

  var now = 0.0
  var calendar: EventCalendar
  var events = 0
  var tickets: UInt64 = 0
  var tally = Tally()
  /// What only the balance of parts asks for: parts before, made, split and merged.
  var flow = PartBalance()
  /// Parts that have left since the start, and at how many the run ends.
  var left = 0
  var target = Int.max
  var curve: [Int] = []
  var departures: [Double] = []
  var trace: [LineTrace.Entry] = []
  let traces: Bool
  /// The next instant to note; infinite when none is left.
  var nextInstant: Double
  /// What is still to be looked at in this instant.
  var agenda: [Turn] = []
  var agendaHead = 0

  let machines: Slab<Machine>
  let modes: Slab<Mode>
  let extras: Slab<Extras>
  let buffers: Slab<Buffer>
  let feeds: Slab<Feed>
  let dice: Slab<Die>
  let values: Slab<Double>
  /// Machine seconds by machine and account.
  let times: Slab<Double>
  // For the machines that are not plain
  /// Parts still needed of each input of a kit.
  let missing: Slab<Int32>
  let held: Slab<Part>
  let outs: Slab<Out>
  let shelf: Slab<Shelved>
  let needs: Slab<CompiledLine.Need>
  let grants: Slab<Int32>
  let duties: Slab<CompiledLine.Duty>
  let conditions: Slab<Condition>
  let qualities: Slab<Quality>
  let crews: Slab<Crew>
  var requests: [Request] = []
  let cards: Slab<Cards>
  let vehicles: Slab<Vehicle>
  let loads: Slab<Part>
  let ways: Slab<Way>
  let products: Slab<ProductTally>
  let orders: Slab<OrderTally>

  /// Something that may move: a buffer with new parts or new room, a machine that looks for work, a card that has come free.
  enum Turn: BitwiseCopyable { case parts(Int), room(Int), machine(Int), card(Int) }

  var machineCount: Int { machines.count }

  init(
    _ compiled: CompiledLine, seed: UInt64, replication: Int, recording: Recording, eventBudget: Int, sampling: Sampling
  ) {
    let line = compiled.line
    self.compiled = compiled
    (self.seed, self.replication, self.recording, self.eventBudget) = (seed, replication, recording, eventBudget)
    traces = recording.trace
    if case .inverse(let antithetic) = sampling { (inverts, isAntithetic) = (true, antithetic) } else { (inverts, isAntithetic) = (false, false) }
    sourceSlots = compiled.slots.sources
    hasTransports = !line.transports.isEmpty
    keepsRecords = !line.products.isEmpty || !line.cardLoops.isEmpty || line.sources.contains { !$0.orders.isEmpty }
    keepsDepartures = recording.departures
    calendar = EventCalendar(slots: compiled.slots.count)
    nextInstant = recording.instants.first ?? .infinity
    curve.reserveCapacity(recording.instants.count)
    machines = Slab(compiled.machines)
    modes = Slab(compiled.modes)
    extras = Slab(compiled.extras)
    buffers = Slab(line.buffers.indices.map { Buffer(line.buffers[$0], takers: compiled.takers[$0], givers: compiled.givers[$0], compiled) })
    feeds = Slab(line.sources.indices.map { Feed(line.sources[$0], compiled, $0) })
    dice = compiled.makeDice(seed: seed, replication: replication)
    conditions = compiled.makeConditions(seed: seed, replication: replication)
    values = Slab(compiled.values)
    times = Slab(count: compiled.machines.count * Machine.Account.count, repeating: 0)
    missing = Slab(compiled.inputs.map { Int32($0.count) })
    held = Slab(count: compiled.heldRoom, repeating: Part())
    outs = Slab(count: compiled.outRoom, repeating: Out())
    shelf = Slab(count: compiled.shelfRoom, repeating: Shelved())
    needs = Slab(compiled.needs)
    grants = Slab(count: compiled.grantRoom, repeating: -1)
    duties = Slab(compiled.duties)
    qualities = Slab(line.stations.map(Quality.init))
    crews = Slab(line.crews.map { Crew(free: Int32($0.count)) })
    cards = Slab(line.cardLoops.map { Cards(free: Int32($0.cards)) })
    ways = Slab(line.transports.map { _ in Way() })
    var loadRoom = 0
    var vehicles: [Vehicle] = []
    for (f, fleet) in line.fleets.enumerated() {
      let most = line.transports.lazy.filter { $0.fleet == f }.map(\.load).max() ?? 0
      for _ in 0..<fleet.vehicles {
        vehicles.append(Vehicle(fleet: Int32(f), firstLoad: Int32(loadRoom)))
        loadRoom += most
      }
    }
    self.vehicles = Slab(vehicles)
    loads = Slab(count: loadRoom, repeating: Part())
    products = Slab(count: max(line.products.count, 1), repeating: ProductTally())
    orders = Slab(line.sources.flatMap { $0.orders.map { OrderTally(left: $0.quantity) } })
  }

  deinit { for b in 0..<buffers.count { buffers[b].free() } }

  // MARK: - The loop

  /// Lets everything happen that lies at or before `end`, or until the parts that are waited for have left.
  mutating func advance(to end: Double) throws(SimulationError) {
    while true {
      let event = calendar.next
      if event.time > end || left >= target { return }
      now = event.time
      handle(event)
      if agendaHead < agenda.count { settle() }
      // Whatever has not been scheduled anew is over.
      if calendar[event.slot].key == event.key { calendar.cancel(event.slot) }
      events &+= 1
      if events > eventBudget { throw .tooManyEvents(budget: eventBudget, at: now) }
    }
  }

  @inline(__always)
  private mutating func handle(_ event: Event) {
    let slot = event.slot
    switch event.code {
    case Kind.completion.code: complete(slot)
    case Kind.stop.code: stop(slot)
    case Kind.stopEnd.code: endStop(slot)
    case Kind.delivery.code: arrive(slot &- sourceSlots)
    default: handleRare(event)
    }
  }

  @inline(never)
  private mutating func handleRare(_ event: Event) {
    let slots = compiled.slots
    let slot = event.slot
    switch event.code {
    case Kind.closureStart.code: close(slot - slots.closures)
    case Kind.closureEnd.code: reopen(slot - slots.closures)
    case Kind.beltEnd.code: reachEnd(of: (slot - slots.belts) / 2)
    case Kind.beltRoom.code: agenda.append(.room((slot - slots.belts) / 2))
    case Kind.calendarStop.code: goDown(slot)
    case Kind.calendarStopEnd.code: comeUp(slot)
    case Kind.dutyIsDue.code: dutyFallsDue(slot)
    case Kind.vehicle.code: vehicleArrives(slot - slots.vehicles)
    case Kind.supplyBreaks.code: breakSupply(slot - slots.interruptions)
    case Kind.supplyReturns.code: returnSupply(slot - slots.interruptions)
    case Kind.crewLeaves.code: leaveCrew(slot - slots.shifts)
    default: returnCrew(slot - slots.shifts)
    }
  }

  /// Lets everything move that can, in the order in which it became possible.
  @inline(never)
  mutating func settle() {
    while agendaHead < agenda.count {
      let turn = agenda[agendaHead]
      agendaHead += 1
      switch turn {
      case .parts(let b): serveTakers(b)
      case .room(let b): serveGivers(b)
      case .machine(let i): if machines[i].phase == .idle { seek(i) }
      case .card(let l): serveCardSeekers(l)
      }
    }
    agenda.removeAll(keepingCapacity: true)
    agendaHead = 0
  }
}
