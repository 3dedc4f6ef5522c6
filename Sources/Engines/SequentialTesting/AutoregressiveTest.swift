import Determinism
import Probability

/// Evidence on the mean of a series of windows whose noise may be autocorrelated by any amount, valid at every look.
///
/// Against a null hypothesis H (a range of means, with every φ of 0 … 0.9999) stands the universal e-value
///
///     E = q(x₁…xₙ) / sup over μ ∈ H and φ of L(μ, φ)
///
/// with q a mixture of likelihoods that was fixed beforehand: autocorrelations of 0, 0.3, 0.6 and 0.85, and the means that are looked for.
/// Whatever μ ∈ H and φ are true, E ≤ q/L(true), and that is a martingale that starts at 1; so P(E ever ≥ 1/α) ≤ α (Ville), with no
/// estimate of φ plugged in, and no cap on it. The price is the likelihood of the likeliest φ: some three windows for a gain of one
/// standard deviation. A gain that an offset as strong and as lasting explains as well is not shown by any number of windows.
///
/// Holds for windows whose declared standard deviations are right or (in the mean over the record) too small. A slow wander of less than
/// the windows' own scatter, below independent noise, lies outside the model, and no analysis of one record tells it from a gain: that
/// takes `RandomizedPairs`, or a declared common bias.
///
/// - Source: L. Wasserman, A. Ramdas, S. Balakrishnan 2020, doi:10.1073/pnas.1922664117 (universal inference); A. Ramdas, P. Grünwald,
///   V. Vovk, G. Shafer 2023, doi:10.1214/23-STS894 (e-processes); H. Robbins 1970, doi:10.1214/aoms/1177696786 (confidence sequences).
public struct AutoregressiveTest: Hashable, Sendable {
  private let sums: AutoregressiveSums

  /// - Parameter observations: oldest first, each with its declared standard deviation.
  public init(_ observations: [(value: Double, sd: Double)]) { sums = AutoregressiveSums(observations) }

  /// Windows that were given.
  public var count: Int { sums.count }
  /// Mean of the windows, weighted by 1/σ²; 0 where there are none.
  public var estimate: Double { sums.mean }
  /// Lag-1 autocorrelation of the windows about their mean. For people; no test rests on it.
  public var autocorrelation: Double { sums.autocorrelation }

  /// The means that a null hypothesis allows.
  public enum Null: Hashable, Sendable {
    case atMost(Double)
    case atLeast(Double)

    func clamp(_ mean: Double) -> Double {
      switch self {
      case .atMost(let bound): min(mean, bound)
      case .atLeast(let bound): max(mean, bound)
      }
    }
  }

  /// Autocorrelations that the alternative expects, with their weights.
  private static let expected: [(point: Persistence, logWeight: Double)] = [(0, 0.4), (0.3, 0.3), (0.6, 0.2), (0.85, 0.1)].map {
    (Persistence(t: -Portable.log(1 - $0)), Portable.log($1))
  }

  /// log of the e-value against a null hypothesis.
  ///
  /// - Parameter alternatives: means that are looked for, with weights that sum to 1.
  public func logEvidence(against null: Null, alternatives: [(mean: Double, weight: Double)]) -> Double {
    guard count > 0 else { return 0 }
    var terms: [Double] = []
    for (point, logWeight) in Self.expected {
      let slice = sums.slice(point)
      for (mean, weight) in alternatives { terms.append(logWeight + Portable.log(weight) + slice.logLikelihood(mean)) }
    }
    return LogSum.of(terms) - largestLogLikelihood(null)
  }

  /// The supremum over φ and the means of a null hypothesis: on the grid, then by golden section about its best point.
  private func largestLogLikelihood(_ null: Null) -> Double {
    func value(_ point: Persistence) -> Double {
      let slice = sums.slice(point)
      return slice.logLikelihood(null.clamp(slice.mean))
    }
    var (best, place) = (-Double.infinity, 0)
    for (i, point) in Persistence.grid.enumerated() {
      let found = value(point)
      if found > best { (best, place) = (found, i) }
    }
    var low = Double(max(place - 1, 0)) * Persistence.stride
    var high = Double(min(place + 1, Persistence.grid.count - 1)) * Persistence.stride
    let ratio = 0.61803398874989484820
    for _ in 0..<5 {
      let (left, right) = (high - ratio * (high - low), low + ratio * (high - low))
      let (a, b) = (value(Persistence(t: left)), value(Persistence(t: right)))
      best = max(best, a, b)
      if a > b { high = right } else { low = left }
    }
    return best
  }

  /// What holds the mean with confidence 1 − `alpha`, at every look together: all means whose likelihood, at the φ that suits them best,
  /// is not 1/α below that of the prior's mixture. The prior says where the sequence is tight, not where it is valid.
  public func confidenceSequence(alpha: Double, prior: (mean: Double, sd: Double)) -> (lower: Double, upper: Double) {
    guard count > 0 else { return (-.infinity, .infinity) }
    let mixture = LogSum.of(Self.expected.map { $0.logWeight + sums.slice($0.point).marginal(prior).log })
    let floor = mixture + Portable.log(alpha)
    var (lower, upper) = (Double.infinity, -Double.infinity)
    for point in Persistence.grid {
      let slice = sums.slice(point)
      guard slice.information > 0 else { return (-.infinity, .infinity) }
      let room = slice.logLikelihood(slice.mean) - floor
      guard room >= 0 else { continue }
      let radius = (2 * room / slice.information).squareRoot()
      (lower, upper) = (min(lower, slice.mean - radius), max(upper, slice.mean + radius))
    }
    return lower <= upper ? (lower, upper) : (estimate, estimate)
  }

  /// The posterior of the mean under a normal prior and a uniform one of φ.
  ///
  /// - Parameter commonSD: standard deviation of a bias that all windows share.
  public func posterior(prior: (mean: Double, sd: Double), commonSD: Double = 0) -> MeanPosterior {
    var parts: [MeanPosterior.Part] = []
    for point in Persistence.grid {
      // Uniform in φ: dφ = (1 − φ)·dt.
      let slice = sums.slice(point)
      let shared = slice.information > 0 ? 1 / (1 / slice.information + commonSD * commonSD) : 0
      let own = 1 / (prior.sd * prior.sd)
      let mean = (prior.mean * own + slice.mean * shared) / (own + shared)
      parts.append(
        MeanPosterior.Part(weight: Portable.log(point.gap) + slice.marginal(prior).log, mean: mean, sd: (1 / (own + shared)).squareRoot()))
    }
    let total = LogSum.of(parts.map(\.weight))
    return MeanPosterior(parts: parts.map { MeanPosterior.Part(weight: Portable.exp($0.weight - total), mean: $0.mean, sd: $0.sd) })
  }
}

/// A mixture of normal laws.
public struct MeanPosterior: Hashable, Sendable {
  struct Part: Hashable, Sendable {
    var weight: Double
    var mean: Double
    var sd: Double
  }
  let parts: [Part]

  /// Posterior mean.
  public var mean: Double { parts.reduce(0) { $0 + $1.weight * $1.mean } }

  /// Probability that the mean lies below `bound`.
  public func probability(below bound: Double) -> Double { parts.reduce(0) { $0 + $1.weight * Normal.cdf((bound - $1.mean) / $1.sd) } }
}
