import Determinism
import OutputAnalysis

/// Waits of the customers of an M/M/1 queue with service rate 1, by Lindley's recursion: w ← max(0, w + service − interarrival).
struct Queue {
  var stream: RandomStream
  let interarrival: Double
  private(set) var wait: Double

  /// Starts empty, or in the steady state: no wait with probability 1 − rho, else Exponential(1 − rho).
  init(rho: Double, seed: UInt64, settled: Bool = false) {
    stream = RandomStream(seed: seed, "queue")
    interarrival = 1 / rho
    wait = 0
    if settled && stream.chance(rho) { wait = stream.exponential() / (1 - rho) }
  }

  static func meanWait(rho: Double) -> Double { rho / (1 - rho) }
  /// P(wait ≤ x) = 1 − rho·exp(−(1 − rho)x).
  static func waitBelow(_ x: Double, rho: Double) -> Double { 1 - rho * Portable.exp(-(1 - rho) * x) }

  mutating func next() -> Double {
    defer { wait = max(0, wait + stream.exponential() - interarrival * stream.exponential()) }
    return wait
  }

  mutating func run(_ count: Int) -> [Double] {
    var waits: [Double] = []
    waits.reserveCapacity(count)
    for _ in 0..<count { waits.append(next()) }
    return waits
  }
}

/// Ten machines with buffers of ten, exponential work of mean 1, failures while working (after Exp(100) of work, Exp(10) long), blocking after
/// service, work always there: the max-plus recursion, part by part. Starts empty.
struct TenMachineLine {
  static let machines = 10
  static let places = 11
  /// Mean time between departures: 1,300 million parts of another program with another generator; standard error 0.00007.
  static let meanCycle = 1.56062
  var stream: RandomStream
  /// When each of the last `places` parts left each machine: machine by machine, a ring.
  private var left: [Double]
  private var untilFailure: [Double]
  private var slot = 0
  private var last = 0.0

  init(seed: UInt64) {
    stream = RandomStream(seed: seed, "line")
    left = Array(repeating: 0, count: Self.machines * Self.places)
    untilFailure = []
    for _ in 0..<Self.machines { untilFailure.append(100 * stream.exponential()) }
  }

  /// The time from the last departure to the next one.
  mutating func next() -> Double {
    let before = slot == 0 ? Self.places - 1 : slot - 1
    var arrived = 0.0
    for machine in 0..<Self.machines {
      let work = stream.exponential()
      var busy = work
      while untilFailure[machine] < work {
        busy += 10 * stream.exponential()
        untilFailure[machine] += 100 * stream.exponential()
      }
      untilFailure[machine] -= work
      let row = machine * Self.places
      arrived = max(arrived, left[row + before]) + busy
      if machine + 1 < Self.machines { arrived = max(arrived, left[row + Self.places + slot]) }
      left[row + slot] = arrived
    }
    slot = slot + 1 == Self.places ? 0 : slot + 1
    defer { last = arrived }
    return arrived - last
  }

  mutating func run(_ count: Int) -> [Double] {
    var times: [Double] = []
    times.reserveCapacity(count)
    for _ in 0..<count { times.append(next()) }
    return times
  }
}

/// How many of so many intervals held the truth, and how wide they were.
struct Coverage {
  private(set) var trials = 0
  private(set) var hits = 0
  private(set) var arms = RunningMoments()
  private(set) var sizes = RunningMoments()

  mutating func add(_ interval: ConfidenceInterval, truth: Double, size: Int = 0) {
    trials += 1
    if interval.contains(truth) { hits += 1 }
    arms.add((interval.high - interval.low) / 2 / truth)
    sizes.add(Double(size))
  }
  var share: Double { Double(hits) / Double(trials) }

  /// Whether the share lies in [nominal − below, nominal + above], give or take three standard errors of a share over so many trials.
  func holds(_ nominal: Double, below: Double, above: Double) -> Bool {
    let slack = 3 * (nominal * (1 - nominal) / Double(trials)).squareRoot()
    return share >= nominal - below - slack && share <= nominal + above + slack
  }
}
