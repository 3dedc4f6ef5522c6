import Determinism

/// An always-valid test that residuals of unit variance have mean zero: Robbins' normal mixture.
///
/// E_n = (1 + nτ²)^(−½) · exp(τ²·S_n² / (2(1 + nτ²))). Under the hypothesis, P(E_n ≥ 1/α for any n) ≤ α (Ville), so one may look after
/// every residual.
///
/// - Source: H. Robbins 1970, doi:10.1214/aoms/1177696786.
public struct MeanEProcess: Sendable, Hashable, Codable {
  /// Standard deviation of the shifts that it is most ready for.
  public let tau: Double
  public private(set) var sum = 0.0
  public private(set) var count = 0
  public init(tau: Double = 0.5) { self.tau = tau }

  public mutating func observe(_ z: Double) {
    sum += z
    count += 1
  }

  /// log E_n.
  public var logE: Double {
    let spread = 1 + Double(count) * tau * tau
    return tau * tau * sum * sum / (2 * spread) - 0.5 * Portable.log(spread)
  }

  /// The half-width of the 1 − α confidence sequence about the running mean; infinite before the first residual.
  public func halfWidth(alpha: Double) -> Double {
    guard count > 0 else { return .infinity }
    let n = Double(count)
    let spread = 1 + n * tau * tau
    return (2 * spread / (tau * tau) * (0.5 * Portable.log(spread) - Portable.log(alpha))).squareRoot() / n
  }
}
