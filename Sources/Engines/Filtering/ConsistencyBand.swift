import Probability

/// Where the average of normalised squared errors or innovations (NEES, NIS) lies when a filter's covariances are right.
///
/// The sum of N independent chi-square numbers with n degrees of freedom is chi-square with N·n. Errors of successive steps of one run are
/// correlated: take NEES over independent runs at one instant, or thinned; innovations are independent in time.
///
/// - Source: Y. Bar-Shalom, X. R. Li, T. Kirubarajan 2001, Estimation with Applications to Tracking and Navigation, section 5.4.
public struct ConsistencyBand: Sendable, Hashable {
  public let low: Double
  public let high: Double

  /// - Parameters:
  ///   - dimension: n, the degrees of freedom of one squared error.
  ///   - count: N, how many are averaged.
  ///   - level: the probability of lying inside when all is right.
  /// - Precondition: n and N positive, the level between 0 and 1.
  public init(dimension: Int, count: Int, level: Double = 0.95) {
    precondition(dimension > 0 && count > 0 && level > 0 && level < 1, "\(dimension) dimensions, \(count) values, level \(level)")
    let half = 0.5 * Double(dimension * count)
    low = 2 * Special.inverseGammaP(half, (1 - level) / 2) / Double(count)
    high = 2 * Special.inverseGammaQ(half, (1 - level) / 2) / Double(count)
  }

  public func contains(_ average: Double) -> Bool { average >= low && average <= high }
}
