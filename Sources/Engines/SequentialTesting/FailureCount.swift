import Determinism
import Probability

/// What so many failures in so many independent trials say of the probability of failure p.
///
/// - Source: C. J. Clopper, E. S. Pearson 1934, doi:10.1093/biomet/26.4.404; J. A. Hanley, A. Lippman-Hand 1983,
///   doi:10.1001/jama.1983.03330370053031 (rule of three: no failure in n trials bounds p by about 3/n).
public struct FailureCount: Hashable, Sendable, Codable {
  /// Trials that failed.
  public let failures: Int
  /// Trials that were made.
  public let trials: Int

  /// - Precondition: 0 ≤ failures ≤ trials.
  public init(failures: Int, trials: Int) {
    precondition(failures >= 0 && trials >= failures, "\(failures) failures in \(trials) trials")
    (self.failures, self.trials) = (failures, trials)
  }

  /// The p that is exceeded with probability at most 1 − `confidence`: P(at most as many failures | p) = 1 − confidence. 1 where nothing was tried.
  public func upperBound(confidence: Double) -> Double {
    failures == trials ? 1 : Special.inverseBeta(Double(failures + 1), Double(trials - failures), confidence)
  }

  /// The p that is undercut with probability at most 1 − `confidence`; 0 where nothing failed.
  public func lowerBound(confidence: Double) -> Double {
    failures == 0 ? 0 : Special.inverseBeta(Double(failures), Double(trials - failures + 1), 1 - confidence)
  }

  /// How many trials, of which at most `failures` fail, show with this confidence that p is below `probability`.
  ///
  /// The least n with P(at most `failures` of n | p) ≤ 1 − confidence. To 95 %: 299 for 0.01, 2,995 for 0.001, 29,956 for 0.0001 without
  /// a failure; 4,742 for 0.001 with one, 6,294 with two. The plan must be fixed beforehand: whoever goes on trying after a failure until
  /// the count fits has a smaller confidence (`ProbabilityRatioTest` may look after each trial).
  public static func trials(toShowBelow probability: Double, confidence: Double, allowing failures: Int = 0) -> Int {
    precondition(probability > 0 && probability < 1 && confidence > 0 && confidence < 1 && failures >= 0, "p < \(probability) at \(confidence)")
    /// P(at most `failures` of n): I_{1−p}(n − failures, failures + 1).
    func chance(_ n: Int) -> Double { Special.beta(Double(n - failures), Double(failures + 1), 1 - probability) }
    let level = 1 - confidence
    var (low, high) = (failures, failures + 1)
    while chance(high) > level { (low, high) = (high, 2 * high) }
    while high - low > 1 {
      let middle = (low + high) / 2
      if chance(middle) <= level { high = middle } else { low = middle }
    }
    return high
  }
}
