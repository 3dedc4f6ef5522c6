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
}
