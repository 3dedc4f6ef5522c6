import Determinism
import LinearAlgebra
import Probability

/// An exponentially weighted mean of standardised residuals: m ← (1 − λ)·m + λ·z, with alarm at |m| > L·√(λ/(2 − λ)).
///
/// - Source: S. W. Roberts 1959, doi:10.1080/00401706.1959.10489860.
public struct Ewma: Sendable, Hashable, Codable {
  public let lambda: Double
  public let limit: Double
  public private(set) var mean = 0.0

  public init(lambda: Double = 0.2, limit: Double = 2.962) {
    precondition(lambda > 0 && lambda <= 1 && limit > 0, "weight \(lambda), limit \(limit)")
    (self.lambda, self.limit) = (lambda, limit)
  }

  /// Half the width of the alarm band.
  public var threshold: Double { limit * (lambda / (2 - lambda)).squareRoot() }

  /// Takes a residual in; true where the mean stands outside its band.
  public mutating func observe(_ z: Double) -> Bool {
    mean = (1 - lambda) * mean + lambda * z
    return abs(mean) > threshold
  }

  /// The mean number of independent residuals N(`shift`, 1) until the alarm, from zero:
  /// L(u) = 1 + (1/λ)·∫ L(y)·φ((y − (1 − λ)u)/λ − δ) dy over the band.
  ///
  /// - Source: S. V. Crowder 1987, doi:10.1080/00401706.1987.10488267.
  public func averageRunLength(shift: Double = 0) -> Double {
    // The kernel is a normal density of spread λ: four nodes to each spread; an odd number, so that the middle one is zero.
    let (nodes, weights) = GaussLegendre.rule(min(max(61, Int(4 * threshold / lambda) * 2 + 1), 301), -threshold, threshold)
    let n = nodes.count
    var a = Matrix.identity(n)
    for i in 0..<n {
      for j in 0..<n {
        a[i, j] -= weights[j] / lambda * Portable.exp(Normal.logDensity((nodes[j] - (1 - lambda) * nodes[i]) / lambda - shift))
      }
    }
    guard let lengths = try? a.solve(Array(repeating: 1, count: n)), lengths[n / 2] > 0, lengths[n / 2] < 1e14 else { return .infinity }
    return lengths[n / 2]
  }

  /// The chart with this weight whose mean time to a false alarm is `falseAlarmEvery` residuals.
  public init(lambda: Double, falseAlarmEvery length: Double) {
    precondition(length > 1, "a false alarm every \(length)")
    self.init(lambda: lambda, limit: Threshold.reaching(length) { Ewma(lambda: lambda, limit: $0).averageRunLength() })
  }
}
