public import Determinism

extension Law {
  /// Draws what is left of a duration that has lasted `elapsed` already: X − elapsed, given X > elapsed. One draw from the stream.
  ///
  /// Exponential durations do not remember; the others do. Where the law says that so long a duration cannot be, 0: it ends now.
  public func sampleResidual(after elapsed: Double, _ stream: inout RandomStream) -> Double {
    let u = stream.uniform()
    if elapsed <= 0 { return upperQuantile(u) }
    if case .exponential(let mean) = self { return -mean * Portable.log(u) }
    if case .empirical(let values) = self {
      let longer = values.filter { $0 > elapsed }.sorted()
      return longer.isEmpty ? 0 : longer[min(Int(u * Double(longer.count)), longer.count - 1)] - elapsed
    }
    let alive = survival(elapsed)
    return alive > 0 ? max(upperQuantile(alive * u) - elapsed, 0) : 0
  }

  /// Draws what is left of a duration met at a random moment, when nothing is known of its age: U·X*, where X* is the length-biased
  /// duration of density x·f(x)/mean and U is uniform. Its mean is mean·(1 + cv²)/2.
  ///
  /// - Source: D. R. Cox, Renewal Theory, 1962, section 5.
  public func sampleEquilibriumResidual(_ stream: inout RandomStream) -> Double {
    if mean == 0 { return 0 }
    let u = stream.uniform()
    return u * sampleLengthBiased(&stream)
  }

  private func sampleLengthBiased(_ stream: inout RandomStream) -> Double {
    switch self {
    case .constant(let v): return v
    case .exponential(let mean): return mean * (stream.exponential() + stream.exponential())
    case .gamma(let mean, let cv):
      if cv < 1e-9 { return mean }
      let shape = 1 / (cv * cv) + 1
      return Law.gamma(mean: mean * cv * cv * shape, cv: 1 / shape.squareRoot()).sample(&stream)
    case .lognormal(let mean, let cv):
      return Law.lognormal(mean: mean * (1 + cv * cv), cv: cv).sample(&stream)
    case .weibull(let mean, let shape):
      // (X*/scale)^shape is Gamma(1 + 1/shape, 1).
      let k = 1 + 1 / shape
      let g = Law.gamma(mean: k, cv: 1 / k.squareRoot()).sample(&stream)
      return mean / Portable.exp(Special.logGamma(k)) * Portable.pow(g, 1 / shape)
    case .uniform(let low, let high):
      return (low * low + (high * high - low * low) * stream.uniform()).squareRoot()
    case .triangular(_, _, let high):
      // Keep a draw with probability x/high: at least one draw in three, as the mean is at least high/3.
      while true {
        let x = sample(&stream)
        if stream.uniform() * high <= x { return x }
      }
    case .empirical(let values):
      var left = stream.uniform() * values.reduce(0, +)
      for v in values {
        left -= v
        if left <= 0 { return v }
      }
      return values.last!
    }
  }
}
