import Determinism

/// The standard normal law.
public enum Normal {
  /// log of the density at z.
  public static func logDensity(_ z: Double) -> Double { -0.5 * z * z - 0.91893853320467274178 }

  /// Φ(z). Relative error below 1e-13 in the lower tail, however far.
  ///
  /// - Source: for |z| < 2.5 J. F. Hart 1968, algorithm 5666, as given by G. West 2005, "Better approximations to cumulative normal
  ///   functions" (its error is absolute, so it does not serve the tail); beyond, Laplace's continued fraction, NIST DLMF 7.9.1.
  public static func cdf(_ z: Double) -> Double { z > 0 ? 1 - lowerTail(z) : lowerTail(-z) }

  /// 1 − Φ(z), without cancellation in the upper tail.
  public static func survival(_ z: Double) -> Double { cdf(-z) }

  /// Φ(−a) for a ≥ 0.
  private static func lowerTail(_ a: Double) -> Double {
    if a.isNaN { return a }
    if a > 38.5 { return 0 }
    let density = Portable.exp(-0.5 * a * a)
    if a < 2.5 {
      var p = 3.52624965998911e-02 * a + 0.700383064443688
      p = p * a + 6.37396220353165
      p = p * a + 33.912866078383
      p = p * a + 112.079291497871
      p = p * a + 221.213596169931
      p = p * a + 220.206867912376
      var q = 8.83883476483184e-02 * a + 1.75566716318264
      q = q * a + 16.064177579207
      q = q * a + 86.7807322029461
      q = q * a + 296.564248779674
      q = q * a + 637.333633378831
      q = q * a + 793.826512519948
      q = q * a + 440.413735824752
      return density * p / q
    }
    // From the inside out; 40 steps leave an error of about exp(−2a·√80).
    var tail = a
    var k = 40.0
    while k > 0 {
      tail = a + k / tail
      k -= 1
    }
    return density / tail / 2.50662827463100050242
  }

  /// The z at which Φ(z) = p; −∞ at 0, ∞ at 1. Relative error about 1e-16.
  ///
  /// - Source: M. J. Wichura 1988, algorithm AS 241 (PPND16), doi:10.2307/2347330.
  public static func quantile(_ p: Double) -> Double {
    if !(p > 0 && p < 1) { return p == 0 ? -.infinity : p == 1 ? .infinity : .nan }
    let q = p - 0.5
    if q.magnitude <= 0.425 {
      let r = 0.180625 - q * q
      var n = 2509.0809287301226727 * r + 33430.575583588128105
      n = n * r + 67265.770927008700853
      n = n * r + 45921.953931549871457
      n = n * r + 13731.693765509461125
      n = n * r + 1971.5909503065514427
      n = n * r + 133.14166789178437745
      n = n * r + 3.387132872796366608
      var d = 5226.495278852545925 * r + 28729.085735721942674
      d = d * r + 39307.89580009271061
      d = d * r + 21213.794301586595867
      d = d * r + 5394.1960214247511077
      d = d * r + 687.1870074920579083
      d = d * r + 42.313330701600911252
      d = d * r + 1
      return q * n / d
    }
    var r = (-Portable.log(q < 0 ? p : 1 - p)).squareRoot()
    var n: Double
    var d: Double
    if r <= 5 {
      r -= 1.6
      n = 7.7454501427834140764e-4 * r + 0.0227238449892691845833
      n = n * r + 0.24178072517745061177
      n = n * r + 1.27045825245236838258
      n = n * r + 3.64784832476320460504
      n = n * r + 5.7694972214606914055
      n = n * r + 4.6303378461565452959
      n = n * r + 1.42343711074968357734
      d = 1.05075007164441684324e-9 * r + 5.475938084995344946e-4
      d = d * r + 0.0151986665636164571966
      d = d * r + 0.14810397642748007459
      d = d * r + 0.68976733498510000455
      d = d * r + 1.6763848301838038494
      d = d * r + 2.05319162663775882187
      d = d * r + 1
    } else {
      r -= 5
      n = 2.01033439929228813265e-7 * r + 2.71155556874348757815e-5
      n = n * r + 0.0012426609473880784386
      n = n * r + 0.026532189526576123093
      n = n * r + 0.29656057182850489123
      n = n * r + 1.7848265399172913358
      n = n * r + 5.4637849111641143699
      n = n * r + 6.6579046435011037772
      d = 2.04426310338993978564e-15 * r + 1.4215117583164458887e-7
      d = d * r + 1.8463183175100546818e-5
      d = d * r + 7.868691311456132591e-4
      d = d * r + 0.0148753612908506148525
      d = d * r + 0.13692988092273580531
      d = d * r + 0.59983220655588793769
      d = d * r + 1
    }
    return q < 0 ? -n / d : n / d
  }
}
