internal import Determinism
public import PlantModel
public import Quantities
internal import SequentialTesting

/// Says whether randomised switchback pairs show a change's gain, its harm, or nothing yet. Pure; may be asked after every pair.
///
/// With c the claimed gain at the stage's share, on the differences of all finished pairs (`SwitchbackTally`, `RandomizedPairs`):
/// - keep where the lower bound of the gain, at confidence 1 − `alphaGain`, reaches keepShare·c;
/// - rollback where "gain ≥ 0" or "gain ≥ keepShare·c" is rejected at the looser `alphaHarm`.
///
/// All of it holds at every look taken together, whatever the noise is: nothing is asked of its law, its autocorrelation or the twin. So a
/// stage advances by the same proof as the last one settles.
public struct SwitchbackJudge: Hashable, Sendable {
  /// What the claim says of this stage's share of the move, per hour.
  public let claimed: ClaimInterval
  public let rollout: RolloutSpec
  public let rules: GovernorRules

  /// - Precondition: the claimed gain is positive (a proposal without one is refused).
  public init(claimed: ClaimInterval, rollout: RolloutSpec, rules: GovernorRules) {
    precondition(claimed.expected > 0, "a claim of \(claimed.expected) cannot be judged")
    (self.claimed, self.rollout, self.rules) = (claimed, rollout, rules)
  }

  /// Verdict on the pairs so far: keep, rollback, continue, inconclusive after the last pair, or noEvidence.
  ///
  /// - Parameters:
  ///   - evidence: windows since `evidence.since`, when the design began.
  ///   - until: how far its windows reach.
  ///   - excluding: pairs in which an arm did not stand at its set-points when its dwell began.
  public func judge(_ evidence: Evidence, _ design: SwitchbackDesign, until: Instant, excluding: Set<Int> = []) -> Judgement {
    if let flaw = evidence.flaw(rules) { return .nothing(flaw) }
    let tally = SwitchbackTally(evidence.windows, design, since: evidence.since, until: until, excluding: excluding)
    let finished = tally.count + tally.void
    guard Double(tally.void) <= rules.maxMissingShare * Double(finished) else {
      return .nothing("\(tally.void) of \(finished) pairs cannot be used")
    }
    let isOver = finished == design.spec.pairs
    guard let pairs = tally.pairs else {
      var judgement = Judgement.nothing("no pair is finished")
      judgement.verdict = .continue
      return judgement
    }
    return weigh(pairs, isOver: isOver, alphaHarm: rollout.alphaHarm)
  }

  /// - Parameter alphaHarm: level of the test for harm; that of the claim has the rollout's.
  func weigh(_ pairs: RandomizedPairs, isOver: Bool, alphaHarm: Double) -> Judgement {
    let target = rollout.keepShare * claimed.expected
    let (gain, harm, shortfall) = (pairs.logEvidence(above: 0), pairs.logEvidence(below: 0), pairs.logEvidence(below: target))
    let (lower, upper) = (pairs.lowerBound(alpha: rollout.alphaGain), pairs.upperBound(alpha: rollout.alphaGain))
    func say(_ verdict: Verdict, _ reason: String) -> Judgement {
      Judgement(
        verdict: verdict, reason: reason, estimate: pairs.estimate, lower: max(lower, -Judgement.unbounded),
        upper: min(upper, Judgement.unbounded), gainLogE: gain, harmLogE: harm, shortfallLogE: shortfall, windows: pairs.count,
        autocorrelation: 0)
    }
    guard [pairs.estimate, gain, harm, shortfall].allSatisfy({ $0.isFinite }), !lower.isNaN, !upper.isNaN else {
      return .nothing("evidence is out of all proportion")
    }
    if harm >= -Portable.log(alphaHarm) { return say(.rollback, "the change does harm") }
    if shortfall >= -Portable.log(rollout.alphaHarm) {
      return say(.rollback, "the claim fails: the gain stays below \(rollout.keepShare) of what was claimed")
    }
    if lower >= target, pairs.count >= rules.minWindows { return say(.keep, "the gain is shown by \(pairs.count) randomised pairs") }
    return isOver ? say(.inconclusive, "\(pairs.count) pairs decide nothing") : say(.continue, "not decided yet")
  }
}
