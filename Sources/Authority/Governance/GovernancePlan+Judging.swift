internal import PlantModel
internal import Quantities

extension GovernancePlan {
  /// What the judge says of evidence, and for what it was asked; nil where the evidence is not about what `state` watches.
  ///
  /// A function of its arguments alone: whoever has the facts up to a judgement, the plant folder and the evidence reaches the same one.
  public func judgement(of evidence: Evidence, in state: GovernorState) -> (judgement: Judgement, purpose: Judge.Purpose)? {
    guard let change = state.change(evidence.change), let spec = loop(of: change.proposal) else { return nil }
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
    if purpose != .probation, let design = interleave(of: change) {
      return judgement(of: evidence, design, share, spec, change).map { ($0, purpose) }
    }
    let design = purpose == .probation ? nil : switchback(of: change)
    if let mayLose = change.proposal.claim.mayLose {
      return (noHarm(evidence, share * mayLose, spec, purpose, design, change), purpose)
    }
    let claimed = change.proposal.claim.judged.scaled(by: share)
    // Refused since 2026-11; a ledger may hold one from before.
    guard claimed.expected > 0 else { return nil }
    return (judge(evidence, claimed, spec.rollout, purpose, design, change), purpose)
  }

  /// Like machines, part of which carry the move. Where no gain is claimed, a machine without the move counts for what it made less what may be lost.
  private func judgement(
    of evidence: Evidence, _ design: InterleaveDesign, _ share: Double, _ spec: LoopSpec, _ change: ChangeRecord
  ) -> Judgement? {
    let missed = change.pairsMissed(of: design.calendar)
    guard let mayLose = change.proposal.claim.mayLose else {
      let claimed = change.proposal.claim.judged.scaled(by: share)
      guard claimed.expected > 0 else { return nil }
      return InterleaveJudge(claimed: claimed, rollout: spec.rollout, rules: rules).judge(evidence, design, excluding: missed)
    }
    if let flaw = evidence.flaw(rules) { return .nothing(flaw) }
    let tally = InterleaveTally(
      evidence.machines ?? [], design, since: evidence.since, until: evidence.reaches, excluding: missed, tolerating: share * mayLose)
    var rollout = spec.rollout
    rollout.keepShare = 0
    let margin = share * mayLose * tally.firstRate
    guard tally.pairs == nil || margin.isNormal else { return .nothing("a margin of \(margin) is none that can be judged") }
    let scale = max(margin, .leastNormalMagnitude)
    let claimed = ClaimInterval(lower: 0, expected: scale, upper: 2 * scale)
    return InterleaveJudge(claimed: claimed, rollout: rollout, rules: rules).judge(tally, design).about(margin: share * mayLose * tally.meanRate)
  }

  private func judge(
    _ evidence: Evidence, _ claimed: ClaimInterval, _ rollout: RolloutSpec, _ purpose: Judge.Purpose, _ design: SwitchbackDesign?,
    _ change: ChangeRecord
  ) -> Judgement {
    guard let design else { return Judge(claimed: claimed, rollout: rollout, purpose: purpose, rules: rules).judge(evidence) }
    let until = evidence.windows.last?.end ?? evidence.since
    let judge = SwitchbackJudge(claimed: claimed, rollout: rollout, rules: rules)
    return judge.judge(evidence, design, until: until, excluding: change.pairsMissed(of: design))
  }

  /// Nothing was claimed but that no more than a share is lost: the same judge on evidence that tolerates that much (`Evidence.tolerating`). What
  /// it then calls a gain is that no harm is done, and nothing more of a "claim" has to be reached.
  private func noHarm(
    _ evidence: Evidence, _ share: Double, _ spec: LoopSpec, _ purpose: Judge.Purpose, _ design: SwitchbackDesign?, _ change: ChangeRecord
  ) -> Judgement {
    if let flaw = evidence.flaw(rules) { return .nothing(flaw) }
    guard let scale = evidence.scale(design) else { return .nothing("the line would have made nothing: nothing shows whether it does harm") }
    var rollout = spec.rollout
    rollout.keepShare = 0
    let margin = share * scale
    guard margin.isNormal else { return .nothing("a margin of \(margin) is none that can be judged") }
    let claimed = ClaimInterval(lower: 0, expected: margin, upper: 2 * margin)
    return judge(evidence.tolerating(share, design), claimed, rollout, purpose, design, change).about(margin: share * evidence.meanRate(design))
  }
}
