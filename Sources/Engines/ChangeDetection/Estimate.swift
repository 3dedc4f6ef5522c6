/// A quantity with what is known of it: median and central interval of its posterior.
public struct Estimate: Sendable, Hashable, Codable {
  public var value: Double
  public var low: Double
  public var high: Double
  /// Probability that the interval holds the quantity.
  public var level: Double

  public init(value: Double, low: Double, high: Double, level: Double) {
    (self.value, self.low, self.high, self.level) = (value, low, high, level)
  }

  /// The quantiles of a distribution function that rises on [low, high], by bisection.
  ///
  /// - Parameter geometric: halve the ratio instead of the difference; both ends must be positive.
  init(level: Double, low: Double, high: Double, geometric: Bool, _ cdf: (Double) -> Double) {
    func quantile(_ p: Double) -> Double {
      var (a, b) = (low, high)
      for _ in 0..<60 {
        let middle = geometric ? (a * b).squareRoot() : (a + b) / 2
        if cdf(middle) < p { a = middle } else { b = middle }
        if (b - a).magnitude <= 1e-5 * middle.magnitude { break }
      }
      return geometric ? (a * b).squareRoot() : (a + b) / 2
    }
    self.init(value: quantile(0.5), low: quantile((1 - level) / 2), high: quantile((1 + level) / 2), level: level)
  }

  func mapped(_ f: (Double) -> Double) -> Estimate { Estimate(value: f(value), low: f(low), high: f(high), level: level) }
}
