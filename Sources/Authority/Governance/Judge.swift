internal import Foundation
public import PlantModel
internal import Quantities

/// Says whether the evidence shows a change's gain, its harm, or nothing yet. Pure; may be asked as often as one likes.
///
/// Three e-processes run on the windows of one stage (see `EProcess`), with c the claimed gain at the stage's share:
/// - gain: against "gain ≤ 0", rejected at `alphaGain`;
/// - harm: against "gain ≥ 0", rejected at the looser `alphaHarm`;
/// - shortfall: against "gain ≥ keepShare·c", rejected at `alphaHarm`: the claim fails, even if nothing is harmed.
///
/// **To settle** (the last stage) takes the gain e-process *and* a size: the lower bound at `alphaGain` of the posterior of the gain must
/// reach keepShare·c. So the rate of settling a change that gains nothing is at most `alphaGain`, at every look taken together, and what is
/// settled is worth having. A confidence sequence for the size would be valid at every look too, but needs about four times the plant
/// hours at keepShare = ½; the posterior is the documented compromise ("sufficient" rule): it bounds the size with a prior, and leaves
/// the yes-or-no to the e-process. The prior is the claim, but sceptical: N(c, (c/0.84)²), one chance in five that there is no gain.
///
/// **To advance** (a canary stage, small and reversible) takes the posterior's word at `alphaHarm` that there is a gain, and an estimate
/// of at least keepShare·c; a full proof at a small share would take weeks of plant time. What it lets through meets the settling test.
///
/// Dependence between windows is met by inflating their variance by an estimated (1 + φ)/(1 − φ), see `WindowSums`; a bias that all
/// windows share (`Evidence.commonSD`) by moving the null by its quantile and halving the level.
public struct Judge: Hashable, Sendable {
  public enum Purpose: Hashable, Sendable { case advance, settle, probation }
  /// What the claim says of this stage's share of the move, per hour.
  public let claimed: ClaimInterval
  public let rollout: RolloutSpec
  public let purpose: Purpose
  public let rules: GovernorRules

  /// - Precondition: the claimed gain is positive (a proposal without one is refused).
  public init(claimed: ClaimInterval, rollout: RolloutSpec, purpose: Purpose, rules: GovernorRules) {
    precondition(claimed.expected > 0, "a claim of \(claimed.expected) cannot be judged")
    (self.claimed, self.rollout, self.purpose, self.rules) = (claimed, rollout, purpose, rules)
  }

  /// Verdict on the evidence so far: keep, rollback, continue or noEvidence. Whether the time is up (inconclusive) is not its business.
  public func judge(_ evidence: Evidence) -> Judgement {
    guard evidence.complete else { return nothing("evidence is not complete") }
    guard evidence.missingShare <= rules.maxMissingShare else {
      return nothing("a share of \(evidence.missingShare) of the telemetry is missing")
    }
    guard evidence.windows.allSatisfy(\.isSound), evidence.commonSD.isFinite, evidence.commonSD >= 0 else {
      return nothing("evidence holds numbers that are not finite")
    }
    guard zip(evidence.windows, evidence.windows.dropFirst()).allSatisfy({ $0.end <= $1.start }) else {
      return nothing("evidence windows overlap")
    }
    return weigh(WindowSums(evidence.windows), commonSD: evidence.commonSD)
  }

  private func weigh(_ sums: WindowSums, commonSD: Double) -> Judgement {
    let claim = claimed.expected
    let target = rollout.keepShare * claim
    // A shared bias costs half of the level, and the nulls stand off by its quantile.
    let split = commonSD > 0 ? 0.5 : 1
    let offGain = commonSD > 0 ? commonSD * Self.quantile(1 - rollout.alphaGain / 2) : 0
    let offHarm = commonSD > 0 ? commonSD * Self.quantile(1 - rollout.alphaHarm / 2) : 0
    let gain = EProcess(boundary: offGain, alternatives: Self.sizes.map { (offGain + $0.times * claim, $0.weight) }).logValue(sums)
    let harm = EProcess(boundary: -offHarm, alternatives: Self.sizes.map { (-offHarm - $0.times * claim, $0.weight) }).logValue(sums)
    let shortfall = EProcess(
      boundary: target - offHarm, alternatives: Self.sizes.map { (target - offHarm - $0.times * max(target, 0.25 * claim), $0.weight) }
    ).logValue(sums)
    let needGain = log(1 / (rollout.alphaGain * split))
    let needHarm = log(1 / (rollout.alphaHarm * split))
    let bounds = confidence(sums, commonSD: commonSD)

    func say(_ verdict: Verdict, _ reason: String) -> Judgement {
      Judgement(
        verdict: verdict, reason: reason, estimate: sums.mean, lower: bounds.lower, upper: bounds.upper, gainLogE: gain, harmLogE: harm,
        shortfallLogE: shortfall, windows: sums.count, autocorrelation: sums.autocorrelation)
    }
    // Finite numbers can still overflow on the way.
    guard [sums.mean, bounds.lower, bounds.upper, gain, harm, shortfall].allSatisfy(\.isFinite) else {
      return nothing("evidence is out of all proportion")
    }
    if harm >= needHarm { return say(.rollback, "the change does harm") }
    if purpose == .probation { return say(.continue, "no harm shown") }
    if shortfall >= needHarm { return say(.rollback, "the claim fails: the gain stays below \(rollout.keepShare) of what was claimed") }
    guard sums.count >= rules.minWindows else { return say(.continue, "\(sums.count) of at least \(rules.minWindows) windows") }
    let posterior = self.posterior(sums, commonSD: commonSD)
    switch purpose {
    case .advance:
      let lower = posterior.mean - Self.quantile(1 - rollout.alphaHarm) * posterior.sd
      if lower > 0, sums.mean >= target { return say(.keep, "a gain is likely, and no harm shown") }
    default:
      let lower = posterior.mean - Self.quantile(1 - rollout.alphaGain) * posterior.sd
      if gain >= needGain, lower >= target { return say(.keep, "the gain is shown") }
    }
    return say(.continue, "not decided yet")
  }

  /// Multiples of the claim at which the effect is looked for.
  private static let sizes: [(times: Double, weight: Double)] = [(0.5, 0.25), (1, 0.5), (1.5, 0.25)]

  private func posterior(_ sums: WindowSums, commonSD: Double) -> (mean: Double, sd: Double) {
    let width = (claimed.upper - claimed.lower) / 2 / 1.645
    let prior = max(width, claimed.expected / 0.8416)
    let information = sums.information > 0 ? 1 / (1 / sums.information + commonSD * commonSD) : 0
    let precision = 1 / (prior * prior) + information
    return ((claimed.expected / (prior * prior) + sums.mean * information) / precision, (1 / precision).squareRoot())
  }

  /// Two-sided normal-mixture confidence sequence (Robbins 1970) at level 1 − 2·alphaGain, tuned to the claim's size.
  private func confidence(_ sums: WindowSums, commonSD: Double) -> (lower: Double, upper: Double) {
    guard sums.information > 0 else { return (-Self.unbounded, Self.unbounded) }
    let tuned = 1 / (claimed.expected * claimed.expected)
    let total = sums.information + tuned
    let radius = (2 * total * log((total / tuned).squareRoot() / rollout.alphaGain)).squareRoot() / sums.information
    let wide = radius + commonSD * Self.quantile(1 - rollout.alphaGain / 2)
    return (max(sums.mean - wide, -Self.unbounded), min(sums.mean + wide, Self.unbounded))
  }

  private func nothing(_ reason: String) -> Judgement { .nothing(reason) }

  private static let unbounded = Judgement.unbounded

  /// The standard normal quantile, by bisection on erfc; 0.5 ≤ p < 1.
  static func quantile(_ p: Double) -> Double {
    guard p > 0.5 else { return 0 }
    var (low, high) = (0.0, 38.0)
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if erfc(middle / 2.0.squareRoot()) / 2 > 1 - p { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }
}
