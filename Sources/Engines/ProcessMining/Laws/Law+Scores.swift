import Probability

extension Law {
  /// The standard normal score of x: Φ⁻¹(F(x)), with F held between 1/(2n + 2) and its complement for observed values and between 1e-6 and
  /// its complement for families.
  func normalScore(_ x: Double) -> Double {
    if case .empirical(let sorted) = self {
      let n = Double(sorted.count)
      let below = Double(Law.rank(sorted, x))
      let ties = Double(Law.rank(sorted, x.nextUp)) - below
      return Normal.quantile(min(max((below + ties / 2) / n, 0.5 / (n + 1)), 1 - 0.5 / (n + 1)))
    }
    return Normal.quantile(min(max(cdf(x), 1e-6), 1 - 1e-6))
  }

  /// The value at a standard normal score: F⁻¹(Φ(z)); between two observed values in proportion.
  func value(atScore z: Double) -> Double {
    let p = Normal.cdf(z)
    guard case .empirical(let sorted) = self else { return z > 0 ? upperQuantile(max(Normal.survival(z), 1e-9)) : quantile(max(p, 1e-9)) }
    let place = p * Double(sorted.count) - 0.5
    if place <= 0 { return sorted[0] }
    let i = Int(place)
    if i >= sorted.count - 1 { return sorted[sorted.count - 1] }
    return sorted[i] + (place - Double(i)) * (sorted[i + 1] - sorted[i])
  }

  /// How many of the sorted values lie below x.
  static func rank(_ sorted: [Double], _ x: Double) -> Int {
    var (low, high) = (0, sorted.count)
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle] < x { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
