internal import PlantModel
internal import Quantities

extension GovernancePlan {
  /// What the judge says of evidence, and for what it was asked; nil where the evidence is not about what `state` watches.
  ///
  /// A function of its arguments alone: whoever has the facts up to a judgement, the plant folder and the evidence reaches the same one.
  public func judgement(of evidence: Evidence, in state: GovernorState) -> (judgement: Judgement, purpose: Judge.Purpose)? {
    guard let change = state.change(evidence.change), let spec = loop(change.proposal.loop) else { return nil }
    let share: Double
    let purpose: Judge.Purpose
    switch change.status {
    case .canary(let stage) where stage.step == evidence.step && stage.reached == evidence.since: (share, purpose) = (stage.share, .advance)
    case .full(let stage) where stage.step == evidence.step && stage.reached == evidence.since: (share, purpose) = (stage.share, .settle)
    case .settled(let at) where evidence.step == EvidenceRequest.probationStep && at == evidence.since && state.probation == change.id:
      (share, purpose) = (1, .probation)
    default: return nil
    }
    guard evidence.windows.allSatisfy({ $0.start >= evidence.since }) else { return nil }
    let claimed = change.proposal.claim.judged.scaled(by: share)
    // Refused since 2026-11; a ledger may hold one from before.
    guard claimed.expected > 0 else { return nil }
    if purpose != .probation, let design = switchback(of: change) {
      let until = evidence.windows.last?.end ?? evidence.since
      let judge = SwitchbackJudge(claimed: claimed, rollout: spec.rollout, rules: rules)
      return (judge.judge(evidence, design, until: until, excluding: change.pairsMissed(of: design)), purpose)
    }
    return (Judge(claimed: claimed, rollout: spec.rollout, purpose: purpose, rules: rules).judge(evidence), purpose)
  }
}
