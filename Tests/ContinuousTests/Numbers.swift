import Foundation

/// The tests' own mathematics: the system's library, independent of the portable functions in the code under test.
func sine(_ x: Double) -> Double { sin(x) }
func cosine(_ x: Double) -> Double { cos(x) }
func exponential(_ x: Double) -> Double { exp(x) }
func logarithm(_ x: Double) -> Double { log(x) }

/// The largest |a − b| / (|b| + floor).
func relativeError(_ a: [Double], _ b: [Double], floor: Double = 0) -> Double {
  zip(a, b).map { abs($0 - $1) / (abs($1) + floor) }.max() ?? 0
}

/// Mean and standard error of the mean.
func meanAndError(_ values: [Double]) -> (Double, Double) {
  let n = Double(values.count)
  let mean = values.reduce(0, +) / n
  let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)
  return (mean, (variance / n).squareRoot())
}
