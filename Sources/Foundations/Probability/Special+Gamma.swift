import Determinism

extension Special {
  /// P(a, x) = γ(a, x) / Γ(a): the distribution function of a Gamma(a, 1) quantity. a > 0.
  ///
  /// - Source: NIST DLMF 8.7.1 (series), 8.9.2 (continued fraction, evaluated by Lentz's method).
  public static func gammaP(_ a: Double, _ x: Double) -> Double {
    if !(a > 0) || x.isNaN { return .nan }
    if x <= 0 { return 0 }
    if x == .infinity { return 1 }
    return x < a + 1 ? gammaSeries(a, x) : 1 - gammaFraction(a, x)
  }

  /// Q(a, x) = 1 − P(a, x), without cancellation in the far tail.
  public static func gammaQ(_ a: Double, _ x: Double) -> Double {
    if !(a > 0) || x.isNaN { return .nan }
    if x <= 0 { return 1 }
    if x == .infinity { return 0 }
    return x < a + 1 ? 1 - gammaSeries(a, x) : gammaFraction(a, x)
  }

  private static func gammaFactor(_ a: Double, _ x: Double) -> Double { Portable.exp(a * Portable.log(x) - x - logGamma(a)) }

  private static func gammaSeries(_ a: Double, _ x: Double) -> Double {
    var term = 1 / a
    var sum = term
    var n = a
    while true {
      n += 1
      term *= x / n
      sum += term
      if term < sum * 1e-17 { break }
    }
    return sum * gammaFactor(a, x)
  }

  private static func gammaFraction(_ a: Double, _ x: Double) -> Double {
    let tiny = 1e-300
    var b = x + 1 - a
    var c = 1 / tiny
    var d = 1 / b
    var h = d
    var i = 0.0
    while i < 100_000 {
      i += 1
      let an = -i * (i - a)
      b += 2
      d = an * d + b
      if d.magnitude < tiny { d = tiny }
      c = b + an / c
      if c.magnitude < tiny { c = tiny }
      d = 1 / d
      let delta = d * c
      h *= delta
      if (delta - 1).magnitude < 1e-16 { break }
    }
    return h * gammaFactor(a, x)
  }

  /// The x at which P(a, x) = p, for 0 ≤ p ≤ 1.
  public static func inverseGammaP(_ a: Double, _ p: Double) -> Double { inverseGamma(a, p: p, q: 1 - p) }

  /// The x at which Q(a, x) = q, for 0 ≤ q ≤ 1; keeps its digits where q is tiny.
  public static func inverseGammaQ(_ a: Double, _ q: Double) -> Double { inverseGamma(a, p: 1 - q, q: q) }

  /// Newton's method on log x, held inside a bracket; works on the smaller of the two tails.
  private static func inverseGamma(_ a: Double, p: Double, q: Double) -> Double {
    if !(a > 0) || !(p >= 0 && q >= 0) { return .nan }
    if p == 0 { return 0 }
    if q == 0 { return .infinity }
    let lower = p < q
    // Start: Wilson and Hilferty's cube of a normal where it holds, the leading term of the series near 0.
    let z = lower ? Normal.quantile(p) : -Normal.quantile(q)
    let w = 1 - 1 / (9 * a) + z / (3 * a.squareRoot())
    var u = (Portable.log(p) + logGamma(a + 1)) / a
    if w > 0 && a > 0.3 { u = Portable.log(a * w * w * w) }
    var (low, high) = (-750.0, 710.0)
    u = min(max(u, low), high)
    for _ in 0..<200 {
      let x = Portable.exp(u)
      let error = lower ? (gammaP(a, x) - p) / p : (q - gammaQ(a, x)) / q
      if error == 0 { break }
      if error > 0 { high = u } else { low = u }
      // d log tail / du = x·f(x) / tail
      let slope = Portable.exp(a * u - x - logGamma(a)) / (lower ? p : q)
      var next = u - error / slope
      if !(next > low && next < high) { next = (low + high) / 2 }
      let step = (next - u).magnitude
      u = next
      if step < 1e-15 * max(1, u.magnitude) { break }
    }
    return Portable.exp(u)
  }
}
