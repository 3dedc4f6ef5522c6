import Determinism

/// The distribution of weighted values of which some are only known to be longer: Kaplan and Meier's product-limit estimate.
///
/// S(x) = Π over values x_i ≤ x of (1 − d_i/r_i), d_i the weight that ended at x_i, r_i the weight that was still there.
///
/// - Source: E. L. Kaplan, P. Meier 1958, doi:10.1080/01621459.1958.10501452; variance of the mean: their section 6.
struct ProductLimit: Sendable {
  struct Item: Sendable { var value: Double, weight: Double, ended: Bool }

  /// Values at which something ended, rising, and the mass of each. Mass beyond the last value is left out: `covered` < 1 then.
  private(set) var values: [Double] = []
  private(set) var masses: [Double] = []
  private(set) var covered = 1.0
  private(set) var mean = 0.0
  /// Variance of the mean: Σ (∫ S beyond x_i)²·d_i/(r_i·(r_i − d_i)), times Σw²/Σw for weights.
  private(set) var varianceOfMean = 0.0

  init(_ items: [Item]) {
    // At a tie an end comes before a cut: what was cut had lasted at least as long.
    let sorted = items.sorted { $0.value < $1.value || ($0.value == $1.value && $0.ended && !$1.ended) }
    var atRisk = sorted.reduce(0) { $0 + $1.weight }
    let (weight, squared) = (atRisk, sorted.reduce(0) { $0 + $1.weight * $1.weight })
    var survival = 1.0
    var hazards: [Double] = []
    var k = 0
    while k < sorted.count {
      let value = sorted[k].value
      var (ended, gone) = (0.0, 0.0)
      while k < sorted.count && sorted[k].value == value {
        gone += sorted[k].weight
        if sorted[k].ended { ended += sorted[k].weight }
        k += 1
      }
      if ended > 0 {
        let mass = survival * min(ended / atRisk, 1)
        values.append(value)
        masses.append(mass)
        hazards.append(atRisk > ended ? ended / (atRisk * (atRisk - ended)) : 0)
        survival = k == sorted.count ? 0 : max(survival - mass, 0)
      }
      atRisk = max(atRisk - gone, 0)
    }
    covered = masses.reduce(0, +)
    // What is beyond the last end is taken to lie at the last value seen.
    let last = sorted.last?.value ?? 0
    mean = zip(values, masses).reduce(0) { $0 + $1.0 * $1.1 } + max(1 - covered, 0) * last
    var beyond = max(1 - covered, 0)
    var area = 0.0
    var right = last
    for i in values.indices.reversed() {
      area += beyond * (right - values[i])
      varianceOfMean += area * area * hazards[i]
      beyond += masses[i]
      right = values[i]
    }
    if weight > 0 { varianceOfMean *= squared / weight }
  }
}
