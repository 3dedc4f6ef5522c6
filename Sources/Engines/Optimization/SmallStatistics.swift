import Foundation

func mean(_ xs: [Double]) -> Double { xs.isEmpty ? 0 : xs.reduce(0, +) / Double(xs.count) }

/// Standard deviation of a population.
func deviation(_ xs: [Double]) -> Double {
  let m = mean(xs)
  return (mean(xs.map { ($0 - m) * ($0 - m) })).squareRoot()
}

/// Mean and the 5 % and 95 % quantiles, by linear interpolation between order statistics.
func interval(_ xs: [Double]) -> GainInterval {
  let sorted = xs.sorted()
  func quantile(_ p: Double) -> Double {
    let position = p * Double(sorted.count - 1)
    let below = Int(position)
    let above = min(below + 1, sorted.count - 1)
    return sorted[below] + (position - Double(below)) * (sorted[above] - sorted[below])
  }
  return GainInterval(lower: quantile(0.05), expected: mean(xs), upper: quantile(0.95))
}

/// The largest of 1, 2 or 5 times a power of ten that is not above `x`: set-points are given in round numbers.
func niceStep(_ x: Double) -> Double {
  let decade = pow(10, (log10(x)).rounded(.down))
  let lead = x / decade
  return decade * (lead >= 5 ? 5 : lead >= 2 ? 2 : 1)
}

/// `x` rounded to a multiple of `step`, without binary dust.
func snap(_ x: Double, to step: Double) -> Double {
  let digits = max(0, -Int(log10(step).rounded(.down)))
  let scale = pow(10, Double(digits))
  return ((x / step).rounded() * step * scale).rounded() / scale
}

/// A number with three significant digits, for people.
func short(_ x: Double) -> String {
  guard x.isFinite, x != 0 else { return x == 0 ? "0" : "\(x)" }
  let digits = max(0, 2 - Int(log10(abs(x)).rounded(.down)))
  let scale = pow(10, Double(min(digits, 6)))
  let rounded = (x * scale).rounded() / scale
  return rounded == rounded.rounded() && abs(rounded) < 1e15 ? String(Int(rounded)) : String(rounded)
}
