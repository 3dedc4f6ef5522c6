import Determinism

extension Special {
  /// I_x(a, b): the distribution function of a Beta(a, b) quantity at x. a, b > 0.
  ///
  /// - Source: NIST DLMF 8.17.22 (continued fraction, evaluated by Lentz's method).
  public static func beta(_ a: Double, _ b: Double, _ x: Double) -> Double {
    if !(a > 0 && b > 0) || x.isNaN { return .nan }
    if x <= 0 { return 0 }
    if x >= 1 { return 1 }
    return beta(a, b, x, 1 - x, logBeta: logBeta(a, b))
  }

  /// The same with 1 − x given beside x, for whoever knows it better than by subtraction.
  private static func beta(_ a: Double, _ b: Double, _ x: Double, _ y: Double, logBeta: Double) -> Double {
    let logY = y < 0.5 ? Portable.log(y) : Portable.log1p(-x)
    let logX = x < 0.5 ? Portable.log(x) : Portable.log1p(-y)
    let factor = Portable.exp(a * logX + b * logY - logBeta)
    return x < (a + 1) / (a + b + 2) ? factor * betaFraction(a, b, x) / a : 1 - factor * betaFraction(b, a, y) / b
  }

  private static func betaFraction(_ a: Double, _ b: Double, _ x: Double) -> Double {
    let tiny = 1e-300
    func held(_ v: Double) -> Double { v.magnitude < tiny ? tiny : v }
    var c = 1.0
    var d = 1 / held(1 - (a + b) * x / (a + 1))
    var h = d
    var m = 0.0
    while m < 100_000 {
      m += 1
      let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
      d = 1 / held(1 + even * d)
      c = held(1 + even / c)
      h *= d * c
      let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      d = 1 / held(1 + odd * d)
      c = held(1 + odd / c)
      let delta = d * c
      h *= delta
      if (delta - 1).magnitude < 1e-16 { break }
    }
    return h
  }

  /// The x at which I_x(a, b) = p, for 0 ≤ p ≤ 1.
  public static func inverseBeta(_ a: Double, _ b: Double, _ p: Double) -> Double {
    if !(a > 0 && b > 0) || !(p >= 0 && p <= 1) { return .nan }
    if p == 0 || p == 1 { return p }
    // Newton's method on the log-odds of x, held inside a bracket.
    var (low, high) = (-745.0, 745.0)
    let scale = logBeta(a, b)
    // Start at the leading term of whichever end the probability lies nearer.
    var u: Double
    let left = (Portable.log(p * a) + scale) / a
    let right = (Portable.log((1 - p) * b) + scale) / b
    if left < -1.5 { u = left } else if right < -1.5 { u = -right } else { u = Portable.log(a / b) }
    u = min(max(u, low), high)
    for _ in 0..<300 {
      let e = Portable.exp(-u.magnitude)
      let (x, y) = u < 0 ? (e / (1 + e), 1 / (1 + e)) : (1 / (1 + e), e / (1 + e))
      // Whichever tail is the smaller has the digits.
      let error = p < 0.5 ? beta(a, b, x, y, logBeta: scale) - p : (1 - p) - beta(b, a, y, x, logBeta: scale)
      if error == 0 { break }
      if error > 0 { high = u } else { low = u }
      // dI/du = x^a·(1 − x)^b / B(a, b)
      let slope = Portable.exp(a * Portable.log(x) + b * Portable.log(y) - scale)
      var next = u - error / slope
      if !(next > low && next < high) { next = (low + high) / 2 }
      let step = (next - u).magnitude
      u = next
      if step < 1e-15 * max(1, u.magnitude) { break }
    }
    let e = Portable.exp(-u.magnitude)
    return u < 0 ? e / (1 + e) : 1 / (1 + e)
  }
}
