import Determinism

extension Law {
  /// The mean.
  public var mean: Double {
    switch self {
    case .constant(let v): v
    case .exponential(let mean), .gamma(let mean, _), .lognormal(let mean, _), .weibull(let mean, _): mean
    case .uniform(let low, let high): (low + high) / 2
    case .triangular(let low, let mode, let high): (low + mode + high) / 3
    case .empirical(let values): values.reduce(0, +) / Double(values.count)
    }
  }

  /// The variance, in squared units of the mean.
  public var variance: Double {
    switch self {
    case .constant: return 0
    case .exponential(let mean): return mean * mean
    case .gamma(let mean, let cv), .lognormal(let mean, let cv): return mean * cv * mean * cv
    case .weibull(let mean, let shape):
      let ratio = Portable.exp(Special.logGamma(1 + 2 / shape) - 2 * Special.logGamma(1 + 1 / shape))
      return mean * mean * (ratio - 1)
    case .uniform(let low, let high): return (high - low) * (high - low) / 12
    case .triangular(let a, let m, let b): return (a * a + m * m + b * b - a * m - a * b - m * b) / 18
    case .empirical(let values):
      let mean = self.mean
      return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
    }
  }

  /// Coefficient of variation: standard deviation / mean; 0 where the mean is 0.
  public var cv: Double {
    switch self {
    case .exponential: return 1
    case .gamma(_, let cv), .lognormal(_, let cv): return cv
    default:
      let mean = self.mean
      return mean == 0 ? 0 : variance.squareRoot() / mean
    }
  }

  /// The law of c times the quantity, c ≥ 0. Its draws are c times the draws of this law from the same stream.
  public func scaled(by c: Double) -> Law {
    switch self {
    case .constant(let v): .constant(c * v)
    case .exponential(let mean): .exponential(mean: c * mean)
    case .gamma(let mean, let cv): .gamma(mean: c * mean, cv: cv)
    case .lognormal(let mean, let cv): .lognormal(mean: c * mean, cv: cv)
    case .weibull(let mean, let shape): .weibull(mean: c * mean, shape: shape)
    case .uniform(let low, let high): .uniform(low: c * low, high: c * high)
    case .triangular(let low, let mode, let high): .triangular(low: c * low, mode: c * mode, high: c * high)
    case .empirical(let values): .empirical(values.map { c * $0 })
    }
  }

  /// What is wrong with the numbers of this law, or nil: every number finite and not negative, shapes positive, bounds in order.
  public var fault: String? {
    func negative(_ name: String, _ v: Double) -> String? {
      v.isFinite && v >= 0 ? nil : "\(name) is \(v), and must be finite and not negative"
    }
    switch self {
    case .constant(let v): return negative("value", v)
    case .exponential(let mean): return negative("mean", mean)
    case .gamma(let mean, let cv), .lognormal(let mean, let cv): return negative("mean", mean) ?? negative("cv", cv)
    case .weibull(let mean, let shape):
      return negative("mean", mean) ?? (shape.isFinite && shape > 0 ? nil : "shape is \(shape), and must be finite and positive")
    case .uniform(let low, let high):
      return negative("low", low) ?? negative("high", high) ?? (low <= high ? nil : "low \(low) lies above high \(high)")
    case .triangular(let low, let mode, let high):
      return negative("low", low) ?? negative("high", high) ?? negative("mode", mode)
        ?? (low <= mode && mode <= high ? nil : "low \(low), mode \(mode), high \(high) are out of order")
    case .empirical(let values):
      if values.isEmpty { return "no values" }
      return values.lazy.compactMap { negative("a value", $0) }.first
    }
  }
}
