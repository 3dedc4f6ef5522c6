#if canImport(Glibc)
  import Glibc
#endif

extension Xoshiro256 {
  /// Uniform in [0, 1), 53 bits.
  mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Uniform in (0, 1], so that its logarithm is finite.
  mutating func positive() -> Double { Double((next() >> 11) + 1) * 0x1p-53 }

  /// Standard normal by Box and Muller; always takes two numbers from the stream, so streams stay in step.
  mutating func normal() -> Double { (-2 * log(positive())).squareRoot() * cos(2 * Double.pi * uniform()) }

  /// Lognormal of this mean and coefficient of variation.
  mutating func lognormal(mean: Double, cv: Double) -> Double {
    let variance = log(1 + cv * cv)
    return mean * exp(variance.squareRoot() * normal() - variance / 2)
  }

  /// Gamma of this mean and coefficient of variation (Marsaglia and Tsang 2000, doi:10.1145/358407.358414); cv at most 1.
  mutating func gamma(mean: Double, cv: Double) -> Double {
    guard cv > 0 else { return mean }
    let shape = 1 / (cv * cv)
    let d = shape - 1.0 / 3
    let c = 1 / (9 * d).squareRoot()
    while true {
      let x = normal()
      let v = (1 + c * x) * (1 + c * x) * (1 + c * x)
      if v > 0, log(positive()) < 0.5 * x * x + d - d * v + d * log(v) { return mean * d * v / shape }
    }
  }

  /// Weibull of mean 1.
  mutating func unitWeibull(shape: Double) -> Double { pow(-log(positive()), 1 / shape) / tgamma(1 + 1 / shape) }
}
