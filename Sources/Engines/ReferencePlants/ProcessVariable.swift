#if canImport(Glibc)
  import Glibc
#endif

/// A value that a machine lets the outside move.
struct Setpoint: Sendable {
  var value: Double
  let low: Double
  let high: Double

  init(_ value: Double, _ low: Double, _ high: Double) {
    precondition(low <= value && value <= high, "a set-point stands outside its machine's limits")
    (self.value, self.low, self.high) = (value, low, high)
  }

  func clamped(_ x: Double) -> Double { min(max(x, low), high) }
}

/// The physics of one process variable: dead time, first order, and an Ornstein-Uhlenbeck disturbance, stepped every scan.
struct ProcessVariable: Sendable {
  var truth: VariableTruth
  var setpoint: Setpoint
  private(set) var value: Double
  private var stream: Xoshiro256
  /// Set-points on their way through the dead time.
  private var queue: [(due: Double, value: Double)] = []
  private var effective: Double
  private var level: Double
  private var disturbance = 0.0

  init(_ truth: VariableTruth, setpoint: Double, stream: Xoshiro256) {
    self.truth = truth
    self.stream = stream
    self.setpoint = Setpoint(setpoint, truth.low, truth.high)
    effective = setpoint
    level = truth.reference + truth.gain * (setpoint - truth.reference)
    value = level
  }

  mutating func command(_ x: Double, at now: Double) {
    setpoint.value = x
    queue.append((now + truth.deadSeconds, x))
  }

  /// Goes on by `dt` seconds to `now`. The exact solution for a set-point that is constant over the step.
  mutating func step(to now: Double, dt: Double) {
    while let first = queue.first, first.due <= now {
      effective = first.value
      queue.removeFirst()
    }
    let target = truth.reference + truth.gain * (effective - truth.reference)
    level += (target - level) * (1 - exp(-dt / truth.lagSeconds))
    let keep = exp(-dt / truth.noiseSeconds)
    disturbance = disturbance * keep + truth.noise * (1 - keep * keep).squareRoot() * stream.normal()
    value = level + disturbance
  }

  /// The value of fewest defects at this speed.
  func optimum(ratio: Double) -> Double { truth.effect.optimum + truth.effect.speedShift * (ratio - 1) }

  /// Share of parts that it spoils just now.
  func spoilt(ratio: Double) -> Double {
    let distance = (value - optimum(ratio: ratio)) / truth.effect.width
    return truth.effect.coefficient * distance * distance
  }
}
