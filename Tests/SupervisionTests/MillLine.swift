import Determinism
import Probability
import Quantities
import Telemetry

/// Two like mills that take from one store and give into one buffer before a packer, stepped every half second; it knows nothing of the twin.
///
/// A mill's part takes 60/v s at speed v parts a minute, with a little luck. It stops for a moment and breaks down by its own luck. Of its parts a share is
/// rejected at once, which the design believes to be the same at every speed; what it really is at which speed says `rejects`.
struct MillLine {
  static let mills = ["MillA", "MillB"]
  static let names = mills + ["Pack"]

  struct Machine {
    var cv = 0.1
    var speed = 12.0
    var state = 6
    var left: Double?
    var holdsPart = false
    var stop = 0.0
    var untilFailure = 0.0
    var untilMicro = 0.0
    var processed = 0
    var rejected = 0
    var idleFor = 0.0
  }

  let start = Instant(seconds: 1_800_000_000)
  /// Share of a mill's parts that is rejected, by its speed.
  var rejects: @Sendable (Double) -> Double = { _ in 0.02 }
  private(set) var machines: [Machine]
  /// Before each machine; both mills take from the first, which is never empty.
  private var belt = 0
  private var seconds = 0.0
  private var told: [SampleBlock] = []
  /// Each machine and purpose has its own luck: runs of one seed differ only by what was changed.
  private var luck: [[RandomStream]]

  init(seed: UInt64) {
    luck = Self.names.map { name in ["cycle", "fail", "repair", "micro", "hold", "scrap"].map { RandomStream(seed: seed, "mill line", name, $0) } }
    machines = Array(repeating: Machine(), count: 3)
    machines[2].speed = 30
    for m in machines.indices {
      machines[m].untilFailure = 10_800 * luck[m][1].exponential()
      machines[m].untilMicro = 900 * luck[m][3].exponential()
    }
  }

  var now: Instant { start + Duration(seconds: seconds) }

  func speed(of tag: String) -> Double? { Self.mills.firstIndex { tag == "\($0)/MachSpeed" }.map { machines[$0].speed } }

  /// A mill takes what it is told, from its next part on, and says so at once.
  mutating func write(_ value: Double, to tag: String) {
    guard let m = Self.mills.firstIndex(where: { tag == "\($0)/MachSpeed" }) else { return }
    machines[m].speed = value
    tell(tag, value)
  }

  /// What was told since the last call, oldest first.
  mutating func takeSamples() -> [SampleBlock] {
    defer { told = [] }
    return told
  }

  mutating func run(for span: Duration) {
    let end = seconds + span.seconds
    while seconds < end {
      if Int(seconds * 2) % 120 == 0 { heartbeat() }
      seconds += 0.5
      for m in machines.indices.reversed() { step(m, 0.5) }
    }
  }

  private mutating func tell(_ tag: String, _ value: Double) {
    told.append(SampleBlock(tag: tag, Sample(instant: now, arrival: now, value: .number(value), quality: .good)))
  }

  private mutating func heartbeat() {
    for (m, name) in Self.names.enumerated() {
      tell("\(name)/StateCurrent", Double(machines[m].state))
      tell("\(name)/ProdProcessedCount", Double(machines[m].processed))
      tell("\(name)/ProdDefectiveCount", Double(machines[m].rejected))
      tell("\(name)/MachSpeed", machines[m].speed)
    }
    tell("Buffer/Belt", Double(belt))
  }

  private mutating func enter(_ m: Int, _ state: Int) {
    guard machines[m].state != state else { return }
    machines[m].state = state
    tell("\(Self.names[m])/StateCurrent", Double(state))
  }

  private mutating func step(_ m: Int, _ dt: Double) {
    if machines[m].stop > 0 {
      machines[m].stop -= dt
      if machines[m].stop <= 0 { enter(m, 6) }
      return
    }
    if machines[m].holdsPart { release(m) }
    if machines[m].left == nil, !machines[m].holdsPart { begin(m, carry: 0) }
    guard var left = machines[m].left else {
      machines[m].idleFor += dt
      if machines[m].idleFor > 3 { enter(m, 5) }
      return
    }
    machines[m].idleFor = 0
    enter(m, 6)
    left -= dt
    machines[m].left = left
    machines[m].untilFailure -= dt
    machines[m].untilMicro -= dt
    if machines[m].untilFailure <= 0 {
      machines[m].untilFailure = 10_800 * luck[m][1].exponential()
      machines[m].stop = Law.lognormal(mean: 150, cv: 0.6).sample(&luck[m][2])
      enter(m, 8)
      enter(m, 9)
    } else if machines[m].untilMicro <= 0 {
      machines[m].untilMicro = 900 * luck[m][3].exponential()
      machines[m].stop = Law.lognormal(mean: 15, cv: 0.6).sample(&luck[m][4])
      enter(m, 11)
    } else if left <= 0 {
      finish(m, carry: left)
    }
  }

  private mutating func begin(_ m: Int, carry: Double) {
    if m == 2 {
      guard belt > 0 else { return }
      belt -= 1
    }
    machines[m].left = 60 / machines[m].speed * Law.gamma(mean: 1, cv: machines[m].cv).sample(&luck[m][0]) + carry
  }

  private mutating func finish(_ m: Int, carry: Double) {
    machines[m].left = nil
    machines[m].processed += 1
    tell("\(Self.names[m])/ProdProcessedCount", Double(machines[m].processed))
    if luck[m][5].chance(m == 2 ? 0.01 : rejects(machines[m].speed)) {
      machines[m].rejected += 1
      tell("\(Self.names[m])/ProdDefectiveCount", Double(machines[m].rejected))
    } else {
      machines[m].holdsPart = true
      release(m)
    }
    if !machines[m].holdsPart { begin(m, carry: carry) }
  }

  private mutating func release(_ m: Int) {
    if m == 2 {
      machines[m].holdsPart = false
    } else if belt < 30 {
      belt += 1
      machines[m].holdsPart = false
    }
  }
}
