/// A set-point that may be written, with its limits.
public struct SetpointView: Sendable, Hashable, Codable {
  public var tag: String
  public var unit: String
  /// What is in force by read-back; nil when not known.
  public var now: Double?
  public var low: Double
  public var high: Double
  /// The most that one write may move it.
  public var step: Double
  public init(tag: String, unit: String, now: Double? = nil, low: Double, high: Double, step: Double) {
    (self.tag, self.unit, self.now, self.low, self.high, self.step) = (tag, unit, now, low, high, step)
  }
}
