/// Student's t law with any positive number of degrees of freedom.
public enum StudentT {
  /// P(T ≤ t).
  public static func cdf(_ t: Double, degreesOfFreedom n: Double) -> Double {
    if t.isNaN || !(n > 0) { return .nan }
    let tail = 0.5 * Special.beta(n / 2, 0.5, n / (n + t * t))
    return t > 0 ? 1 - tail : tail
  }

  /// The t at which P(T ≤ t) = p, e.g. p = 0.975 for a two-sided interval of 95 %.
  public static func quantile(_ p: Double, degreesOfFreedom n: Double) -> Double {
    if !(p > 0 && p < 1) || !(n > 0) { return p == 0 ? -.infinity : p == 1 ? .infinity : .nan }
    if p == 0.5 { return 0 }
    let tail = p < 0.5 ? p : 1 - p
    // y = t²/(n + t²) is Beta(½, n/2): near the middle it keeps the digits of t, in the tail its complement does.
    let t: Double
    if tail > 0.25 {
      let y = Special.inverseBeta(0.5, n / 2, 1 - 2 * tail)
      t = (n * y / (1 - y)).squareRoot()
    } else {
      let x = Special.inverseBeta(n / 2, 0.5, 2 * tail)
      t = (n * (1 / x - 1)).squareRoot()
    }
    return p < 0.5 ? -t : t
  }
}
