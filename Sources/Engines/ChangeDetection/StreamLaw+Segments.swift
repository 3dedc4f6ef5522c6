import Determinism
import Probability

extension StreamLaw {
  /// log of the marginal likelihood of a stretch that changed once, but for what all ways to cut it have in common.
  ///
  /// Before the change the prior is the one that the detector learns by; after it, it is centred on the learnt value and as wide as one
  /// observation (mean of a normal: two standard deviations), so that cuts of every length compare.
  ///
  /// - Source: C. Inclán 1993, doi:10.1080/07350015.1993.10509958; D. Barry, J. Hartigan 1992, doi:10.1214/aos/1176348521 (product partitions).
  func logEvidence(before: Moments, after: Moments) -> Double {
    switch self {
    case .gamma(let a): return Self.scaleEvidence(a, before, after)
    case .weibull: return Self.scaleEvidence(1, before, after)
    case .exponentialScore: return -before.sum + Special.logGamma(1 + after.count) - (1 + after.count) * Portable.log(1 + after.sum)
    case .poisson:
      let rate = (before.sum + 0.5) / before.exposure
      return Special.logGamma(before.sum + 0.5) - (before.sum + 0.5) * Portable.log(before.exposure) - Portable.log(rate)
        + Special.logGamma(1 + after.sum) - (1 + after.sum) * Portable.log(1 / rate + after.exposure)
    case .countScore: return -before.exposure + Special.logGamma(1 + after.sum) - (1 + after.sum) * Portable.log(1 + after.exposure)
    case .binomial:
      let beta = (before.exposure - before.sum + 0.5) / (before.sum + 0.5)
      return Special.logBeta(before.sum + 0.5, before.exposure - before.sum + 0.5)
        + Special.logBeta(1 + after.sum, beta + after.exposure - after.sum) - Special.logBeta(1, beta)
    case .normalScore:
      let wide = 1 + 4 * after.count
      return -before.squares / 2 - (after.deviance + after.count * after.mean * after.mean / wide) / 2 - Portable.log(wide) / 2
    case .normal, .lognormal:
      let wide = 1 + after.count * (4 + 1 / before.count)
      let gap = after.mean - before.mean
      let deviance = before.deviance + after.deviance + gap * gap * after.count / wide
      let freedom = before.count + after.count - 1
      return -(Portable.log(before.count) + Portable.log(wide) + freedom * Portable.log(max(deviance, 1e-300))) / 2
    }
  }

  /// The same of a stretch that did not change.
  func logEvidence(of all: Moments) -> Double {
    switch self {
    case .gamma(let a): return Special.logGamma(a * all.count) - a * all.count * Portable.log(all.sum)
    case .weibull: return Special.logGamma(all.count) - all.count * Portable.log(all.sum)
    case .exponentialScore: return -all.sum
    case .poisson: return Special.logGamma(all.sum + 0.5) - (all.sum + 0.5) * Portable.log(all.exposure)
    case .countScore: return -all.exposure
    case .binomial: return Special.logBeta(all.sum + 0.5, all.exposure - all.sum + 0.5)
    case .normalScore: return -all.squares / 2
    case .normal, .lognormal: return -(Portable.log(all.count) + (all.count - 1) * Portable.log(max(all.deviance, 1e-300))) / 2
    }
  }

  /// Rates before: Gamma(a·n, Σy); after: Gamma(1, Σy/(a·n)) as prior.
  private static func scaleEvidence(_ a: Double, _ before: Moments, _ after: Moments) -> Double {
    guard before.sum > 0 else { return -.infinity }
    let inverse = before.sum / (a * before.count)
    return Special.logGamma(a * before.count) - a * before.count * Portable.log(before.sum) + Portable.log(inverse)
      + Special.logGamma(1 + a * after.count) - (1 + a * after.count) * Portable.log(inverse + after.sum)
  }

  /// P(mean ≤ q | a stretch) of the score, with no prior information of its own.
  ///
  /// - Parameter spread: standard deviation of a normal score with its degrees of freedom.
  func meanCDF(_ q: Double, of m: Moments, spread: (sd: Double, freedom: Double)) -> Double {
    switch self {
    case .gamma(let a): return Special.gammaQ(a * m.count, a * m.sum / q)
    case .weibull, .exponentialScore: return Special.gammaQ(m.count, m.sum / q)
    case .poisson, .countScore: return Special.gammaP(m.sum + 0.5, q * m.exposure)
    case .binomial: return Special.beta(m.sum + 0.5, m.exposure - m.sum + 0.5, q)
    case .normalScore: return Normal.cdf((q - m.mean) * m.count.squareRoot())
    case .normal, .lognormal: return StudentT.cdf((q - m.mean) * m.count.squareRoot() / spread.sd, degreesOfFreedom: spread.freedom)
    }
  }

  /// P(effect ≤ q): ratio of the score's means after and before, or their difference where the score is normal.
  func effectCDF(_ q: Double, before: Moments, after: Moments, spread: (sd: Double, freedom: Double)) -> Double {
    switch self {
    case .gamma(let a): return Self.ratioCDF(q, a * before.count, before.sum, a * after.count, after.sum)
    case .weibull: return Self.ratioCDF(q, before.count, before.sum, after.count, after.sum)
    case .poisson: return 1 - Self.ratioCDF(1 / q, before.sum + 0.5, before.exposure, after.sum + 0.5, after.exposure)
    case .exponentialScore, .countScore, .normalScore: return meanCDF(q, of: after, spread: spread)
    case .binomial:
      // Katz's logarithm of a ratio of shares.
      let (k, l) = (before.sum + 0.5, after.sum + 0.5)
      let (n, m) = (before.exposure + 1, after.exposure + 1)
      let sd = (1 / k - 1 / n + 1 / l - 1 / m).squareRoot()
      return Normal.cdf((Portable.log(q) - Portable.log(l / m * n / k)) / sd)
    case .normal, .lognormal:
      let sd = spread.sd * (1 / before.count + 1 / after.count).squareRoot()
      return StudentT.cdf((q - after.mean + before.mean) / sd, degreesOfFreedom: spread.freedom)
    }
  }

  /// P((S₂/G₂)/(S₁/G₁) ≤ q) with G ~ Gamma(α): G₁/(G₁ + G₂) is Beta; of great shapes the logarithm is normal.
  private static func ratioCDF(_ q: Double, _ alpha1: Double, _ s1: Double, _ alpha2: Double, _ s2: Double) -> Double {
    if min(alpha1, alpha2) > 1000 {
      let mean = Portable.log(s2 / s1) + Special.digamma(alpha1) - Special.digamma(alpha2)
      return Normal.cdf((Portable.log(q) - mean) / (1 / alpha1 + 1 / alpha2).squareRoot())
    }
    return Special.beta(alpha1, alpha2, q * s1 / (s2 + q * s1))
  }

  /// What is normal, and how sure that is: the pooled standard deviation about the two means.
  func spread(before: Moments, after: Moments) -> (sd: Double, freedom: Double) {
    let freedom = max(before.count + after.count - 2, 1)
    return ((max(before.deviance + after.deviance, 1e-300) / freedom).squareRoot(), freedom)
  }

  /// The quantity that people name, from the mean of the score: mean duration, median of a lognormal, rate, share.
  func quantity(_ mean: Double, origin: Double) -> Double {
    switch self {
    case .weibull(let k): return Portable.pow(mean, 1 / k) * Portable.exp(Special.logGamma(1 + 1 / k))
    case .lognormal: return Portable.exp(mean + origin)
    case .normal: return mean + origin
    default: return mean
    }
  }

  /// The ratio or difference that people name, from that of the score.
  func effect(_ score: Double) -> Double {
    switch self {
    case .weibull(let k): return Portable.pow(score, 1 / k)
    case .lognormal: return Portable.exp(score)
    default: return score
    }
  }
}
