internal import Determinism
public import PlantModel
internal import SequentialTesting

/// Says whether like machines, part of which carry the move, show a change's gain, its harm, or nothing yet. Pure; may be asked after every pair.
///
/// On the differences of all finished pairs (`InterleaveTally`) it decides as `SwitchbackJudge` does, by the same e-values and whatever the noise is:
/// keep where the gain's lower bound at 1 − `alphaGain` reaches keepShare·c, rollback where "gain ≥ 0" is rejected at `alphaHarm` / 2 or
/// "gain ≥ keepShare·c" at `alphaHarm`. The other half of `alphaHarm` is for breakdowns: rollback where "machines that carry the move break down no
/// more often" is rejected.
public struct InterleaveJudge: Hashable, Sendable {
  /// What the claim says of this stage's share of the move, per hour.
  public let claimed: ClaimInterval
  /// The loop's: share of the claim that must be kept, and how often a verdict may be wrong.
  public let rollout: RolloutSpec
  /// What evidence must have to be any.
  public let rules: GovernorRules

  /// - Precondition: the claimed gain is positive (a proposal without one is refused).
  public init(claimed: ClaimInterval, rollout: RolloutSpec, rules: GovernorRules) {
    precondition(claimed.expected > 0, "a claim of \(claimed.expected) cannot be judged")
    (self.claimed, self.rollout, self.rules) = (claimed, rollout, rules)
  }

  /// Verdict on the pairs so far: keep, rollback, continue, inconclusive after the last pair, or noEvidence.
  ///
  /// - Parameter excluding: pairs in which an arm did not stand at its set-points when its dwell began.
  public func judge(_ evidence: Evidence, _ design: InterleaveDesign, excluding: Set<Int> = []) -> Judgement {
    if let flaw = evidence.flaw(rules) { return .nothing(flaw) }
    guard let windows = evidence.machines else { return .nothing("the evidence is not about single machines") }
    return judge(InterleaveTally(windows, design, since: evidence.since, until: evidence.reaches, excluding: excluding), design)
  }

  func judge(_ tally: InterleaveTally, _ design: InterleaveDesign) -> Judgement {
    let finished = tally.finished
    guard Double(tally.missing) <= rules.maxMissingShare * Double(finished) else {
      return .nothing("\(tally.missing) of \(finished) pairs cannot be used")
    }
    let broken = tally.breakdowns.logEvidence(above: 0)
    if broken >= -Portable.log(rollout.alphaHarm / 2) {
      var judgement = Judgement.nothing("machines that carry the move break down more often")
      (judgement.verdict, judgement.harmLogE, judgement.windows) = (.rollback, broken, tally.breakdowns.count)
      return judgement
    }
    guard 2 * tally.stood <= finished || tally.stood < 4 else { return .nothing("machines stood in \(tally.stood) of \(finished) pairs") }
    guard let pairs = tally.pairs else {
      var judgement = Judgement.nothing("no pair is finished that counts")
      judgement.verdict = finished == design.calendar.spec.pairs ? .noEvidence : .continue
      return judgement
    }
    let judge = SwitchbackJudge(claimed: claimed, rollout: rollout, rules: rules)
    return judge.weigh(pairs, isOver: finished == design.calendar.spec.pairs, alphaHarm: rollout.alphaHarm / 2)
  }
}
