import Determinism

extension Law {
  /// A law whose whole weight lies at one value, that value.
  private var point: Double? {
    switch self {
    case .constant(let v): v
    case .exponential(let mean): mean == 0 ? 0 : nil
    case .gamma(let mean, let cv), .lognormal(let mean, let cv): mean == 0 || cv < 1e-9 ? mean : nil
    case .weibull(let mean, _): mean == 0 ? 0 : nil
    case .uniform(let low, let high): low == high ? low : nil
    case .triangular(let low, _, let high): low == high ? low : nil
    case .empirical: nil
    }
  }

  private static func weibullScale(_ mean: Double, _ shape: Double) -> Double { mean / Portable.exp(Special.logGamma(1 + 1 / shape)) }

  private static func logParameters(_ mean: Double, _ cv: Double) -> (mu: Double, sigma: Double) {
    let s2 = Portable.log1p(cv * cv)
    return (Portable.log(mean) - s2 / 2, s2.squareRoot())
  }

  /// P(X ≤ x).
  public func cdf(_ x: Double) -> Double {
    if let point { return x >= point ? 1 : 0 }
    if case .empirical(let values) = self { return Double(values.count { $0 <= x }) / Double(values.count) }
    if x <= 0 { return 0 }
    switch self {
    case .exponential(let mean): return -Portable.expm1(-x / mean)
    case .gamma(let mean, let cv): return Special.gammaP(1 / (cv * cv), x / (mean * cv * cv))
    case .lognormal(let mean, let cv):
      let (mu, sigma) = Law.logParameters(mean, cv)
      return Normal.cdf((Portable.log(x) - mu) / sigma)
    case .weibull(let mean, let shape): return -Portable.expm1(-Portable.pow(x / Law.weibullScale(mean, shape), shape))
    default: return 1 - survival(x)
    }
  }

  /// P(X > x), without cancellation in the far tail.
  public func survival(_ x: Double) -> Double {
    if let point { return x >= point ? 0 : 1 }
    if case .empirical(let values) = self { return Double(values.count { $0 > x }) / Double(values.count) }
    if x <= 0 { return 1 }
    switch self {
    case .exponential(let mean): return Portable.exp(-x / mean)
    case .gamma(let mean, let cv): return Special.gammaQ(1 / (cv * cv), x / (mean * cv * cv))
    case .lognormal(let mean, let cv):
      let (mu, sigma) = Law.logParameters(mean, cv)
      return Normal.survival((Portable.log(x) - mu) / sigma)
    case .weibull(let mean, let shape): return Portable.exp(-Portable.pow(x / Law.weibullScale(mean, shape), shape))
    case .uniform(let low, let high): return min(max((high - x) / (high - low), 0), 1)
    case .triangular(let a, let m, let b):
      if x <= a { return 1 }
      if x >= b { return 0 }
      return x < m ? 1 - (x - a) * (x - a) / ((b - a) * (m - a)) : (b - x) * (b - x) / ((b - a) * (b - m))
    case .constant, .empirical: preconditionFailure("handled above")
    }
  }

  /// The smallest x with P(X ≤ x) ≥ p, for 0 ≤ p ≤ 1.
  public func quantile(_ p: Double) -> Double { quantile(p: p, q: 1 - p) }

  /// The x with P(X > x) = q, for 0 ≤ q ≤ 1; keeps its digits where q is tiny.
  public func upperQuantile(_ q: Double) -> Double { quantile(p: 1 - q, q: q) }

  private func quantile(p: Double, q: Double) -> Double {
    precondition(p >= 0 && q >= 0, "a probability lies between 0 and 1, not at \(p)")
    if let point { return point }
    switch self {
    case .exponential(let mean): return -mean * (p < 0.5 ? Portable.log1p(-p) : Portable.log(q))
    case .gamma(let mean, let cv):
      let shape = 1 / (cv * cv)
      return mean / shape * (p < q ? Special.inverseGammaP(shape, p) : Special.inverseGammaQ(shape, q))
    case .lognormal(let mean, let cv):
      let (mu, sigma) = Law.logParameters(mean, cv)
      return Portable.exp(mu + sigma * (p < q ? Normal.quantile(p) : -Normal.quantile(q)))
    case .weibull(let mean, let shape):
      return Law.weibullScale(mean, shape) * Portable.pow(-(p < 0.5 ? Portable.log1p(-p) : Portable.log(q)), 1 / shape)
    case .uniform(let low, let high): return p < 0.5 ? low + (high - low) * p : high - (high - low) * q
    case .triangular(let low, let mode, let high):
      let rise = (mode - low) / (high - low)
      return p < rise ? low + (p * (high - low) * (mode - low)).squareRoot() : high - (q * (high - low) * (high - mode)).squareRoot()
    case .empirical(let values):
      let sorted = values.sorted()
      return sorted[min(max(Int((p * Double(sorted.count)).rounded(.up)) - 1, 0), sorted.count - 1)]
    case .constant: preconditionFailure("handled above")
    }
  }

  /// log of the density at x; of the probability of x for laws whose weight lies at single values; −∞ where x cannot come.
  public func logDensity(_ x: Double) -> Double {
    if let point { return x == point ? 0 : -.infinity }
    if case .empirical(let values) = self { return Portable.log(Double(values.count { $0 == x }) / Double(values.count)) }
    if x < 0 { return -.infinity }
    switch self {
    case .exponential(let mean): return -x / mean - Portable.log(mean)
    case .gamma(let mean, let cv):
      let shape = 1 / (cv * cv)
      let scale = mean / shape
      let power = shape == 1 ? 0 : (shape - 1) * Portable.log(x / scale)
      return power - x / scale - Special.logGamma(shape) - Portable.log(scale)
    case .lognormal(let mean, let cv):
      if x == 0 { return -.infinity }
      let (mu, sigma) = Law.logParameters(mean, cv)
      let y = Portable.log(x)
      return Normal.logDensity((y - mu) / sigma) - y - Portable.log(sigma)
    case .weibull(let mean, let shape):
      let scale = Law.weibullScale(mean, shape)
      let power = shape == 1 ? 0 : (shape - 1) * Portable.log(x / scale)
      return Portable.log(shape / scale) + power - Portable.pow(x / scale, shape)
    case .uniform(let low, let high): return x >= low && x <= high ? -Portable.log(high - low) : -.infinity
    case .triangular(let a, let m, let b):
      if x < a || x > b { return -.infinity }
      return Portable.log(2 / (b - a) * (x < m ? (x - a) / (m - a) : m < b ? (b - x) / (b - m) : 1))
    case .constant, .empirical: preconditionFailure("handled above")
    }
  }
}
