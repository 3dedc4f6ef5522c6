import Determinism
import Probability

extension StreamLaw {
  /// log q(y | past, change) − log p(y | past, no change): how much better a change of `shift` foretells the next observation.
  ///
  /// p is the exact predictive density of a law whose parameter has only been learnt (right Haar prior; Jeffreys' for counts), so that the
  /// ratio's mean under p is 1 whatever the true parameter is, and a product of ratios is a martingale. q foretells by the same learning
  /// sample with its part from after the supposed change carried back by the shift, so that a detector does not learn away what it is to
  /// find.
  ///
  /// Gamma, with T = Σy, N observations, T_c = T − S + S/c, S = Σy since the change:
  /// −a·log c + a·log(T/T_c) + a(N + 1)·log((1 + y/T)/(1 + y/(c·T_c))).
  ///
  /// - Parameters:
  ///   - shift: log of the ratio in the score's scale, or difference in standard deviations.
  ///   - past: all that has been learnt in the present regime.
  ///   - since: the part of `past` that came after the supposed change.
  /// - Source: M. Pollak, D. Siegmund 1991, doi:10.1214/aos/1176347990 (change of a normal mean of unknown initial value).
  func logRatio(_ shift: Double, _ y: Double, exposure e: Double, past: Moments, since: Moments) -> Double {
    switch self {
    case .exponentialScore: return -shift - Portable.expm1(-shift) * y
    case .normalScore: return shift * (y - shift / 2)
    case .countScore: return y * shift - Portable.expm1(shift) * e
    case .gamma(let a): return Self.gammaRatio(a, shift, y, past, since)
    case .weibull: return Self.gammaRatio(1, shift, y, past, since)
    case .lognormal, .normal: return Self.normalRatio(shift, y, past, since)
    case .poisson: return Self.poissonRatio(shift, y, e, past, since)
    case .binomial: return Self.binomialRatio(shift, y, e, past, since)
    }
  }

  private static func gammaRatio(_ a: Double, _ shift: Double, _ y: Double, _ past: Moments, _ since: Moments) -> Double {
    guard past.sum > 0 else { return 0 }
    let back = Portable.exp(-shift)
    let carried = max(past.sum - since.sum, 0) + since.sum * back
    let odds = (past.sum + y) * carried / (past.sum * (carried + y * back))
    return a * (Portable.log(past.sum / carried) - shift + (past.count + 1) * Portable.log(odds))
  }

  /// Student's t in both densities; the location and the scale of q are those of the observations carried back.
  private static func normalRatio(_ shift: Double, _ y: Double, _ past: Moments, _ since: Moments) -> Double {
    let n = past.count
    let freedom = n - 1
    guard freedom > 1, past.deviance > 0 else { return 0 }
    let spread = (past.deviance / freedom).squareRoot()
    let widening = (1 + 1 / n).squareRoot()
    // Σ(y − d·1[since])² about its mean, d = shift·spread.
    let d = shift * spread
    let mean = (past.sum - since.count * d) / n
    let deviance = past.squares - 2 * d * since.sum + since.count * d * d - n * mean * mean
    let ownSpread = (max(deviance, 1e-6 * past.deviance) / freedom).squareRoot()
    let z = (y - past.mean) / (spread * widening)
    let own = (y - mean - shift * ownSpread) / (ownSpread * widening)
    let odds = (freedom + z * z) / (freedom + own * own)
    return Portable.log(spread / ownSpread) + (freedom + 1) / 2 * Portable.log(odds)
  }

  /// Negative binomial in both: rate ~ Gamma(Σk + ½, exposure), the exposure since the change worth c times itself.
  private static func poissonRatio(_ shift: Double, _ k: Double, _ e: Double, _ past: Moments, _ since: Moments) -> Double {
    guard past.exposure > 0 else { return 0 }
    let c = Portable.exp(shift)
    let carried = past.exposure + (c - 1) * since.exposure
    let alpha = past.sum + 0.5
    let none = Portable.log1p(e / past.exposure) - Portable.log1p(c * e / carried)
    return alpha * none + k * (shift + Portable.log((past.exposure + e) / (carried + c * e)))
  }

  /// Beta-binomial in both, of the same concentration; the odds of q's mean are c times those of the share before the change.
  private static func binomialRatio(_ shift: Double, _ k: Double, _ trials: Double, _ past: Moments, _ since: Moments) -> Double {
    let concentration = past.exposure + 1
    guard past.exposure > 0 else { return 0 }
    let c = Portable.exp(shift)
    let share = (past.sum + 0.5) / concentration
    // What a share becomes when its odds are multiplied by c.
    let multiple = c / (1 - share + c * share)
    let base = min(max((past.sum - since.sum + since.sum / multiple + 0.5) / concentration, 1e-12), 1 - 1e-12)
    let changed = min(c * base / (1 - base + c * base), 1 - 1e-12)
    if trials == 1 { return k > 0.5 ? Portable.log(changed / share) : Portable.log((1 - changed) / (1 - share)) }
    let (a, b) = (changed * concentration, (1 - changed) * concentration)
    let (a0, b0) = (share * concentration, (1 - share) * concentration)
    return rising(a, k) + rising(b, trials - k) - rising(a0, k) - rising(b0, trials - k)
  }

  /// log Γ(x + k) − log Γ(x).
  private static func rising(_ x: Double, _ k: Double) -> Double {
    if k > 12 { return Special.logGamma(x + k) - Special.logGamma(x) }
    var product = 1.0
    var i = 0.0
    while i < k {
      product *= x + i
      i += 1
    }
    return Portable.log(product)
  }
}
