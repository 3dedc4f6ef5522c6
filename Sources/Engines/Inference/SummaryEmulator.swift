import Determinism
import LinearAlgebra

/// The law of summaries over parameters, fitted to simulations: Gaussian, its mean quadratic in the parameters, the logarithms of its
/// standard deviations linear, its correlations the same everywhere.
struct SummaryEmulator {
  /// Parameters are standardised by these before anything else.
  private let center: [Double]
  private let scale: [Double]
  /// Terms × summaries.
  private let mean: Matrix
  /// By summary: log standard deviation = first + Σ others·z.
  private let spread: [[Double]]
  /// Cholesky factor of the correlations.
  private let factor: Matrix
  /// The greatest squared length of the standardised parameters it was fitted to: beyond it nothing is known.
  private let reach: Double

  /// Nil where there are too few simulations, or they do not differ.
  init?(_ draws: [[Double]], _ summaries: [[Double]]) {
    let n = draws.count
    let d = draws[0].count
    let k = summaries[0].count
    let terms = 1 + d + d * (d + 1) / 2
    guard n > 2 * terms + k else { return nil }
    let uniform = [Double](repeating: 1, count: n)
    let moments = WeightedMoments.of(draws, uniform)
    let (own, spreadOf) = (moments.mean, (0..<d).map { max(moments.covariance[$0, $0].squareRoot(), 1e-9) })
    let z = draws.map { x in (0..<d).map { (x[$0] - own[$0]) / spreadOf[$0] } }
    let design = z.map(SummaryEmulator.terms)
    guard let fit = SummaryEmulator.leastSquares(design, summaries) else { return nil }
    let freedom = Double(n) / Double(n - terms)
    var residuals = (0..<n).map { i in (0..<k).map { summaries[i][$0] - SummaryEmulator.value(fit, design[i], $0) } }
    // E[log χ²₁] = −1.2704: the mean of the logarithm of a squared standard normal number. It also bounds what one number can do.
    let typical = (0..<k).map { j in max((residuals.reduce(0) { $0 + $1[j] * $1[j] } / Double(n)).squareRoot(), 1e-9) }
    let logs = residuals.map { e in (0..<k).map { Portable.log(max(e[$0] * e[$0], 1e-4 * typical[$0] * typical[$0])) } }
    guard let scatter = SummaryEmulator.leastSquares(z.map { [1] + $0 }, logs) else { return nil }
    var spread = (0..<k).map { j in (0...d).map { scatter[$0, j] / 2 } }
    for i in 0..<n { for j in 0..<k { residuals[i][j] /= Portable.exp(SummaryEmulator.line(spread[j], z[i])) } }
    // The level is set by the residuals themselves, which the logarithm's constant would only do for Gaussian ones.
    var correlations = Matrix(rows: k, columns: k)
    let sizes = (0..<k).map { j in max((residuals.reduce(0) { $0 + $1[j] * $1[j] } / Double(n)).squareRoot(), 1e-12) }
    for j in 0..<k { spread[j][0] += Portable.log(sizes[j]) + 0.5 * Portable.log(freedom) }
    for a in 0..<k {
      for b in 0...a {
        var sum = 0.0
        for i in 0..<n { sum += residuals[i][a] * residuals[i][b] }
        // Shrunk a little towards independence, so that figures that say nearly the same do not count twice by chance.
        correlations[a, b] = sum / Double(n) / (sizes[a] * sizes[b]) * (a == b ? 1 : 0.995)
        correlations[b, a] = correlations[a, b]
      }
    }
    guard let factor = try? correlations.cholesky() else { return nil }
    (center, scale, mean, self.spread, self.factor) = (own, spreadOf, fit, spread, factor)
    reach = z.map { $0.reduce(0) { $0 + $1 * $1 } }.sorted()[Int(0.99 * Double(n - 1))]
  }

  /// log density of the summaries under the parameters whose logarithms are x.
  func logLikelihood(_ summaries: [Double], _ x: [Double]) -> Double {
    let z = x.indices.map { (x[$0] - center[$0]) / scale[$0] }
    let length = z.reduce(0) { $0 + $1 * $1 }
    let terms = SummaryEmulator.terms(z)
    var whitened = [Double](repeating: 0, count: summaries.count)
    var value = 0.0
    for j in summaries.indices {
      let logSpread = SummaryEmulator.line(spread[j], z)
      var e = (summaries[j] - SummaryEmulator.value(mean, terms, j)) / Portable.exp(logSpread)
      for i in 0..<j { e -= factor[j, i] * whitened[i] }
      whitened[j] = e / factor[j, j]
      value -= 0.5 * whitened[j] * whitened[j] + logSpread
    }
    return value - 3 * max(0, length - reach)
  }

  // MARK: - Regression

  private static func terms(_ z: [Double]) -> [Double] {
    var terms = [1.0] + z
    for i in z.indices { for j in 0...i { terms.append(z[i] * z[j]) } }
    return terms
  }

  private static func value(_ fit: Matrix, _ terms: [Double], _ j: Int) -> Double {
    var sum = 0.0
    for t in terms.indices { sum += fit[t, j] * terms[t] }
    return sum
  }

  private static func line(_ coefficients: [Double], _ z: [Double]) -> Double {
    // Held within a factor of e³ of the middle: a line in the logarithm must not run away.
    var sum = 0.0
    for j in z.indices { sum += coefficients[j + 1] * z[j] }
    return coefficients[0] + min(max(sum, -3), 3)
  }

  /// Coefficients (columns of the design × responses) by the normal equations.
  static func leastSquares(_ design: [[Double]], _ responses: [[Double]], weights: [Double]? = nil) -> Matrix? {
    let (p, k) = (design[0].count, responses[0].count)
    var normal = Matrix(rows: p, columns: p)
    var right = Matrix(rows: p, columns: k)
    for i in design.indices {
      let w = weights?[i] ?? 1
      for a in 0..<p {
        let wa = w * design[i][a]
        for b in 0...a { normal[a, b] += wa * design[i][b] }
        for j in 0..<k { right[a, j] += wa * responses[i][j] }
      }
    }
    for a in 0..<p {
      normal[a, a] *= 1 + 1e-9
      normal[a, a] += 1e-12
      for b in 0..<a { normal[b, a] = normal[a, b] }
    }
    guard let inverse = normal.inverse else { return nil }
    return inverse * right
  }
}
