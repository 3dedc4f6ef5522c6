extension Estimate {
  /// A ratio of means, from independent pairs (replications or batches): θ = E[numerator]/E[denominator], e.g. the sum of waits over the
  /// number of customers.
  ///
  /// The mean of the pairs' ratios would be biased, and the ratio of the sums still is by order 1/n. The jackknife removes that order:
  /// θ_i = n·θ − (n − 1)·θ without pair i, and the estimate is of these n pseudo-values.
  ///
  /// - Precondition: as many numerators as denominators, at least two; no denominators sum to 0, with any one left out.
  /// - Source: D. L. Iglehart 1975, "Simulating stable stochastic systems, V: comparison of ratio estimators", Naval Research Logistics
  ///   Quarterly 22, 553–565; R. G. Miller 1974, doi:10.1093/biomet/61.1.1.
  public init(ratioOf numerators: [Double], to denominators: [Double], confidence: Double = 0.95) {
    precondition(
      numerators.count == denominators.count && numerators.count >= 2, "\(numerators.count) numerators, \(denominators.count) denominators")
    let n = Double(numerators.count)
    let (above, below) = (numerators.reduce(0, +), denominators.reduce(0, +))
    let all = above / below
    self.init(of: zip(numerators, denominators).map { n * all - (n - 1) * (above - $0) / (below - $1) }, confidence: confidence)
  }
}
