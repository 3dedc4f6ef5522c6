internal import Probability

/// Shewhart's chart of standardised residuals: alarm at |z| > L. The quickest for a large shift, the slowest for a small one.
///
/// - Source: W. A. Shewhart 1931, Economic Control of Quality of Manufactured Product.
public struct Shewhart: Sendable, Hashable, Codable {
  /// In standard deviations.
  public let limit: Double

  public init(limit: Double = 3) {
    precondition(limit > 0, "limit \(limit)")
    self.limit = limit
  }

  /// The chart whose mean time to a false alarm is `falseAlarmEvery` residuals.
  public init(falseAlarmEvery length: Double) {
    precondition(length > 1, "a false alarm every \(length)")
    self.init(limit: -Normal.quantile(1 / (2 * length)))
  }

  /// True where the residual stands outside the limits.
  public func observe(_ z: Double) -> Bool { abs(z) > limit }

  /// The mean number of independent residuals N(`shift`, 1) until the alarm: 1/(Φ(δ − L) + Φ(−δ − L)).
  public func averageRunLength(shift: Double = 0) -> Double { 1 / (Normal.cdf(shift - limit) + Normal.cdf(-shift - limit)) }
}
