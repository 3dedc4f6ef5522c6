import Determinism
import Probability

/// What is known of a lognormal law, log x ~ N(μ, σ²), from weighted and censored observations: normal-inverse-gamma,
/// 1/σ² ~ Gamma(ν/2, rate νs²/2), μ | σ² ~ N(m, σ²/κ).
///
/// The prior is worth `priorCount` observations centred on a law with the given mean and coefficient of variation. An observation that
/// still lasts enters at its conditional expectation given that it is longer, once (one step of expectation-maximisation).
///
/// - Source: A. Gelman et al., Bayesian Data Analysis, 3rd ed., 3.3.
public struct LognormalPosterior: Sendable, Hashable {
  /// A length in seconds. `complete` is false while it still lasts.
  public struct Observation: Sendable, Hashable {
    public var value: Double
    public var weight: Double
    public var complete: Bool
    public init(value: Double, weight: Double = 1, complete: Bool = true) { (self.value, self.weight, self.complete) = (value, weight, complete) }
  }

  public let location: Double
  /// κ, and ν with scale s².
  public let count: Double
  public let degrees: Double
  public let scale: Double

  public init(priorMean: Double, priorCV: Double, priorCount: Double, observations: [Observation]) {
    let priorVariance = Portable.log1p(max(priorCV * priorCV, 1e-4))
    let priorLocation = Portable.log(priorMean) - priorVariance / 2
    let priorDegrees = 2 * priorCount
    func fit(_ logs: [(x: Double, w: Double)]) -> (m: Double, k: Double, nu: Double, s2: Double) {
      let n = logs.reduce(0) { $0 + $1.w }
      let mean = n > 0 ? logs.reduce(0) { $0 + $1.w * $1.x } / n : priorLocation
      let k = priorCount + n
      let squares = logs.reduce(0) { $0 + $1.w * ($1.x - mean) * ($1.x - mean) }
      let between = priorCount * n / k * (mean - priorLocation) * (mean - priorLocation)
      let nu = priorDegrees + n
      return ((priorCount * priorLocation + n * mean) / k, k, nu, (priorDegrees * priorVariance + squares + between) / nu)
    }
    var logs = observations.filter { $0.complete && $0.value > 0 }.map { (x: Portable.log($0.value), w: $0.weight) }
    var result = fit(logs)
    let open = observations.filter { !$0.complete && $0.value > 0 }
    if !open.isEmpty {
      let sigma = result.s2.squareRoot()
      for observation in open {
        let z = (Portable.log(observation.value) - result.m) / sigma
        // Shorter than most, an unfinished one tells nothing yet.
        guard z > -0.5 else { continue }
        let hazard = Portable.exp(Normal.logDensity(z)) / max(Normal.survival(z), 1e-12)
        logs.append((x: result.m + sigma * hazard, w: observation.weight))
      }
      result = fit(logs)
    }
    (location, count, degrees, scale) = (result.m, result.k, result.nu, result.s2)
  }

  /// The joint draw that belongs to a uniform number and an independent standard normal one, as mean and coefficient of variation.
  /// The latter is held below 3: the tail of a lognormal mean is heavier than any shop floor's.
  public func draw(_ u: Double, _ z: Double) -> (mean: Double, cv: Double) {
    let precision = Special.inverseGammaP(degrees / 2, u) / (degrees / 2 * scale)
    let variance = min(1 / max(precision, 1e-12), Portable.log1p(9))
    let mu = location + z * (variance / count).squareRoot()
    return (Portable.exp(mu + variance / 2), Portable.expm1(variance).squareRoot())
  }

  /// P(next length ≤ x): log x is Student's t with ν degrees about m, scale s·√(1 + 1/κ).
  public func predictiveCDF(_ x: Double) -> Double {
    guard x > 0 else { return 0 }
    let t = (Portable.log(x) - location) / (scale * (1 + 1 / count)).squareRoot()
    return StudentT.cdf(t, degreesOfFreedom: degrees)
  }
}
