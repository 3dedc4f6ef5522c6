import Determinism

/// Wald's test of a probability of failure, p₀ against p₁ > p₀, that may look after each trial.
///
/// After n trials with k failures the log likelihood ratio is Λ = k·log(p₁/p₀) + (n − k)·log((1 − p₁)/(1 − p₀)); p₀ is taken where
/// Λ ≤ log(β/(1 − α)), p₁ where Λ ≥ log((1 − β)/α). Then P(p₁ taken | p₀) ≤ α/(1 − β) and P(p₀ taken | p₁) ≤ β/(1 − α), near α and β.
///
/// - Source: A. Wald 1945, doi:10.1214/aoms/1177731118.
public struct ProbabilityRatioTest: Hashable, Sendable, Codable {
  public enum Verdict: String, Hashable, Sendable, Codable { case acceptable, unacceptable, undecided }

  /// The probability that is good enough, and the one that is not.
  public let acceptable: Double
  public let unacceptable: Double
  /// Risk of refusing what is good enough, and of taking what is not.
  public let alpha: Double
  public let beta: Double

  public init(acceptable: Double, unacceptable: Double, alpha: Double = 0.05, beta: Double = 0.05) {
    precondition(0 < acceptable && acceptable < unacceptable && unacceptable < 1, "\(acceptable) against \(unacceptable)")
    precondition(alpha > 0 && beta > 0 && alpha + beta < 1, "risks \(alpha) and \(beta)")
    (self.acceptable, self.unacceptable, self.alpha, self.beta) = (acceptable, unacceptable, alpha, beta)
  }

  private var failureStep: Double { Portable.log(unacceptable / acceptable) }
  private var cleanStep: Double { Portable.log1p(-unacceptable) - Portable.log1p(-acceptable) }
  private var lower: Double { Portable.log(beta / (1 - alpha)) }
  private var upper: Double { Portable.log((1 - beta) / alpha) }

  /// What the test says after these trials.
  public func verdict(_ count: FailureCount) -> Verdict {
    let ratio = Double(count.failures) * failureStep + Double(count.trials - count.failures) * cleanStep
    return ratio <= lower ? .acceptable : ratio >= upper ? .unacceptable : .undecided
  }

  /// Trials after which the probability is acceptable if none fails.
  public var cleanTrials: Int { Int((lower / cleanStep).rounded(.up)) }

  /// What the test does where the probability of failure is `probability`: exact, by following the number of failures trial by trial.
  ///
  /// Costs about a hundred thousand steps for p of 10⁻⁴. What is undecided after `longest` trials counts as unacceptable.
  public func performance(at probability: Double, longest: Int = 10_000_000) -> Performance {
    precondition((0...1).contains(probability), "a probability of \(probability)")
    let (failureStep, cleanStep, lower, upper) = (self.failureStep, self.cleanStep, self.lower, self.upper)
    // open[i] is the probability of being undecided with first + i failures.
    var (first, open) = (0, [1.0])
    var (trials, mean, acceptance, remaining) = (0, 0.0, 0.0, 1.0)
    while remaining > 1e-12, trials < longest {
      trials += 1
      mean += remaining
      var next = [Double](repeating: 0, count: open.count + 1)
      for (i, mass) in open.enumerated() {
        next[i] += mass * (1 - probability)
        next[i + 1] += mass * probability
      }
      for i in next.indices {
        let k = first + i
        let ratio = Double(k) * failureStep + Double(trials - k) * cleanStep
        if ratio <= lower { acceptance += next[i] }
        if ratio <= lower || ratio >= upper { next[i] = 0 }
      }
      while let mass = next.last, mass == 0, next.count > 1 { next.removeLast() }
      while let mass = next.first, mass == 0, next.count > 1 {
        next.removeFirst()
        first += 1
      }
      open = next
      remaining = open.reduce(0, +)
    }
    return Performance(acceptance: acceptance, meanTrials: mean)
  }

  /// How the test goes where the probability of failure is known.
  public struct Performance: Hashable, Sendable {
    /// Probability that the test ends with `acceptable`.
    public let acceptance: Double
    /// Mean number of trials until it ends.
    public let meanTrials: Double
  }
}
