import Continuous
import Determinism

/// A process condition at a station: a `ProcessVariable` with one regime while the station works and one while it does not.
struct Condition: BitwiseCopyable {
  private var variable: ProcessVariable
  private let working: ProcessVariable.Regime
  private let standing: ProcessVariable.Regime
  let optimum: Double
  let curvature: Double

  /// It begins at its set-point, at a station that stands.
  init(_ spec: ConditionSpec, stream: RandomStream) {
    working = .init(gain: 1, offset: 0, timeConstant: spec.timeConstant)
    standing =
      spec.standing.map { .init(gain: 0, offset: $0, timeConstant: spec.standingTimeConstant) }
      ?? .init(gain: 1, offset: 0, timeConstant: spec.standingTimeConstant)
    variable = ProcessVariable(
      setpoint: spec.setpoint, regime: standing, value: spec.setpoint, noise: (spec.noise, spec.noiseTime), stream: stream)
    (optimum, curvature) = (spec.optimum, spec.curvature)
  }

  /// The station begins or ceases to work.
  mutating func turn(works: Bool, at now: Double) { variable.enter(works ? working : standing, at: now) }

  /// Where the condition stands.
  mutating func value(at now: Double) -> Double {
    variable.advance(to: now)
    return variable.value
  }
}
