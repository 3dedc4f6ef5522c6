import Determinism
public import Estimation
import Probability

/// Chooses the law of a duration from lengths that ended and lengths that were cut off.
public enum LawChoice {
  /// A family is left for the observed values themselves where its distance·√n exceeds this: the 1 % point of Lilliefors' statistic.
  /// (H. W. Lilliefors 1967, doi:10.1080/01621459.1967.10482916)
  static let distanceLimit = 1.035
  /// Fewer lengths than this say too little to leave the families for.
  static let leastForEmpirical = 20

  /// The family of least Akaike information (2·parameters − 2·log likelihood) among exponential, gamma, lognormal and Weibull, the censored
  /// lengths counted by their survival; the observed values where even that one does not fit and few are censored. Nil without a completion.
  /// Lengths of 0 are kept as a thousandth of the least that is longer.
  public static func choose(_ observations: [LifetimeFit.Observation]) -> LawBelief? {
    let complete = observations.filter(\.complete).map(\.value)
    guard let least = complete.filter({ $0 > 0 }).min() else {
      return complete.isEmpty ? nil : constant(0, complete.count, observations.count - complete.count)
    }
    let (low, high) = (complete.min()!, complete.max()!)
    let censored = observations.count - complete.count
    if high - low <= 1e-9 * high, censored == 0, complete.count > 1 { return constant(high, complete.count, 0) }
    let positive = observations.map { LifetimeFit.Observation(max($0.value, least * 1e-3), complete: $0.complete) }
    var best: (family: LifetimeFit.Family, law: Law, information: Double)?
    for family in LifetimeFit.Family.allCases where complete.count >= 3 || family == .exponential {
      guard let fit = try? LifetimeFit.fit(family, positive), fit.law.fault == nil, fit.logLikelihood.isFinite else { continue }
      let information = (family == .exponential ? 2.0 : 4.0) - 2 * fit.logLikelihood
      if information < best?.information ?? .infinity { best = (family, fit.law, information) }
    }
    guard let best else { return nil }
    let distance = Self.distance(best.law, complete)
    let n = Double(complete.count)
    if distance > distanceLimit, complete.count >= leastForEmpirical, censored * 5 <= complete.count {
      return LawBelief(
        law: .empirical(complete.sorted()), family: "empirical", completions: complete.count, censored: censored,
        logMeanError: 0, logShapeError: 0, distance: distance)
    }
    let errors = Self.errors(best.law, n)
    return LawBelief(
      law: best.law, family: best.family.rawValue, completions: complete.count, censored: censored, logMeanError: errors.mean,
      logShapeError: errors.shape, distance: distance)
  }

  private static func constant(_ value: Double, _ completions: Int, _ censored: Int) -> LawBelief {
    LawBelief(
      law: .constant(value), family: "constant", completions: completions, censored: censored, logMeanError: 0, logShapeError: 0, distance: 0)
  }

  /// sup |F − Fₙ|·√n over the completions.
  private static func distance(_ law: Law, _ values: [Double]) -> Double {
    let sorted = values.sorted()
    let n = Double(sorted.count)
    var greatest = 0.0
    for (i, value) in sorted.enumerated() {
      let p = law.cdf(value)
      greatest = max(greatest, abs(p - Double(i) / n), abs(Double(i + 1) / n - p))
    }
    return greatest * n.squareRoot()
  }

  /// Standard errors of log mean and log shape from n completions: the inverse of Fisher's information of each family.
  private static func errors(_ law: Law, _ n: Double) -> (mean: Double, shape: Double) {
    switch law {
    case .exponential: return ((1 / n).squareRoot(), 0)
    case .gamma(_, let cv): return (cv / n.squareRoot(), (1 / (2 * n)).squareRoot() * (1 + cv * cv).squareRoot())
    case .lognormal(_, let cv):
      let s2 = Portable.log1p(cv * cv)
      // log mean = μ + σ²/2; the error of cv through σ² is (1 + cv²)·σ²·√(2/n)/(2cv²).
      return ((s2 / n + s2 * s2 / (2 * n)).squareRoot(), min((1 + cv * cv) * s2 / (2 * cv * cv) * (2 / n).squareRoot(), 1))
    case .weibull(_, let shape):
      // var(log scale) = 1.109/(n·k²), var(log k) = 0.608/n (Lawless, Statistical Models and Methods for Lifetime Data, section 5.2).
      return ((1.109 / n).squareRoot() / shape, (0.608 / n).squareRoot())
    case .constant, .uniform, .triangular, .empirical: return (0, 0)
    }
  }
}
