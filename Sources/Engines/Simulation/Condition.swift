import Determinism

/// A process condition at work: x = m + n, where m approaches its target exponentially and n is an Ornstein-Uhlenbeck process, both exact from
/// one instant at which they are looked at to the next.
struct Condition: BitwiseCopyable, Sendable {
  let setpoint: Double
  let timeConstant: Double
  let standing: Double
  let standingTimeConstant: Double
  let deviation: Double
  let noiseTime: Double
  let optimum: Double
  let curvature: Double
  let die: Int32
  private var mean: Double
  private var noise = 0.0
  private var instant = 0.0
  private var works = false
  /// When the noise was last drawn; −1: never.
  private var drawnAt = -1.0

  init(_ spec: ConditionSpec, die: Int32) {
    (setpoint, timeConstant) = (spec.setpoint, spec.timeConstant)
    (standing, standingTimeConstant) = (spec.standing ?? spec.setpoint, spec.standingTimeConstant)
    (deviation, noiseTime, optimum, curvature, self.die) = (spec.noise, spec.noiseTime, spec.optimum, spec.curvature, die)
    mean = spec.setpoint
  }

  /// Moves the mean to `now`, and begins to follow another target where the station begins or ceases to work.
  mutating func turn(works: Bool, at now: Double) {
    advance(to: now)
    self.works = works
  }

  private mutating func advance(to now: Double) {
    let (target, tau) = works ? (setpoint, timeConstant) : (standing, standingTimeConstant)
    mean = tau > 0 ? target + (mean - target) * Portable.exp(-(now - instant) / tau) : target
    instant = now
  }

  /// Where the condition stands; draws once from the stream where it has noise.
  mutating func value(at now: Double, _ stream: inout RandomStream) -> Double {
    advance(to: now)
    guard deviation > 0 else { return mean }
    let keep = drawnAt < 0 || noiseTime <= 0 ? 0 : Portable.exp(-(now - drawnAt) / noiseTime)
    noise = noise * keep + deviation * (1 - keep * keep).squareRoot() * stream.normal()
    drawnAt = now
    return mean + noise
  }
}
