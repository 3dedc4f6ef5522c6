import LineModel
import PlantModel
import Probability
import Quantities
import Telemetry

/// Everything that telemetry has told, folded in order of time: present, minutes, stops.
///
/// Readings come in by `fold` with instants that never go back; `run(to:)` lets time pass without one. Memory is bounded by `capacity` minutes.
struct LineRecord: Sendable {
  struct Reading: Sendable {
    var instant: Instant
    var role: TagRoles.Role
    var value: SampleValue
    var quality: Quality
  }

  let plant: Plant
  let roles: TagRoles
  let capacity: Int
  /// Stations whose parts leave the line.
  let sinks: [Int]
  /// For each station, (buffer, parts taken) and the buffer it feeds.
  let inputs: [[(buffer: Int, count: Int)]]
  let outputs: [Int?]
  /// For each source, the buffer that it fills; for each buffer, the sources that fill it.
  let sourceBuffers: [Int]
  let suppliers: [[Int]]
  /// For each buffer, the stations whose parts are those that they take from it: they take from it first.
  let takers: [[Int]]
  /// Where rejected parts go to be reworked.
  let reworks: [Int?]

  var clock: Instant?
  var stations: [StationTracker]
  var levels: [LevelTracker]
  var values: [Double]
  var valueInstants: [Instant?]
  private var valueAccrued: [Instant?]
  private var valueSums: [Double]
  private var valueSeconds: [Double]
  var setpoints: [Double]
  var products: [String] = []
  var product: String?
  var order: String?
  /// By source: how far the present product's run has come, and when its lots came.
  var runs: [RunProgress]
  var lots: [LotTracker]
  var openMinute: LineMinute
  var minutes: [LineMinute] = []
  /// By station, oldest first.
  var stops: [[Stop]]
  /// By station: what is timed of one that tells no state.
  var unseen: [UnseenTracker?]
  /// From when on their completions count again.
  var unseenFrom: Instant?

  /// The most parts that the twin counts in a buffer: an unlimited one has no capacity to hold its level against.
  static let mostParts = 1_000_000

  init(_ plant: Plant, _ roles: TagRoles, capacity: Int) {
    (self.plant, self.roles, self.capacity) = (plant, roles, capacity)
    let index = Dictionary(uniqueKeysWithValues: plant.buffers.enumerated().map { ($1.name, $0) })
    sinks = plant.stations.indices.filter { plant.stations[$0].output == .sink }
    inputs = plant.stations.map { $0.inputs.map { (buffer: index[$0.buffer]!, count: $0.count) } }
    outputs = plant.stations.map { if case .buffer(let name) = $0.output { index[name] } else { nil } }
    let filled = plant.sources.map { index[$0.into]! }
    sourceBuffers = filled
    suppliers = plant.buffers.indices.map { b in filled.indices.filter { filled[$0] == b } }
    takers = plant.buffers.map { buffer in plant.stations.indices.filter { plant.stations[$0].inputs.first?.buffer == buffer.name } }
    reworks = plant.stations.map { $0.rework.flatMap { index[$0.into] } }
    runs = plant.sources.map { _ in RunProgress() }
    lots = plant.sources.map { LotTracker(lot: $0.lot) }
    stations = plant.stations.map { _ in StationTracker() }
    levels = plant.buffers.map { buffer in
      LevelTracker(
        capacity: min(buffer.capacity, LineRecord.mostParts), measured: buffer.levelTag != nil,
        supplied: plant.sources.contains { $0.into == buffer.name })
    }
    let variables = roles.variables.count
    values = Array(repeating: .nan, count: variables)
    valueInstants = Array(repeating: nil, count: variables)
    valueAccrued = Array(repeating: nil, count: variables)
    valueSums = Array(repeating: 0, count: variables)
    valueSeconds = Array(repeating: 0, count: variables)
    setpoints = roles.setpoints.map(\.design)
    stops = plant.stations.map { _ in [] }
    unseen = Self.unseenTrackers(plant)
    openMinute = LineMinute(minute: 0, stations: [], values: [], setpoints: [], levels: [], activities: [], supplied: [])
    for s in stations.indices { stations[s].ratio = ratio(of: s) }
  }

  func ratio(of station: Int) -> Double {
    guard let speed = plant.stations[station].speed, let i = roles.speedSetpoint[station], speed.rated > 0 else { return 1 }
    return setpoints[i] / speed.rated
  }

  // MARK: - Time

  /// Lets time pass until `t`.
  mutating func run(to t: Instant) {
    guard let now = clock else {
      clock = t
      open(Int64((t.seconds / 60).rounded(.down)))
      for s in stations.indices { stations[s].accrued = t }
      for v in values.indices { valueAccrued[v] = t }
      return
    }
    guard t > now else { return }
    if (t - now).seconds > Double(capacity) * 60 {
      // Silent for longer than the record reaches: nothing old is worth keeping.
      minutes.removeAll()
      open(Int64((t.seconds / 60).rounded(.down)))
      for s in stations.indices { stations[s].accrued = t }
      for v in values.indices { valueAccrued[v] = t }
    }
    while Instant(seconds: Double(openMinute.minute + 1) * 60) <= t { close() }
    clock = t
  }

  private mutating func open(_ minute: Int64) {
    openMinute = LineMinute(
      minute: minute, stations: Array(repeating: .init(), count: stations.count), values: Array(repeating: .nan, count: values.count),
      setpoints: setpoints, levels: levels.map(\.level), activities: stations.map(\.activity),
      supplied: Array(repeating: 0, count: levels.count))
    for v in values.indices { (valueSums[v], valueSeconds[v]) = (0, 0) }
  }

  private mutating func close() {
    let end = Instant(seconds: Double(openMinute.minute + 1) * 60)
    for s in stations.indices {
      accrue(s, to: end)
      openMinute.stations[s].ratio = stations[s].ratio
      openMinute.stations[s].product = stations[s].product
    }
    for v in values.indices {
      accrue(variable: v, to: end)
      openMinute.values[v] = valueSeconds[v] > 0 ? valueSums[v] / valueSeconds[v] : .nan
    }
    openMinute.setpoints = setpoints
    minutes.append(openMinute)
    if minutes.count > capacity + 60 {
      minutes.removeFirst(minutes.count - capacity)
      let oldest = Instant(seconds: Double(minutes[0].minute) * 60)
      for s in stops.indices { stops[s].removeAll { ($0.end ?? end) < oldest } }
    }
    open(openMinute.minute + 1)
  }

  mutating func accrue(_ s: Int, to t: Instant) {
    let from = stations[s].accrued ?? t
    if t > from { openMinute.stations[s].seconds[stations[s].activity] += (t - from).seconds }
    stations[s].accrued = t
  }

  private mutating func accrue(variable v: Int, to t: Instant) {
    let from = valueAccrued[v] ?? t
    if t > from, values[v].isFinite {
      valueSums[v] += values[v] * (t - from).seconds
      valueSeconds[v] += (t - from).seconds
    }
    valueAccrued[v] = t
  }

  // MARK: - Readings

  /// Takes one reading in. Its instant is not before any taken in earlier.
  mutating func fold(_ reading: Reading) {
    run(to: reading.instant)
    let good = reading.quality == .good
    switch reading.role {
    case .state(let s): fold(state: good ? reading.value.number.flatMap(MachineState.init) : nil, of: s, at: reading.instant)
    case .processed(let s): if good, let x = reading.value.number { fold(processed: x, of: s, at: reading.instant) }
    case .defective(let s): if good, let x = reading.value.number { fold(rejected: x, of: s, at: reading.instant) }
    case .speed(let s): if good, let x = reading.value.number { fold(speed: x, of: s) }
    case .toolCount(let s):
      guard good, let x = reading.value.number, x.isFinite, x >= 0 else { break }
      // A count that starts again is a new tool, and what went on meanwhile no completion.
      if let before = stations[s].toolParts, x < before - 2 { unseen[s]?.spoil() }
      stations[s].toolParts = x
    case .variable(let v):
      accrue(variable: v, to: reading.instant)
      if good, let x = reading.value.number, x.isFinite {
        values[v] = x
        valueInstants[v] = reading.instant
      } else {
        values[v] = .nan
      }
    case .setpoint(let i):
      if good, let x = reading.value.number, x.isFinite {
        setpoints[i] = x
        for s in stations.indices where roles.speedSetpoint[s] == i {
          let ratio = ratio(of: s)
          if ratio != stations[s].ratio {
            (stations[s].ratio, stations[s].unbroken) = (ratio, false)
            unseen[s]?.spoil()
          }
        }
      }
    case .level(let b):
      if good, let x = reading.value.number {
        let (before, known) = (levels[b].parts + levels[b].cut, levels[b].known)
        let surplus = levels[b].read(x)
        if levels[b].supplied { fold(supply: surplus, into: b, at: reading.instant) }
        if known { derive(levels[b].parts - before, of: b, at: reading.instant) }
      }
    case .product: if good, case .text(let name) = reading.value { fold(product: name, at: reading.instant) }
    case .order: if good, case .text(let name) = reading.value { order = name }
    }
  }

  private mutating func fold(processed x: Double, of s: Int, at t: Instant) {
    let fastest = 60 / max(plant.stations[s].cycle.mean / max(stations[s].ratio, 0.1), 1e-3)
    let elapsed = stations[s].lastPart.map { (t - $0).seconds } ?? .infinity
    let parts = stations[s].processed.read(x, atMost: 50 + 3 * fastest * elapsed / 60)
    guard parts > 0 else { return }
    openMinute.stations[s].processed += parts
    let ratio = stations[s].ratio
    if stations[s].unbroken, elapsed.isFinite {
      let work = elapsed * ratio / Double(parts)
      // A gap of many cycles is a machine that waits without saying so.
      if work < 4 * plant.stations[s].cycle.mean {
        openMinute.stations[s].cycleParts += parts
        openMinute.stations[s].cycleSum += work * Double(parts)
        if parts == 1 {
          openMinute.stations[s].singles += 1
          openMinute.stations[s].singleSum += work
          openMinute.stations[s].singleSquares += work * work
        }
      }
    }
    if stations[s].activity == .running, elapsed.isFinite {
      let work = min(elapsed, Double(parts) * 4 * plant.stations[s].cycle.mean / max(ratio, 0.1))
      stations[s].sinceFailure += work
      stations[s].sinceMicrostop += work
    }
    stations[s].lastPart = t
    stations[s].toolParts = stations[s].toolParts.map { $0 + Double(parts) }
    for input in inputs[s] {
      levels[input.buffer].add(-parts * input.count)
      for k in suppliers[input.buffer] { runs[k].taken += parts * input.count }
    }
    if let output = outputs[s] { levels[output].add(parts) }
    passProducts(parts, of: s)
    stations[s].unbroken = stations[s].activity == .running && isFed(s) && hasRoom(s)
    if unseen[s] != nil { time(parts, of: s, at: t) }
  }

  private mutating func fold(supply parts: Int, into b: Int, at t: Instant) {
    openMinute.supplied[b] += parts
    for k in suppliers[b] { lots[k].observe(parts, at: t) }
  }

  private mutating func fold(rejected x: Double, of s: Int, at t: Instant) {
    let parts = stations[s].rejected.read(x, atMost: 1e5)
    openMinute.stations[s].rejected += parts
    if let output = outputs[s] { levels[output].add(-parts) }
    if let rework = reworks[s] { levels[rework].add(parts) }
  }

  private mutating func fold(speed x: Double, of s: Int) {
    guard x > 0, x.isFinite, stations[s].activity == .running else { return }
    openMinute.stations[s].speedReadings += 1
    openMinute.stations[s].speedSum += 60 * stations[s].ratio / x
  }

  /// Enough parts have arrived before the station: more than those still travelling.
  func isFed(_ s: Int) -> Bool {
    inputs[s].allSatisfy { input in
      let travelling = plant.buffers[input.buffer].transit.seconds / max(plant.stations[s].cycle.mean / max(stations[s].ratio, 0.1), 1e-3)
      return Double(levels[input.buffer].level) > travelling + Double(2 * input.count)
    }
  }

  func hasRoom(_ s: Int) -> Bool { outputs[s].map { levels[$0].level < levels[$0].capacity - 2 } ?? true }
}
