public import Determinism
public import Probability

/// The probability integral transform: turns an observation of any law into a residual that is Exp(1) or N(0, 1) while the law holds.
public enum IntegralTransform {
  /// −log S(x): proportional to x for an exponential law.
  public static func exponential(_ x: Double, _ law: Law) -> Double { exponential(survival: law.survival(x)) }

  /// −log S from the survival of the predictive law at x.
  public static func exponential(survival: Double) -> Double { -Portable.log(min(max(survival, 1e-300), 1)) }

  /// Φ⁻¹(F(x)), by the smaller tail, so that it keeps its digits in both.
  public static func normal(_ x: Double, _ law: Law) -> Double { normal(below: law.cdf(x), above: law.survival(x)) }

  /// Φ⁻¹ of the probability below, from that of both sides.
  public static func normal(below: Double, above: Double) -> Double {
    below < above ? Normal.quantile(max(below, 1e-300)) : -Normal.quantile(max(above, 1e-300))
  }

  /// Φ⁻¹ of a place drawn evenly from the jump of a discrete law: exactly N(0, 1) while it holds.
  ///
  /// - Parameters:
  ///   - before: P(X < x).
  ///   - upTo: P(X ≤ x).
  ///   - stream: draws one word; replaying it replays the residual.
  /// - Source: P. Dunn, G. Smyth 1996, doi:10.1080/10618600.1996.10474708.
  public static func normal(before: Double, upTo: Double, _ stream: inout RandomStream) -> Double {
    let u = stream.uniform()
    return normal(below: before + u * (upTo - before), above: (1 - upTo) + (1 - u) * (upTo - before))
  }
}
