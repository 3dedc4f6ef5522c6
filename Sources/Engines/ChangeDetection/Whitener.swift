import Determinism
import Probability

/// Takes the serial correlation out of a series: the residuals of an autoregression of the first order, x_t = a + φ·x_{t−1} + ε_t, whose
/// parameters are learnt as it goes.
///
/// Each residual is foretold by what came before it alone: z_t = Φ⁻¹(F_t(ε_t/(s·√(1 + h)))), with Student's t in F and h the leverage of
/// the regressor, so that it is N(0, 1) and independent of the past while the model holds, learnt parameters or not.
///
/// - Source: R. L. Brown, J. Durbin, J. M. Evans 1975, doi:10.1111/j.2517-6161.1975.tb01532.x (recursive residuals).
public struct AutoregressiveWhitener: Sendable, Hashable, Codable {
  private var previous: Double?
  private var origin = 0.0
  /// Sums of the regression over pairs (u, v) = (x_{t−1}, x_t), both less the origin.
  private var n = 0.0
  private var (su, sv, suu, suv, svv) = (0.0, 0.0, 0.0, 0.0, 0.0)
  /// Pairs after which the parameters stay as they are; learning on would also learn a change away.
  public let learningPairs: Double

  public init(learningPairs: Double = .infinity) {
    precondition(learningPairs >= 8, "too few pairs to learn from: \(learningPairs)")
    self.learningPairs = learningPairs
  }

  /// The slope φ as learnt; 0 before it can be told.
  public var coefficient: Double {
    let suuc = suu - su * su / max(n, 1)
    return n > 2 && suuc > 0 ? (suv - su * sv / n) / suuc : 0
  }

  /// Takes the next value in; its residual, or nil while fewer than four pairs have been seen or for a value that is not finite.
  public mutating func whiten(_ x: Double) -> Double? {
    guard x.isFinite else { return nil }
    guard let last = previous else {
      (previous, origin) = (x, x)
      return nil
    }
    previous = x
    let (u, v) = (last - origin, x - origin)
    defer { if n < learningPairs { learn(u, v) } }
    guard n >= 4 else { return nil }
    let (mu, mv) = (su / n, sv / n)
    let (suuc, svvc, suvc) = (suu - n * mu * mu, svv - n * mv * mv, suv - n * mu * mv)
    guard suuc > 0 else { return nil }
    let slope = suvc / suuc
    let freedom = n - 2
    let variance = (svvc - slope * suvc) / freedom
    guard variance > 0 else { return nil }
    let leverage = 1 / n + (u - mu) * (u - mu) / suuc
    let t = (v - mv - slope * (u - mu)) / (variance * (1 + leverage)).squareRoot()
    return IntegralTransform.normal(below: StudentT.cdf(t, degreesOfFreedom: freedom), above: StudentT.cdf(-t, degreesOfFreedom: freedom))
  }

  private mutating func learn(_ u: Double, _ v: Double) {
    n += 1
    su += u
    sv += v
    suu += u * u
    suv += u * v
    svv += v * v
  }
}
