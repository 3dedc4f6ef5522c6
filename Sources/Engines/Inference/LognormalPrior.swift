import Determinism
import Probability

/// What is believed of a positive parameter beforehand: its logarithm is normal about log(median) with standard deviation `spread`.
public struct LognormalPrior: Sendable, Hashable, Codable {
  /// In the parameter's own unit (seconds, for times).
  public var median: Double
  /// Standard deviation of the logarithm: 1 says "within a factor of five either way", 2 says next to nothing.
  public var spread: Double

  /// - Precondition: both positive and finite.
  public init(median: Double, spread: Double) {
    precondition(median > 0 && median.isFinite && spread > 0 && spread.isFinite, "a prior of median \(median), spread \(spread)")
    (self.median, self.spread) = (median, spread)
  }

  /// log(median), the mean of the logarithm.
  public var center: Double { Portable.log(median) }

  /// log density of the logarithm x of the parameter.
  public func logDensity(_ x: Double) -> Double { Normal.logDensity((x - center) / spread) - Portable.log(spread) }
}
