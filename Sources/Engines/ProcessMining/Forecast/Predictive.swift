import OutputAnalysis
import Probability

/// Draws of a quantity that is not known yet, and how well they foretold it.
public struct Predictive: Sendable, Hashable, Encodable {
  /// In ascending order, not empty.
  public let draws: [Double]

  /// - Precondition: not empty.
  public init(_ draws: [Double]) {
    precondition(!draws.isEmpty, "a predictive distribution without draws")
    self.draws = draws.sorted()
  }

  public var mean: Double { draws.reduce(0, +) / Double(draws.count) }
  public func quantile(_ p: Double) -> Double { Quantile.of(draws, at: p) }
  /// From the 5 % to the 95 % quantile.
  public var interval90: ClosedRange<Double> { quantile(0.05)...quantile(0.95) }

  /// The continuous ranked probability score, in the quantity's unit; 0 for a sure and right forecast (`EnsembleScore.crps`).
  public func score(of y: Double) -> Double { EnsembleScore.crps(draws, observed: y) }

  /// How much of the unit mass that y covers in the forecast's distribution, from P(X < y) to P(X ≤ y), lies within 5 % … 95 %. Its mean
  /// is 0.9 for a right forecast, of counts too, where the interval alone covers more.
  ///
  /// - Source: C. Czado, T. Gneiting, L. Held 2009, doi:10.1111/j.1541-0420.2009.01191.x.
  public func massWithin90(of y: Double) -> Double {
    let n = Double(draws.count)
    let below = Double(draws.count { $0 < y }) / n
    let upTo = Double(draws.count { $0 <= y }) / n
    if upTo == below { return below >= 0.05 && below <= 0.95 ? 1 : 0 }
    return max(min(upTo, 0.95) - max(below, 0.05), 0) / (upTo - below)
  }

  private enum CodingKeys: String, CodingKey { case mean, p05, p25, p50, p75, p95 }
  /// Written as its mean and quantiles.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(mean, forKey: .mean)
    try container.encode(quantile(0.05), forKey: .p05)
    try container.encode(quantile(0.25), forKey: .p25)
    try container.encode(quantile(0.5), forKey: .p50)
    try container.encode(quantile(0.75), forKey: .p75)
    try container.encode(quantile(0.95), forKey: .p95)
  }
}
