public import Quantities

/// What the owner of a foreign run-to-run loop declares of its feedback: the world in which it is stable. Nobody else can know it. The loop is certified
/// inside half of the exact bound of that world, and loses the certificate when what it does on the plant refutes it (docs/loop-stability.md).
public struct FeedbackSpec: Sendable, Hashable, Codable {
  /// How a measured lot moves the next input.
  public enum Form: String, Sendable, Hashable, Codable, CaseIterable {
    /// u ← u − (λ/b)·(y − target), y the newest measured lot.
    case integral
    /// The model's intercept learns from a lot beside the very input that made it.
    case matched
  }
  /// How it moves.
  public var form: Form
  /// λ: the share of an error that is taken out in a run, or that the intercept learns from a lot; above 0, at most 1.
  public var weight: Double
  /// (the plant's gain)/(the model's gain), at least; whether the sign is known is for the certificate to say.
  public var gainLow: Double
  /// The same, at most.
  public var gainHigh: Double
  /// Moves that may follow before what came of one is known, at least.
  public var delayLow: Int
  /// The same, at most.
  public var delayHigh: Int
  /// The least time from one move to the next.
  public var period: Duration
  /// In which the plant settles after a move, dead time included.
  public var settling: Duration

  public init(
    form: Form, weight: Double, gain: ClosedRange<Double>, delay: ClosedRange<Int>, period: Duration, settling: Duration
  ) {
    (self.form, self.weight, self.period, self.settling) = (form, weight, period, settling)
    (gainLow, gainHigh, delayLow, delayHigh) = (gain.lowerBound, gain.upperBound, delay.lowerBound, delay.upperBound)
  }
}
