/// An integrator with limits: ẏ = K·u(t) while low < y < high; at a limit it waits for an input that leads away from it (no wind-up).
///
/// A tank that is filled and drained, a position, a counter of wear.
public struct Integrator: ExactBlock, Hashable, BitwiseCopyable {
  /// K, output units per input unit and unit of time.
  public let gain: Double
  public let low: Double
  public let high: Double
  public private(set) var time: Double
  public private(set) var value: Double
  public private(set) var input: Double

  /// - Precondition: low ≤ value ≤ high; gain and input finite.
  public init(
    gain: Double = 1, value: Double = 0, low: Double = -.infinity, high: Double = .infinity, input: Double = 0, at time: Double = 0
  ) {
    precondition(gain.isFinite && input.isFinite, "gain \(gain) and input \(input) must be finite")
    precondition(low <= value && value <= high, "the value \(value) lies outside \(low) to \(high)")
    (self.gain, self.low, self.high, self.time, self.value, self.input) = (gain, low, high, time, value, input)
  }

  public mutating func advance(to t: Double) {
    value = min(max(value + gain * input * elapsed(from: time, to: t), low), high)
    time = t
  }

  public mutating func set(_ input: Double, at t: Double) {
    advance(to: t)
    self.input = input
  }

  /// When the value comes to a level with the input as it stands; nil when it never does.
  public func instantReaching(_ level: Double) -> Double? {
    if level == value { return time }
    let rate = gain * input
    guard level >= low, level <= high, rate != 0, (level - value) / rate > 0 else { return nil }
    return time + (level - value) / rate
  }
}
