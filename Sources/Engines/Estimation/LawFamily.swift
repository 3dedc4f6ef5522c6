import Determinism
public import Probability

/// The families of laws that calibration chooses from.
public enum LawFamily: String, Sendable, Hashable, Codable, CaseIterable {
  /// Always the same: chosen where the values do not differ.
  case constant
  case exponential, gamma, lognormal, weibull
  /// The observed values themselves: chosen where no other family fits.
  case empirical

  /// The families with a formula, which are weighed against one another.
  public static let parametric: [LawFamily] = [.exponential, .gamma, .lognormal, .weibull]

  /// Free parameters.
  var parameters: Int {
    switch self {
    case .constant, .exponential: 1
    case .gamma, .lognormal, .weibull: 2
    case .empirical: 0
    }
  }

  /// The law of a parametric family with this log mean and spread: log cv, but −log shape for Weibull, so that a greater spread always
  /// means a wider law.
  func law(logMean: Double, spread: Double) -> Law {
    let mean = Portable.exp(logMean)
    switch self {
    case .exponential: return .exponential(mean: mean)
    case .gamma: return .gamma(mean: mean, cv: Portable.exp(spread))
    case .lognormal: return .lognormal(mean: mean, cv: Portable.exp(spread))
    case .weibull: return .weibull(mean: mean, shape: Portable.exp(-spread))
    case .constant, .empirical: preconditionFailure("\(rawValue) is not given by a mean and a spread")
    }
  }

  /// The spread at a log cv. Weibull shapes follow cv^−1.086 closely from cv 0.05 to 1.5, and more is not asked of a prior and a start.
  func spread(logCV: Double) -> Double { self == .weibull ? 1.086 * logCV : logCV }

  /// Where spreads are sought: from one part in eight thousand to seven times the mean.
  static let spreads = -9.0...2.0
}

extension Law {
  /// The family that a law belongs to; nil for uniform and triangular ones, which are given by people, not found in data.
  public var family: LawFamily? {
    switch self {
    case .constant: .constant
    case .exponential: .exponential
    case .gamma: .gamma
    case .lognormal: .lognormal
    case .weibull: .weibull
    case .empirical: .empirical
    case .uniform, .triangular: nil
    }
  }
}
