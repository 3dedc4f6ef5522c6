public import Determinism

/// A law with its constants worked out beforehand, for drawing many times: a plain value of 48 bytes, without references.
///
/// The draws of a law with mean m are m times those of the law with mean 1 from the same stream (same cv or shape), so runs that differ in
/// their means alone meet the same luck.
public struct LawSampler: Sendable, BitwiseCopyable {
  @usableFromInline enum Kind: UInt8, Sendable, BitwiseCopyable {
    case constant, exponential, gamma, smallGamma, lognormal, weibull, uniform, triangular, empirical
  }
  @usableFromInline let kind: Kind
  @usableFromInline let a: Double
  @usableFromInline let b: Double
  @usableFromInline let c: Double
  @usableFromInline let d: Double
  /// How many values an empirical law has; 0 for the others.
  public let valueCount: Int

  /// - Precondition: `law.fault` is nil.
  public init(_ law: Law) {
    if let fault = law.fault { preconditionFailure("\(law): \(fault)") }
    var (a, b, c, d, count) = (0.0, 0.0, 0.0, 0.0, 0)
    switch law {
    case .constant(let v): (kind, a) = (.constant, v)
    case .exponential(let mean): (kind, a) = (.exponential, mean)
    case .gamma(let mean, let cv) where cv < 1e-9: (kind, a) = (.constant, mean)
    case .gamma(let mean, let cv):
      // a: scale; b, c: Marsaglia and Tsang's d = k − ⅓ and 1/√(9d), k raised by one below 1; d: the power that lowers it again.
      let shape = 1 / (cv * cv)
      kind = shape < 1 ? .smallGamma : .gamma
      a = mean / shape
      b = (shape < 1 ? shape + 1 : shape) - 1.0 / 3
      c = 1 / (9 * b).squareRoot()
      d = 1 / shape
    case .lognormal(let mean, let cv) where mean == 0 || cv < 1e-9: (kind, a) = (.constant, mean)
    case .lognormal(let mean, let cv):
      let s2 = Portable.log1p(cv * cv)
      (kind, a, b) = (.lognormal, Portable.log(mean) - s2 / 2, s2.squareRoot())
    case .weibull(let mean, let shape):
      (kind, a, b) = (.weibull, mean / Portable.exp(Special.logGamma(1 + 1 / shape)), 1 / shape)
    case .uniform(let low, let high): (kind, a, b) = (.uniform, low, high - low)
    case .triangular(let low, let mode, let high): (kind, a, b, c) = (.triangular, low, mode, high)
    case .empirical(let values): (kind, count) = (.empirical, values.count)
    }
    (self.a, self.b, self.c, self.d, valueCount) = (a, b, c, d, count)
  }

  /// Draws once by a law that is not empirical, with the table of exponentials at hand: for whoever draws very often.
  ///
  /// - Precondition: `valueCount` is 0.
  @inlinable @inline(__always) public func sample(_ stream: inout RandomStream, _ table: Ziggurat) -> Double {
    if kind == .exponential { return a * stream.exponential(table) }
    if kind == .constant { return a }
    return sample(&stream) { _ in 0 }
  }

  /// Draws `count` times, one after the other, by a law that is not empirical, and gives each draw with its place.
  ///
  /// - Precondition: `valueCount` is 0.
  @inlinable @inline(__always)
  public func sample(_ count: Int, _ stream: inout RandomStream, _ table: Ziggurat, _ give: (Int, Double) -> Void) {
    if kind == .exponential {
      stream.exponentials(count, table) { give($0, a * $1) }
    } else {
      for i in 0..<count { give(i, sample(&stream, table)) }
    }
  }

  /// Draws once. `value` gives the i-th value of an empirical law.
  @inlinable public func sample(_ stream: inout RandomStream, value: (Int) -> Double) -> Double {
    switch kind {
    case .constant: return a
    case .exponential: return a * stream.exponential()
    case .gamma: return a * gamma(&stream)
    case .smallGamma:
      let g = gamma(&stream)
      return a * g * Portable.exp(-d * stream.exponential())
    case .lognormal: return Portable.exp(a + b * stream.normal())
    case .weibull: return a * Portable.pow(stream.exponential(), b)
    case .uniform: return a + b * stream.uniform()
    case .triangular: return LawSampler.triangular(a, b, c, stream.uniform())
    case .empirical: return value(stream.integer(below: valueCount))
    }
  }

  /// Gamma of shape b + ⅓ ≥ 1 and scale 1.
  ///
  /// - Source: G. Marsaglia, W. W. Tsang 2000, doi:10.1145/358407.358414.
  @usableFromInline func gamma(_ stream: inout RandomStream) -> Double {
    while true {
      let x = stream.normal()
      let t = 1 + c * x
      if t <= 0 { continue }
      let v = t * t * t
      let u = stream.uniform()
      if u < 1 - 0.0331 * x * x * x * x { return b * v }
      if Portable.log(u) < 0.5 * x * x + b * (1 - v + Portable.log(v)) { return b * v }
    }
  }

  /// The u-quantile of a triangular law.
  @usableFromInline static func triangular(_ low: Double, _ mode: Double, _ high: Double, _ u: Double) -> Double {
    if high <= low { return low }
    let rise = (mode - low) / (high - low)
    if u < rise { return low + (u * (high - low) * (mode - low)).squareRoot() }
    return high - ((1 - u) * (high - low) * (high - mode)).squareRoot()
  }
}

extension Law {
  /// Draws once. Whoever draws often keeps a `LawSampler`.
  ///
  /// - Precondition: `fault` is nil.
  public func sample(_ stream: inout RandomStream) -> Double {
    LawSampler(self).sample(&stream) { i in
      if case .empirical(let values) = self { values[i] } else { 0 }
    }
  }
}
