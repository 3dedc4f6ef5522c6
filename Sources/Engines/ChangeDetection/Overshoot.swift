import Determinism
import Probability

/// How far a likelihood ratio overshoots a high threshold, in the mean: the constant that turns a guaranteed threshold into an exact one.
enum Overshoot {
  /// ζ = lim E₁ exp(−(S_τ − b)) for the random walk S of log likelihood ratios under the change, and I = E₁ of one step.
  ///
  /// ζ = I⁻¹·exp(−Σ n⁻¹·(P₀(S_n > 0) + P₁(S_n ≤ 0))). For an exponential whose mean grows c-fold ζ = 1/c exactly, for it is memoryless.
  ///
  /// - Parameter expected: number of events that one observation is expected to hold, for counts.
  /// - Source: D. Siegmund 1985, Sequential Analysis, th. 8.51; M. Woodroofe 1982, doi:10.1137/1.9781611970302, ch. 3.
  static func constant(_ law: StreamLaw, shift: Double, expected: Double) -> (zeta: Double, information: Double) {
    let c = Portable.exp(shift)
    switch law {
    case .normal, .lognormal, .normalScore: return normal(shift.magnitude)
    case .gamma(let a) where a >= 30: return normal(shift.magnitude * a.squareRoot())
    case .gamma(let a): return scale(shift, shape: a)
    case .weibull, .exponentialScore: return scale(shift, shape: 1)
    case .poisson, .countScore, .binomial:
      if expected >= 30 { return normal(shift.magnitude * expected.squareRoot()) }
      let information = expected * (c * shift - c + 1)
      // S_n > 0 where the count of n observations is above n·bound.
      let bound = expected * (c - 1) / shift
      return finish(information) { n in
        let (mean0, mean1, limit) = (n * expected, n * expected * c, (n * bound).rounded(.down) + 1)
        // P(count ≥ limit) of a Poisson count is P(limit, mean).
        let (over0, over1) = (gammaP(limit, mean0), gammaP(limit, mean1))
        return c > 1 ? over0 + 1 - over1 : 1 - over0 + over1
      }
    }
  }

  private static func normal(_ delta: Double) -> (zeta: Double, information: Double) {
    finish(delta * delta / 2) { n in 2 * Normal.cdf(-delta / 2 * n.squareRoot()) }
  }

  private static func scale(_ shift: Double, shape a: Double) -> (zeta: Double, information: Double) {
    let c = Portable.exp(shift)
    // S_n > 0 where Σ of Gamma(a, 1) is above n·bound, c > 1, or below it, c < 1.
    let bound = a * shift / (1 - 1 / c)
    return finish(a * (c - 1 - shift)) { n in
      let (over0, over1) = (1 - gammaP(n * a, n * bound), 1 - gammaP(n * a, n * bound / c))
      return c > 1 ? over0 + 1 - over1 : 1 - over0 + over1
    }
  }

  /// Sums the terms: each up to 64, then in strides of a sixteenth, for they fall smoothly.
  private static func finish(_ information: Double, _ wrong: (Double) -> Double) -> (zeta: Double, information: Double) {
    var sum = 0.0
    var n = 1.0
    while n < 1e6 {
      let stride = n <= 64 ? 1 : (n / 16).rounded(.down)
      let middle = n + (stride - 1) / 2
      let term = wrong(middle) / middle * stride
      sum += term
      n += stride
      if n > 16 && term < 1e-7 { break }
    }
    return (Portable.exp(-sum) / information, information)
  }

  /// P(a, x), by the cube root of Wilson and Hilferty for large a, where four digits are enough.
  private static func gammaP(_ a: Double, _ x: Double) -> Double {
    if a < 80 { return Special.gammaP(a, x) }
    let root = Portable.pow(x / a, 1.0 / 3)
    return Normal.cdf(3 * a.squareRoot() * (root - 1 + 1 / (9 * a)))
  }
}
