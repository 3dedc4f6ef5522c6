import Determinism
import PlantModel
import Probability
import Quantities
import Telemetry

typealias Duration = Quantities.Duration

/// A small line that knows nothing of the twin: stations in series, stepped every half second, telling PackML states and counts.
///
/// Each purpose has its own luck, so that two lines of one seed differ only by what was changed.
struct TestLine {
  struct Machine {
    var cycle = 5.0
    var cycleCV = 0.1
    var mtbf = 5400.0
    var mttr = 180.0
    var micro = 600.0
    var microLength = 20.0
    var scrap = 0.02
    /// Added share per squared unit of distance of the variable from its optimum.
    var curvature = 0.0
    var optimum = 50.0
    /// Added share at so far above the optimum or more, all at once: what no quadratic can say.
    var cliff = (share: 0.0, above: 0.0)
    var speed = 12.0
    var variable = 50.0

    var state = 6
    var left = 0.0
    var working = false
    var blocked = false
    var stop = 0.0
    var untilFailure = 0.0
    var untilMicro = 0.0
    var processed = 0
    var rejected = 0
    var idleFor = 0.0
  }
  var machines: [Machine]
  var buffers: [Int]
  let capacity = 20
  var good = 0
  /// Everything told, in order of time.
  var samples: [(tag: String, sample: Sample)] = []
  private var streams: [[RandomStream]]
  private(set) var now = 0.0
  let start: Instant
  private let names: [String]

  init(seed: Int, stations: Int = 3, start: Instant = Instant(seconds: 1_800_000_000)) {
    self.start = start
    names = (0..<stations).map { "M\($0 + 1)" }
    machines = Array(repeating: Machine(), count: stations)
    buffers = Array(repeating: 0, count: stations)
    streams = names.map { name in
      ["cycle", "fail", "repair", "micro", "hold", "scrap", "sensor"].map { RandomStream(seed: UInt64(seed), "test line", name, $0) }
    }
    for m in machines.indices {
      machines[m].untilFailure = streams[m][1].exponential()
      machines[m].untilMicro = streams[m][3].exponential()
    }
  }

  /// The design knows the layout and is wrong about most figures by a fifth or more.
  var plant: Plant {
    var tags: [Tag] = []
    let stations = names.enumerated().map { i, name in
      let path = { (metric: String) in "\(name)/\(metric)" }
      for metric in ["StateCurrent", "ProdProcessedCount", "ProdDefectiveCount", "MachSpeed", "Temp", "TempSet"] {
        tags.append(Tag(path: path(metric), kind: .number, unit: "1", low: nil, high: nil, staleAfter: .minutes(3)))
      }
      return Station(
        name: name, inputs: [Intake(buffer: "B\(i)", count: 1)], output: i == machines.count - 1 ? .sink : .buffer("B\(i + 1)"),
        cycle: .gamma(mean: 5.4, cv: 0.15),
        speed: SpeedSpec(rated: 12, setpoint: .init(tag: path("MachSpeed"), unit: "1/min", design: 12, low: 8, high: 16)),
        failure: FailureSpec(timeToFailure: .exponential(mean: 7200), repair: .lognormal(mean: 240, cv: 0.8)),
        microstop: MicrostopSpec(interval: .exponential(mean: 720), length: .lognormal(mean: 25, cv: 0.8)), changeover: nil, scrap: 0.015,
        inspection: nil,
        processVariables: [
          ProcessVariableSpec(
            name: "Temp", unit: "Cel", tag: path("Temp"), setpoint: .init(tag: path("TempSet"), unit: "Cel", design: 50, low: 30, high: 70),
            defectsSeenAt: [name])
        ],
        otherSetpoints: [],
        tags: StationTags(
          state: path("StateCurrent"), processed: path("ProdProcessedCount"), defective: path("ProdDefectiveCount"), speed: nil))
    }
    return Plant(
      name: "test-line", path: "test/line", stations: stations,
      buffers: machines.indices.map {
        Buffer(name: "B\($0)", capacity: $0 == 0 ? 500 : capacity, transit: .zero, levelTag: $0 == 1 ? "Buffer/B1" : nil)
      },
      sources: [Source(name: "Raw", into: "B0", lot: 50, interval: .gamma(mean: 100, cv: 0.2))], tags: tags,
      prices: Prices(currency: "EUR", good: 1, scrap: 0.5, escape: 2), idealCycle: nil)
  }

  private mutating func tell(_ tag: String, _ value: Double) {
    let t = start + Duration(seconds: now)
    samples.append((tag, Sample(instant: t, arrival: t, value: .number(value), quality: .good)))
  }

  private mutating func enter(_ m: Int, _ state: Int) {
    guard machines[m].state != state else { return }
    machines[m].state = state
    tell("\(names[m])/StateCurrent", Double(state))
  }

  /// Runs until `hours` after the start.
  mutating func run(toHours hours: Double) {
    let dt = 0.5
    while now < hours * 3600 {
      if Int(now * 2) % 120 == 0 { heartbeat() }
      if Int(now * 2) % 20 == 0 { readings() }
      buffers[0] = 400
      now += dt
      for m in machines.indices.reversed() { step(m, dt) }
    }
  }

  private mutating func heartbeat() {
    for (m, name) in names.enumerated() {
      tell("\(name)/StateCurrent", Double(machines[m].state))
      tell("\(name)/ProdProcessedCount", Double(machines[m].processed))
      tell("\(name)/ProdDefectiveCount", Double(machines[m].rejected))
      tell("\(name)/MachSpeed", machines[m].speed)
      tell("\(name)/TempSet", machines[m].variable)
    }
  }

  private mutating func readings() {
    for (m, name) in names.enumerated() { tell("\(name)/Temp", machines[m].variable + 0.3 * streams[m][6].normal()) }
    if machines.count > 1 { tell("Buffer/B1", Double(buffers[1])) }
  }

  private mutating func step(_ m: Int, _ dt: Double) {
    if machines[m].stop > 0 {
      machines[m].stop -= dt
      if machines[m].stop <= 0 { enter(m, 6) }
      return
    }
    if machines[m].blocked { release(m) }
    if !machines[m].working && !machines[m].blocked && buffers[m] > 0 { begin(m, carry: 0) }
    guard machines[m].working else {
      machines[m].idleFor += dt
      if machines[m].idleFor > 3 { enter(m, 5) }
      return
    }
    machines[m].idleFor = 0
    enter(m, 6)
    let ratio = machines[m].speed / 12
    machines[m].left -= dt
    machines[m].untilFailure -= dt / machines[m].mtbf
    machines[m].untilMicro -= dt * ratio * ratio / machines[m].micro
    if machines[m].untilFailure <= 0 {
      machines[m].untilFailure = streams[m][1].exponential()
      machines[m].stop = machines[m].mttr * Law.lognormal(mean: 1, cv: 0.7).sample(&streams[m][2])
      enter(m, 8)
      enter(m, 9)
    } else if machines[m].untilMicro <= 0 {
      machines[m].untilMicro = streams[m][3].exponential()
      machines[m].stop = machines[m].microLength * Law.lognormal(mean: 1, cv: 0.7).sample(&streams[m][4])
      enter(m, 11)
    } else if machines[m].left <= 0 {
      finish(m)
    }
  }

  private mutating func begin(_ m: Int, carry: Double) {
    buffers[m] -= 1
    machines[m].working = true
    let ratio = machines[m].speed / 12
    machines[m].left = machines[m].cycle / ratio * Law.gamma(mean: 1, cv: machines[m].cycleCV).sample(&streams[m][0]) + carry
  }

  private mutating func finish(_ m: Int) {
    let name = names[m]
    machines[m].working = false
    machines[m].processed += 1
    tell("\(name)/ProdProcessedCount", Double(machines[m].processed))
    let distance = machines[m].variable - machines[m].optimum
    let cliff = machines[m].cliff.share > 0 && distance > machines[m].cliff.above ? machines[m].cliff.share : 0
    if streams[m][5].chance(machines[m].scrap + machines[m].curvature * distance * distance + cliff) {
      machines[m].rejected += 1
      tell("\(name)/ProdDefectiveCount", Double(machines[m].rejected))
    } else {
      machines[m].blocked = true
      release(m)
    }
    // What was worked too long in this step belongs to the next part.
    if !machines[m].blocked && buffers[m] > 0 { begin(m, carry: machines[m].left) }
  }

  private mutating func release(_ m: Int) {
    if m == machines.count - 1 {
      good += 1
      machines[m].blocked = false
    } else if buffers[m + 1] < capacity {
      buffers[m + 1] += 1
      machines[m].blocked = false
    }
  }
}
