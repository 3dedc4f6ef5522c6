public import Quantities

/// How the twin's frozen reference is commissioned, where the plant says so itself (docs/calibration.md).
public struct ReferenceSpec: Sendable, Hashable, Codable {
  /// How long a sample is, whole minutes; nil: the twin takes the shortest at which false alarms are rare.
  public var sample: Duration?
  /// Samples that commissioning takes, 16 or more: the reference's own error is 1/√n standard deviations of a sample.
  public var commissioning: Int
  public init(sample: Duration? = nil, commissioning: Int = 32) { (self.sample, self.commissioning) = (sample, commissioning) }
}
