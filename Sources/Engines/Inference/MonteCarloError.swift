import LinearAlgebra

/// How far the means and deviations of weighted draws are off by the luck of the draw: standard errors in units of each parameter's deviation.
///
///     mean: √Σ w²·z²,   deviation: ½·√Σ w²·(z² − 1)²,   z = (x − mean)/deviation
///
/// Where a tail is long and few draws reach it, the second says so; the effective sample size does not. Of draws that miss a tail altogether it
/// knows nothing either.
///
/// - Source: delta method for self-normalised importance sampling: A. Owen, Monte Carlo theory, methods and examples, 2013, section 9.2.
public struct MonteCarloError: Sendable, Hashable {
  /// By parameter, in posterior deviations.
  public let ofMean: [Double]
  /// By parameter, relative.
  public let ofDeviation: [Double]

  public var worst: Double { (ofMean + ofDeviation).max() ?? 0 }

  /// - Parameter weights: add up to 1.
  init(_ draws: [[Double]], _ weights: [Double]) {
    let moments = WeightedMoments.of(draws, weights)
    var (first, second) = ([Double](), [Double]())
    for j in moments.mean.indices {
      let (mean, variance) = (moments.mean[j], moments.covariance[j, j])
      var (a, b) = (0.0, 0.0)
      for (x, w) in zip(draws, weights) where w > 0 && variance > 0 {
        let square = (x[j] - mean) * (x[j] - mean) / variance
        a += w * w * square
        b += w * w * (square - 1) * (square - 1)
      }
      first.append(a.squareRoot())
      second.append(b.squareRoot() / 2)
    }
    (ofMean, ofDeviation) = (first, second)
  }
}

extension Posterior {
  /// How well the draws tell the means and deviations.
  public var monteCarloError: MonteCarloError { MonteCarloError(draws, weights) }
}
