import Determinism
import Probability

/// The law of a completion that holds work and an unknown number of stops: see `UnseenStation`.
///
/// No stop, one stop of each kind, and two or more, these taken as two whose sum is lognormal with the sum's mean and variance. The work before a
/// stop is spread over three points that keep its mean and variance (Gauss and Hermite's rule).
struct UnseenCompletion {
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
    (work, self.strayShare, self.mean) = (.gamma(mean: mean, cv: cv), strayShare, mean)
    let reach = min(1.7320508075688772 * deviation, 0.999 * mean)
    nodes = [(mean - reach, 1.0 / 6), (mean, 2.0 / 3), (mean + reach, 1.0 / 6)]
    let expected = stops.reduce(0) { $0 + $1.rate * mean }
    none = Portable.exp(-expected)
    for kind in stops { stopped.append((none * kind.rate * mean, kind.length)) }
    let several = 1 - none * (1 + expected)
    guard expected > 0, several > 1e-12 else { return }
    let first = stops.reduce(0) { $0 + $1.rate * mean / expected * $1.length.mean }
    let second = stops.reduce(0) { $0 + $1.rate * mean / expected * ($1.length.variance + $1.length.mean * $1.length.mean) }
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
