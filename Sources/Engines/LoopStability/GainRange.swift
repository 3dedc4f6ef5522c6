/// What is known of a gain: it lies between low and high.
public struct GainRange: Hashable, Sendable, Codable {
  /// The least value.
  public var low: Double
  /// The greatest value.
  public var high: Double
  /// - Precondition: low ≤ high (NaN is let through and never certified).
  public init(_ low: Double, _ high: Double) {
    precondition(!(low > high), "a gain between \(low) and \(high)")
    (self.low, self.high) = (low, high)
  }

  /// +1 or −1; nil where the range holds 0 or a bound is not finite.
  public var sign: Int? {
    guard low.isFinite, high.isFinite else { return nil }
    return low > 0 ? 1 : high < 0 ? -1 : nil
  }

  /// Of the plant's gain: its ratio to the model's gain.
  public func relative(to model: Double) -> GainRange { GainRange(min(low / model, high / model), max(low / model, high / model)) }

  /// Whether a gain lies in the range, its ends included.
  public func contains(_ gain: Double) -> Bool { gain >= low && gain <= high }
}
