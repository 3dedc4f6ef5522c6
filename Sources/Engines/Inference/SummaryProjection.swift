import LinearAlgebra

/// As many statistics as parameters, made of many summaries: the regression of each parameter on the summaries, which is 0 at the record
/// and in units of its spread over the simulations that it was fitted to.
///
/// - Source: P. Fearnhead, D. Prangle 2012, doi:10.1111/j.1467-9868.2011.01010.x.
struct SummaryProjection {
  private let fit: Matrix
  private let seen: [Double]
  private let scale: [Double]

  /// Nil where the simulations do not determine the regression.
  init?(_ draws: [[Double]], _ summaries: [[Double]], _ seen: [Double]) {
    guard draws.count > 2 * seen.count, let fit = SummaryEmulator.leastSquares(summaries.map { [1] + $0 }, draws) else { return nil }
    (self.fit, self.seen) = (fit, seen)
    let d = draws[0].count
    let values = summaries.map { s in (0..<d).map { j in s.indices.reduce(0) { $0 + fit[$1 + 1, j] * (s[$1] - seen[$1]) } } }
    let covariance = WeightedMoments.of(values, [Double](repeating: 1, count: values.count)).covariance
    scale = (0..<d).map { max(covariance[$0, $0].squareRoot(), 1e-9) }
  }

  func of(_ summaries: [Double]) -> [Double] {
    scale.indices.map { j in summaries.indices.reduce(0) { $0 + fit[$1 + 1, j] * (summaries[$1] - seen[$1]) } / scale[j] }
  }
}
