import Determinism
public import Probability

/// What is believed of an activity's law before anything is seen: log mean and log cv are independent and normal, the same for all families.
///
/// A prior is worth `strength` observations of an exponential law, of which the log mean is known to 1/√strength: with the default of one,
/// two thirds of the belief lie within a factor of e of the design's figure, and a hundred observations outweigh it a hundred times.
public struct ActivityPrior: Sendable, Hashable, Codable {
  public var logMean: GaussianPrior
  public var logCV: GaussianPrior

  public init(logMean: GaussianPrior, logCV: GaussianPrior) { (self.logMean, self.logCV) = (logMean, logCV) }

  /// - Parameters:
  ///   - mean: the design's figure, in seconds, positive.
  ///   - cv: the design's coefficient of variation; below 0.02 it is taken as 0.02, since a designer's constant is never quite one.
  ///   - strength: pseudo-observations, positive.
  public init(mean: Double, cv: Double = 1, strength: Double = 1) {
    precondition(mean > 0 && mean.isFinite && cv >= 0 && strength > 0, "a prior needs a positive mean and strength, not \(mean), \(strength)")
    let sd = 1 / strength.squareRoot()
    logMean = GaussianPrior(mean: Portable.log(mean), sd: sd)
    logCV = GaussianPrior(mean: Portable.log(min(max(cv, 0.02), 5)), sd: sd)
  }

  /// The design's law as a prior.
  public init(_ law: Law, strength: Double = 1) { self.init(mean: law.mean, cv: law.cv, strength: strength) }

  /// No belief at all: the mode is then the maximum of the likelihood. Not for a posterior, which it would not make finite.
  static let flat = ActivityPrior(logMean: GaussianPrior(mean: 0, sd: .infinity), logCV: GaussianPrior(mean: 0, sd: .infinity))
}

extension GaussianPrior {
  /// log density at x; 0 where the belief is flat.
  func logDensity(_ x: Double) -> Double {
    if sd == .infinity { return 0 }
    let z = (x - mean) / sd
    return Normal.logDensity(z) - Portable.log(sd)
  }

  var precision: Double { 1 / (sd * sd) }
}
