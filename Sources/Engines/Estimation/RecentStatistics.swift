import Determinism
import Probability

/// Fading sums of one activity and what they predict of the next observation, for an exponential law with unknown rate and a lognormal
/// law with both parameters unknown. The prior does not fade.
///
/// - Source: A. Gelman et al., Bayesian Data Analysis, 3rd ed., 2.6 and 3.3.
struct RecentStatistics: Sendable, Hashable, Codable {
  /// Ends seen and time lived through; weight, mean and scatter of the logarithms.
  private var ended = 0.0
  private var lived = 0.0
  private var weight = 0.0
  private var logMean = 0.0
  private var scatter = 0.0

  enum Model: String, Sendable, Hashable, Codable, CaseIterable { case exponential, lognormal }

  /// Everything seen so far counts `factor` of what it did.
  mutating func fade(_ factor: Double) {
    ended *= factor
    lived *= factor
    weight *= factor
    scatter *= factor
  }

  /// log of the predictive density, or of the probability to last longer where `complete` is false.
  func logScore(_ x: Double, complete: Bool, _ model: Model, _ prior: ActivityPrior) -> Double {
    switch model {
    case .exponential:
      let shape = prior.logMean.precision + ended
      let time = prior.logMean.precision * Portable.exp(prior.logMean.mean) + lived
      let survival = shape * (Portable.log(time) - Portable.log(time + x))
      return complete ? survival + Portable.log(shape) - Portable.log(time + x) : survival
    case .lognormal:
      let (m, kappa, nu, square) = logPosterior(prior)
      let scale = (square * (1 + 1 / kappa)).squareRoot()
      let t = (Portable.log(x) - m) / scale
      guard complete else { return Portable.log(max(StudentT.cdf(-t, degreesOfFreedom: nu), 1e-300)) }
      let constant = Special.logGamma((nu + 1) / 2) - Special.logGamma(nu / 2) - 0.5 * Portable.log(nu * 3.14159265358979323846)
      return constant - Portable.log(scale) - (nu + 1) / 2 * Portable.log1p(t * t / nu) - Portable.log(x)
    }
  }

  /// Takes a duration in. One that was cut enters the lognormal sums at what it may be expected to have become, and only if it is long
  /// enough to tell anything.
  mutating func observe(_ x: Double, complete: Bool, weight w: Double, _ prior: ActivityPrior) {
    lived += w * x
    if complete { ended += w }
    var y = Portable.log(x)
    if !complete {
      let (m, _, _, square) = logPosterior(prior)
      let sigma = square.squareRoot()
      let z = (y - m) / sigma
      guard z > -0.5 else { return }
      y = m + sigma * Portable.exp(Normal.logDensity(z)) / max(Normal.survival(z), 1e-12)
    }
    let whole = weight + w
    let gap = y - logMean
    logMean += gap * w / whole
    scatter += gap * gap * w * weight / whole
    weight = whole
  }

  /// m, κ, ν and s² of the normal-inverse-gamma posterior of the logarithms. The prior counts as much as its precision says, at least a
  /// quarter of an observation: below, a predictive density need not have a mean.
  private func logPosterior(_ prior: ActivityPrior) -> (Double, Double, Double, Double) {
    let count = max(prior.logMean.precision, 0.25)
    let variance = Portable.log1p(Portable.exp(2 * prior.logCV.mean))
    let center = prior.logMean.mean - variance / 2
    let (kappa, nu) = (count + weight, 2 * count + weight)
    let between = count * weight / kappa * (logMean - center) * (logMean - center)
    return ((count * center + weight * logMean) / kappa, kappa, nu, (2 * count * variance + scatter + between) / nu)
  }
}
