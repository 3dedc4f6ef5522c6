import Determinism
import Probability

/// What is known of a law that no formula fits: the shape is the one seen, the mean has its sampling error.
///
/// log mean ~ N(log of the product-limit mean, (its standard error / mean)²). Uncertainty of the shape beyond the mean is left out; it
/// is small where there are so many values that all formulas could be refused.
struct EmpiricalPosterior: Sendable {
  /// At most so many equally probable values stand for the sample, each the middle of its share.
  static let size = 256

  let values: [Double]
  let mean: Double
  let logError: Double

  init(_ observations: [ActivityObservation]) {
    let items = observations.filter(\.isInformative).map { o in
      switch o.kind {
      case .exact: ProductLimit.Item(value: o.low * o.pace, weight: o.weight, ended: true)
      case .rightCensored: ProductLimit.Item(value: o.low * o.pace, weight: o.weight, ended: false)
      case .leftCensored, .interval: ProductLimit.Item(value: (o.low + o.high) / 2 * o.pace, weight: o.weight, ended: true)
      }
    }
    let limit = ProductLimit(items)
    mean = limit.mean
    logError = mean > 0 ? limit.varianceOfMean.squareRoot() / mean : 0
    let count = min(Self.size, limit.values.count)
    var picked: [Double] = []
    var (k, above) = (0, limit.masses.first ?? 0)
    for i in 0..<count {
      let target = (Double(i) + 0.5) / Double(count) * limit.covered
      while above < target && k + 1 < limit.values.count {
        k += 1
        above += limit.masses[k]
      }
      picked.append(limit.values[k])
    }
    // The middles of the shares have nearly the mean of the whole; held exactly.
    let raw = picked.reduce(0, +) / Double(max(count, 1))
    values = raw > 0 ? picked.map { $0 * limit.mean / raw } : picked
  }

  /// The law whose mean has this standard score.
  func draw(_ z: Double) -> Law { .empirical(values.map { $0 * Portable.exp(logError * z) }) }
}
