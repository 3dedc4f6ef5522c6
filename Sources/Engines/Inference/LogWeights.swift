import Determinism

/// Weights that are known by their logarithms, held so that none overflows.
struct LogWeights {
  /// The greatest logarithm; −∞ where all weights are 0.
  let best: Double
  /// Adds up to 1; all 0 where `best` is −∞.
  let normalised: [Double]
  /// log of the mean weight.
  let logMean: Double

  init(_ logs: [Double]) {
    best = logs.reduce(-.infinity) { max($0, $1) }
    guard best > -.infinity else {
      (normalised, logMean) = (logs.map { _ in 0 }, -.infinity)
      return
    }
    let anchor = best
    let weights = logs.map { Portable.exp($0 - anchor) }
    let sum = weights.reduce(0, +)
    normalised = weights.map { $0 / sum }
    logMean = best + Portable.log(sum / Double(logs.count))
  }

  var effectiveSampleSize: Double { best > -.infinity ? 1 / normalised.reduce(0) { $0 + $1 * $1 } : 0 }
}
