/// The distribution of a positive quantity, such as a duration in seconds.
///
/// Every case is given by what a person knows of a machine: a mean and a coefficient of variation (cv = standard deviation / mean),
/// rather than by a textbook's shape and scale.
public enum Law: Sendable, Hashable, Codable {
  case constant(Double)
  case exponential(mean: Double)
  case gamma(mean: Double, cv: Double)
  case lognormal(mean: Double, cv: Double)
  /// Weibull with shape k: hazard grows with age for k > 1.
  case weibull(mean: Double, shape: Double)
  case uniform(low: Double, high: Double)
  case triangular(low: Double, mode: Double, high: Double)
  /// Draws one of the observed values with equal probability. Not empty.
  case empirical([Double])
}
