import Determinism

/// Special functions that estimators need. All are made of `Portable` functions, so they give the same bits on every machine.
public enum Special {
  /// log Γ(x) for x > 0, by Stirling's series after moving x above 15. Relative error about 1e-15.
  ///
  /// - Source: NIST DLMF 5.11.1.
  public static func logGamma(_ x: Double) -> Double {
    if !(x > 0) { return x == 0 ? .infinity : .nan }
    if x == .infinity { return x }
    if x == 1 || x == 2 { return 0 }
    var y = x
    var product = 1.0
    while y < 15 {
      product *= y
      y += 1
    }
    let z = 1 / (y * y)
    var series = z * (-691.0 / 360_360 + z * (1.0 / 156 - z * (3617.0 / 122_400)))
    series = z * (-1.0 / 360 + z * (1.0 / 1260 + z * (-1.0 / 1680 + z * (1.0 / 1188 + series))))
    series = (1.0 / 12 + series) / y
    let halfLog2Pi = 0.91893853320467274178
    return (y - 0.5) * Portable.log(y) - y + halfLog2Pi + series - Portable.log(product)
  }

  /// ψ(x) = d log Γ(x) / dx for x > 0.
  ///
  /// - Source: NIST DLMF 5.11.2.
  public static func digamma(_ x: Double) -> Double {
    if !(x > 0) { return .nan }
    var y = x
    var shift = 0.0
    while y < 10 {
      shift += 1 / y
      y += 1
    }
    let z = 1 / (y * y)
    let series =
      z * (1.0 / 12 - z * (1.0 / 120 - z * (1.0 / 252 - z * (1.0 / 240 - z * (1.0 / 132 - z * (691.0 / 32760 - z / 12))))))
    return Portable.log(y) - 0.5 / y - series - shift
  }

  /// ψ′(x) for x > 0.
  ///
  /// - Source: NIST DLMF 5.15.8.
  public static func trigamma(_ x: Double) -> Double {
    if !(x > 0) { return .nan }
    var y = x
    var shift = 0.0
    while y < 12 {
      shift += 1 / (y * y)
      y += 1
    }
    let z = 1 / (y * y)
    let series = z * (1.0 / 6 - z * (1.0 / 30 - z * (1.0 / 42 - z * (1.0 / 30 - z * (5.0 / 66 - z * (691.0 / 2730))))))
    return 1 / y + 0.5 * z + series / y + shift
  }

  /// log B(a, b).
  public static func logBeta(_ a: Double, _ b: Double) -> Double { logGamma(a) + logGamma(b) - logGamma(a + b) }
}
