import Determinism
import Probability

/// The law of a completion that holds work and an unknown number of stops: see `UnseenStation`.
///
/// Work W is gamma of shape k and scale θ. Stops of rate λ = Σ λᵢ come in operating time, so a completion with few of them is more often a short one:
///
///     P(no stop) = (1 + λθ)⁻ᵏ, W then gamma(k, θ/(1 + λθ));   P(only one, of kind i) = λᵢ·kθ·(1 + λθ)⁻ᵏ⁻¹, W then gamma(k + 1, θ/(1 + λθ))
///
/// Two or more are taken as two whose sum is lognormal with the sum's mean and variance. The work beside a stop is spread over three points that
/// keep its mean and variance (Gauss and Hermite's rule).
struct UnseenCompletion {
  /// Without a stop.
  private let work: Law
  /// Probability of no stop.
  private let none: Double
  /// By kind: its probability as the only stop, and its length. The last stands for two stops.
  private var stopped: [(probability: Double, length: Law)] = []
  private let nodes: [(seconds: Double, weight: Double)]
  private let strayShare: Double
  private let mean: Double

  init(work mean: Double, deviation: Double, stops: [(rate: Double, length: Law)], strayShare: Double) {
    let cv = min(max(deviation / mean, 1e-4), 3)
    let (k, scale) = (1 / (cv * cv), cv * cv * mean)
    let rate = stops.reduce(0) { $0 + $1.rate }
    let tilt = 1 / (1 + rate * scale)
    (work, self.strayShare, self.mean) = (.gamma(mean: mean * tilt, cv: cv), strayShare, mean)
    let beside = (k + 1) * scale * tilt
    let reach = min((3 / (k + 1)).squareRoot(), 0.999) * beside
    nodes = [(beside - reach, 1.0 / 6), (beside, 2.0 / 3), (beside + reach, 1.0 / 6)]
    none = Portable.exp(k * Portable.log(tilt))
    let one = none * mean * tilt
    for kind in stops { stopped.append((one * kind.rate, kind.length)) }
    let several = 1 - none - one * rate
    guard rate > 0, several > 1e-12 else { return }
    let first = stops.reduce(0) { $0 + $1.rate / rate * $1.length.mean }
    let second = stops.reduce(0) { $0 + $1.rate / rate * ($1.length.variance + $1.length.mean * $1.length.mean) }
    let variance = max(second - first * first, 1e-9 * first * first)
    stopped.append((several, .lognormal(mean: 2 * first, cv: (2 * variance).squareRoot() / (2 * first))))
  }

  /// P(T ≤ t).
  func cumulative(_ t: Double) -> Double {
    guard t > 0 else { return 0 }
    var sum = none * work.cdf(t)
    for kind in stopped {
      for node in nodes where node.seconds < t { sum += kind.probability * node.weight * kind.length.cdf(t - node.seconds) }
    }
    return (1 - strayShare) * sum - strayShare * Portable.expm1(-t / mean)
  }
}
