internal import Determinism
public import PlantModel
internal import Probability
internal import Quantities
internal import SequentialTesting

/// Says whether the twin's counterfactual shows a change's gain, its harm, or nothing yet. Pure; may be asked as often as one likes.
///
/// Three e-values are taken of the windows of one stage (see `AutoregressiveTest`), with c the claimed gain at the stage's share:
/// - gain: against "gain ≤ 0", rejected at `alphaGain`;
/// - harm: against "gain ≥ 0", rejected at the looser `alphaHarm`;
/// - shortfall: against "gain ≥ keepShare·c", rejected at `alphaHarm`: the claim fails, even if nothing is harmed.
///
/// Each holds at every look taken together and for every autocorrelation of the windows: none is estimated and plugged in.
///
/// **To settle** (the last stage) takes the gain's e-value *and* a size: the posterior probability that the gain is below keepShare·c must be
/// at most `alphaGain`. So the rate of settling a change that gains nothing is at most `alphaGain`, and what is settled is worth having. A
/// confidence sequence for the size would be valid at every look too (it is reported), but needs about four times the plant hours at
/// keepShare = ½; the posterior is the documented compromise: it bounds the size with a prior, and leaves the yes-or-no to the e-value. The
/// prior is the claim, but sceptical: N(c, (c/0.84)²), one chance in five that there is no gain.
///
/// **To advance** (a canary stage, small and reversible) takes the posterior's word at `alphaHarm` that there is a gain, and an estimate
/// of at least keepShare·c; a full proof at a small share would take weeks of plant time. What it lets through meets the settling test.
/// Where an advance must be proven, randomised pairs prove it (`SwitchbackJudge`, where a rollout names them).
///
/// A bias that all windows share (`Evidence.commonSD`) moves the null by its quantile and costs half of the level. A bias that nobody
/// declared and that wanders slowly below the windows' own scatter is what no analysis of one record can tell from a gain
/// (docs/judge.md has the figures): that takes the pairs.
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
    if let flaw = evidence.flaw(rules) { return .nothing(flaw) }
    return weigh(AutoregressiveTest(evidence.windows.map { ($0.gain, $0.sd) }), commonSD: evidence.commonSD)
  }

  private func weigh(_ test: AutoregressiveTest, commonSD: Double) -> Judgement {
    let claim = claimed.expected
    let target = rollout.keepShare * claim
    // A shared bias costs half of the level, and the nulls stand off by its quantile.
    let split = commonSD > 0 ? 0.5 : 1
    let offGain = commonSD > 0 ? commonSD * Normal.quantile(1 - rollout.alphaGain / 2) : 0
    let offHarm = commonSD > 0 ? commonSD * Normal.quantile(1 - rollout.alphaHarm / 2) : 0
    let gain = test.logEvidence(against: .atMost(offGain), alternatives: Self.sizes.map { (offGain + $0.times * claim, $0.weight) })
    let harm = test.logEvidence(against: .atLeast(-offHarm), alternatives: Self.sizes.map { (-offHarm - $0.times * claim, $0.weight) })
    let shortfall = test.logEvidence(
      against: .atLeast(target - offHarm),
      alternatives: Self.sizes.map { (target - offHarm - $0.times * max(target, 0.25 * claim), $0.weight) })
    let needGain = -Portable.log(rollout.alphaGain * split)
    let needHarm = -Portable.log(rollout.alphaHarm * split)
    let bounds = test.confidenceSequence(alpha: rollout.alphaGain * split, prior: prior)

    func say(_ verdict: Verdict, _ reason: String) -> Judgement {
      Judgement(
        verdict: verdict, reason: reason, estimate: test.estimate, lower: max(bounds.lower - offGain, -Judgement.unbounded),
        upper: min(bounds.upper + offGain, Judgement.unbounded), gainLogE: gain, harmLogE: harm, shortfallLogE: shortfall,
        windows: test.count, autocorrelation: test.autocorrelation)
    }
    // Finite numbers can still overflow on the way.
    guard [test.estimate, gain, harm, shortfall].allSatisfy({ $0.isFinite }), !bounds.lower.isNaN, !bounds.upper.isNaN else {
      return .nothing("evidence is out of all proportion")
    }
    if harm >= needHarm { return say(.rollback, "the change does harm") }
    if purpose == .probation { return say(.continue, "no harm shown") }
    if shortfall >= needHarm { return say(.rollback, "the claim fails: the gain stays below \(rollout.keepShare) of what was claimed") }
    guard test.count >= rules.minWindows else { return say(.continue, "\(test.count) of at least \(rules.minWindows) windows") }
    let posterior = test.posterior(prior: prior, commonSD: commonSD)
    switch purpose {
    case .advance:
      if posterior.probability(below: 0) <= rollout.alphaHarm, test.estimate >= target { return say(.keep, "a gain is likely, and no harm shown") }
    default:
      if gain >= needGain, posterior.probability(below: target) <= rollout.alphaGain { return say(.keep, "the gain is shown") }
    }
    return say(.continue, "not decided yet")
  }

  /// Multiples of the claim at which the effect is looked for.
  private static let sizes: [(times: Double, weight: Double)] = [(0.5, 0.25), (1, 0.5), (1.5, 0.25)]

  /// The claim, as a sceptic believes it.
  private var prior: (mean: Double, sd: Double) {
    let width = (claimed.upper - claimed.lower) / 2 / 1.645
    return (claimed.expected, max(width, claimed.expected / 0.8416))
  }
}
