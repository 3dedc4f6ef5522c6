/// First order plus dead time: τ·ẏ(t) + y(t) = K·u(t − θ). The process model that most controllers are tuned on.
///
/// Exact for an input that is constant between changes. Changes that have not come through the dead time yet wait in a queue without bound;
/// `ProcessVariable` is the same with a bounded one, as a plain value.
///
/// - Source: D. E. Seborg et al., Process Dynamics and Control, section 5.2 and chapter 7.
public struct FirstOrderPlusDeadTime: ExactBlock, Hashable {
  /// K, output units per input unit.
  public let gain: Double
  /// τ ≥ 0.
  public let timeConstant: Double
  /// θ ≥ 0.
  public let deadTime: Double
  public private(set) var time: Double
  public private(set) var value: Double
  /// The input that acts now: u(time − θ).
  public private(set) var actingInput: Double
  private var waiting: [InputChange] = []

  /// At rest at `time` with a constant input: value K·input.
  ///
  /// - Precondition: all finite, τ and θ not negative.
  public init(gain: Double, timeConstant: Double, deadTime: Double = 0, input: Double = 0, at time: Double = 0) {
    precondition(gain.isFinite && timeConstant.isFinite && deadTime.isFinite, "gain, time constant and dead time must be finite")
    precondition(timeConstant >= 0 && deadTime >= 0, "time constant \(timeConstant) and dead time \(deadTime) must not be negative")
    (self.gain, self.timeConstant, self.deadTime) = (gain, timeConstant, deadTime)
    (self.time, value, actingInput) = (time, gain * input, input)
  }

  public mutating func advance(to t: Double) {
    _ = elapsed(from: time, to: t)
    var past = 0
    while past < waiting.count && waiting[past].instant <= t {
      settle(to: waiting[past].instant)
      actingInput = waiting[past].value
      past += 1
    }
    if past > 0 { waiting.removeFirst(past) }
    settle(to: t)
  }

  public mutating func set(_ input: Double, at t: Double) {
    advance(to: t)
    if deadTime == 0 { actingInput = input } else { waiting.append(InputChange(instant: t + deadTime, value: input)) }
  }

  private mutating func settle(to t: Double) {
    value = relaxed(value, to: gain * actingInput, over: t - time, timeConstant: timeConstant)
    time = t
  }
}

/// An input that takes effect at an instant.
struct InputChange: Sendable, Hashable, BitwiseCopyable {
  var instant: Double
  var value: Double
}
