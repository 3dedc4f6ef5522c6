import Determinism

extension ChangePosterior {
  /// A share of the posterior: neighbouring dates of like moments taken together.
  private struct Share {
    var before = Moments()
    var after = Moments()
    var weight = 0.0
    var spread = (sd: 0.0, freedom: 1.0)
  }
  private static let shareCount = 20

  /// The quantity before and after the change, and the ratio or difference of the two: medians and central intervals of the posterior, the
  /// date's uncertainty included.
  public func magnitude(level: Double = 0.9) -> (before: Estimate, after: Estimate, effect: Estimate) {
    let shares = weighed.shares
    func mixture(_ f: (Share) -> Double) -> Double { shares.reduce(0) { $0 + $1.weight * f($1) } }
    func mean(of stretch: (Share) -> Moments) -> Estimate {
      let means = shares.map { law.mean(of: stretch($0)) }
      let errors = shares.map { law.relativeError(of: stretch($0)) * (law.isLocated ? $0.spread.sd : 1) }
      return Estimate(level: level, about: means, errors, geometric: !law.isLocated) { q in
        mixture { law.meanCDF(q, of: stretch($0), spread: $0.spread) }
      }
    }
    let effects = shares.map { share in
      let (a, b) = (law.mean(of: share.after), law.mean(of: share.before))
      return law.learns ? (law.isLocated ? a - b : a / b) : a
    }
    let errors = shares.map { share in
      (law.relativeError(of: share.after) + (law.learns ? law.relativeError(of: share.before) : 0)) * (law.isLocated ? share.spread.sd : 1)
    }
    let effect = Estimate(level: level, about: effects, errors, geometric: !law.isLocated) { q in
      mixture { law.effectCDF(q, before: $0.before, after: $0.after, spread: $0.spread) }
    }
    let believed = law == .normalScore ? 0.0 : 1
    let before = law.learns ? mean(of: \.before) : Estimate(value: believed, low: believed, high: believed, level: level)
    let after = mean(of: \.after)
    return (before.mapped { law.quantity($0, origin: origin) }, after.mapped { law.quantity($0, origin: origin) }, effect.mapped(law.effect))
  }

  /// The candidates in order of their dates, cut into shares of like weight; a candidate may stand in several.
  private var shares: [Share] {
    var result: [Share] = []
    var share = Share()
    let size = 1 / Double(Self.shareCount)
    for (candidate, weight) in zip(candidates, weights) where weight > 1e-5 {
      var rest = weight
      while rest > 0 {
        let taken = min(rest, size - share.weight)
        share.before = share.before + candidate.before * taken
        share.after = share.after + (candidate.after + later) * taken
        share.weight += taken
        rest -= taken
        if share.weight >= size * (1 - 1e-9) {
          result.append(share)
          share = Share()
        }
      }
    }
    if share.weight > 1e-6 { result.append(share) }
    let total = result.reduce(0) { $0 + $1.weight }
    return result.map { s in
      let (before, after) = (s.before * (1 / s.weight), s.after * (1 / s.weight))
      return Share(before: before, after: after, weight: s.weight / total, spread: law.spread(before: before, after: after))
    }
  }
}

extension StreamLaw {
  /// True where the score has a location rather than a scale.
  var isLocated: Bool { self == .normal || self == .lognormal || self == .normalScore }

  /// The point estimate of the score's mean, rate or share; positive where it is one of a scale.
  fileprivate func mean(of m: Moments) -> Double {
    switch self {
    case .normal, .lognormal, .normalScore: m.mean
    case .gamma, .weibull, .exponentialScore: max(m.mean, 1e-300)
    case .poisson, .countScore: (m.sum + 0.5) / m.exposure
    case .binomial: (m.sum + 0.5) / (m.exposure + 1)
    }
  }

  /// The standard error of the mean: of its logarithm for a scale, in standard deviations for a location.
  fileprivate func relativeError(of m: Moments) -> Double {
    switch self {
    case .gamma(let shape): 1 / (shape * m.count).squareRoot()
    case .poisson, .countScore, .binomial: 1 / (m.sum + 0.5).squareRoot()
    default: 1 / m.count.squareRoot()
    }
  }
}

extension Estimate {
  /// Quantiles of a mixture whose parts stand at `centres` with standard errors `errors`: the bracket is twelve of them wide each way, and
  /// wider where a part of few observations has a heavy tail.
  fileprivate init(level: Double, about centres: [Double], _ errors: [Double], geometric: Bool, _ cdf: (Double) -> Double) {
    func end(_ sign: Double) -> [Double] {
      zip(centres, errors).map { geometric ? $0 * Portable.exp(sign * min(12 * $1 + 4 * $1 * $1, 40)) : $0 + sign * (12 + 40 * $1) * $1 }
    }
    self.init(level: level, low: end(-1).min() ?? 0, high: end(1).max() ?? 1, geometric: geometric, cdf)
  }
}
