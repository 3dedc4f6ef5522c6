internal import Foundation

/// Weighted sums of windows: with xᵢ the gain and vᵢ its variance, information I = Σ 1/vᵢ and score S = Σ xᵢ/vᵢ.
///
/// The mean gain is S/I with variance 1/I when windows are independent; dependence and a spread beyond the declared one are met by
/// dividing both by `inflation` ≥ 1.
struct WindowSums: Hashable, Sendable {
  var information = 0.0
  var score = 0.0
  var count = 0
  /// The lag-1 autocorrelation that the inflation rests on.
  var autocorrelation = 0.0
  /// By how much the variance of the mean exceeds 1/Σ(1/vᵢ).
  var inflation = 1.0

  var mean: Double { information > 0 ? score / information : 0 }

  init(_ windows: [EvidenceWindow]) {
    count = windows.count
    for window in windows {
      let weight = 1 / (window.sd * window.sd)
      information += weight
      score += weight * window.gain
    }
    guard count > 0 else { return }
    let centre = mean
    let residuals = windows.map { ($0.gain - centre) / $0.sd }
    autocorrelation = Self.autocorrelation(residuals)
    // If the windows scatter more than the twin's sd says, the scatter is believed. Never the other way round.
    let scatter = count > 2 ? residuals.reduce(0) { $0 + $1 * $1 } / Double(count - 1) : 1
    // Σ over an AR(1) sequence has (1 + φ)/(1 − φ) times the variance of independent terms.
    inflation = max(1, scatter) * (1 + autocorrelation) / (1 - autocorrelation)
    information /= inflation
    score /= inflation
  }

  /// Lag-1 autocorrelation, never negative, on the careful side where there are few windows.
  ///
  /// The sample value is biased by about −(1 + 4φ)/n (Kendall 1954, doi:10.1093/biomet/41.3-4.403), which is added back; the result is
  /// then drawn to 0.5 with the weight of eight windows, because a handful of windows cannot show that they are independent.
  private static func autocorrelation(_ residuals: [Double]) -> Double {
    let n = Double(residuals.count)
    let prior = (value: 0.3, windows: 8.0)
    let power = residuals.reduce(0) { $0 + $1 * $1 }
    guard residuals.count > 2, power > 0 else { return prior.value }
    let lagged = zip(residuals, residuals.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 }
    let raw = lagged / power
    let unbiased = max(0, raw + (1 + 4 * max(raw, 0)) / n)
    return min(0.9, (n * unbiased + prior.windows * prior.value) / (n + prior.windows))
  }
}

/// Evidence against "the gain is at most (or at least) `boundary`", as the logarithm of an e-value that is valid at every look.
///
/// A mixture of likelihood ratios of Gaussian means δₖ against the boundary b: E = Σ wₖ exp((δₖ − b)S − (δₖ² − b²)I/2). Under the null each
/// ratio is a supermartingale with start 1, so by Ville's inequality P(E ever ≥ 1/α) ≤ α however often one looks.
/// Alternatives are tied to the claim, which spends the evidence where the claim says the effect is.
///
/// - Source: Ramdas, Grünwald, Vovk, Shafer 2023, doi:10.1214/23-STS894; Robbins 1970, doi:10.1214/aoms/1177696786.
struct EProcess: Hashable, Sendable {
  var boundary: Double
  private var means: [Double]
  private var weights: [Double]

  /// - Precondition: the alternatives stand on one side of the boundary; their weights sum to 1.
  init(boundary: Double, alternatives: [(mean: Double, weight: Double)]) {
    self.boundary = boundary
    means = alternatives.map(\.mean)
    weights = alternatives.map(\.weight)
    precondition(
      means.allSatisfy { $0 > boundary } || means.allSatisfy { $0 < boundary }, "alternatives \(means) stand on both sides of \(boundary)")
  }

  func logValue(_ sums: WindowSums) -> Double {
    let terms = zip(means, weights).map { mean, weight in
      log(weight) + (mean - boundary) * sums.score - (mean * mean - boundary * boundary) * sums.information / 2
    }
    let largest = terms.max() ?? 0
    return largest + log(terms.reduce(0) { $0 + exp($1 - largest) })
  }
}
