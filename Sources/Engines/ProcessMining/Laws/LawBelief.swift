public import Determinism
import Estimation
public import Probability

/// What a log says about one duration: the chosen law, how well it fits, and how uncertain its numbers are.
public struct LawBelief: Sendable, Hashable, Codable {
  /// The law at its most likely numbers, in seconds; the observed values where no family fits.
  public var law: Law
  /// `exponential`, `gamma`, `lognormal`, `weibull`, `empirical` or `constant`.
  public var family: String
  /// How many lengths were seen to their end, and how many were cut off.
  public var completions: Int
  public var censored: Int
  /// Standard errors of the log of the mean, and of the log of the shape or coefficient of variation.
  public var logMeanError: Double
  public var logShapeError: Double
  /// The greatest distance between the law's distribution function and the data's, times √n. About 0.9 is what a right family shows at most.
  public var distance: Double

  /// One draw of the law from what is believed of it: log-normal errors of mean and shape; for observed values, a bootstrap sample of them.
  ///
  /// - Source: B. Efron 1979, doi:10.1214/aos/1176344552.
  public func draw(_ stream: inout RandomStream) -> Law {
    let (a, b) = (Portable.exp(logMeanError * stream.normal()), Portable.exp(min(max(logShapeError * stream.normal(), -1), 1)))
    switch law {
    case .exponential(let mean): return .exponential(mean: mean * a)
    case .gamma(let mean, let cv): return .gamma(mean: mean * a, cv: min(cv * b, 10))
    case .lognormal(let mean, let cv): return .lognormal(mean: mean * a, cv: min(cv * b, 10))
    case .weibull(let mean, let shape): return .weibull(mean: mean * a, shape: max(shape * b, 0.15))
    case .empirical(let values):
      return .empirical((0..<values.count).map { _ in values[stream.integer(below: values.count)] }.sorted())
    case .constant, .uniform, .triangular: return law
    }
  }
}
