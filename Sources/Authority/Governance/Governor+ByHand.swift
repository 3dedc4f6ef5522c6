internal import PlantModel
internal import Quantities

/// A person's proposal: on the same way as a loop's, through the same questions, with another person's approval at the end of them.
extension Governor {
  /// Takes a person's proposal up. Nil when it is on its way, else why not, in a sentence that says what to do about it.
  ///
  /// What a loop would get as a rejected change a person gets as an answer at once: no change is named for a slip of the pen.
  func propose(_ asked: HandProposal, _ signature: Signature?, by person: Person, _ turn: inout Turn) -> String? {
    guard let hash = asked.contentHash else { return "a value is not a number" }
    if let refusal = refusal(of: signature, .proposeChange, of: "proposal", binding: hash, by: person, at: turn.instant) { return refusal }
    if let refusal = refusalOfForm(asked) { return refusal }
    let proposal: Proposal
    switch draft(of: asked, by: person, at: turn.instant) {
    case .failure(let found): return found.refusal.sentence
    case .success(let draft):
      if let refusal = refusalAtTheDoor(draft, at: turn.instant) { return refusal.sentence }
      if case .refused(let refusal) = admission(of: draft, at: turn.instant) { return refusal.sentence }
      let id = nextID
      proposal = Proposal(draft, id: id, created: turn.instant, seal: plan.decoySecret?.seal(id, isDecoy: false))
    }
    if let refusal = refusalOnSight(proposal) { return refusal.sentence }
    guard authority(over: proposal, at: turn.instant) > .shadow else {
      return "the authority ceiling in envelope.yaml keeps these set-points in shadow: nothing that Takt does may write them"
    }
    turn.record(.changeProposed(proposal: proposal))
    return nil
  }

  /// What is wrong with the form of it, before anything is looked up.
  private func refusalOfForm(_ asked: HandProposal) -> String? {
    guard !asked.targets.isEmpty else { return "it moves nothing; name a set-point and its value" }
    guard asked.because.contains(where: { !$0.isWhitespace }) else { return "say why (--because): whoever approves it wants to know" }
    let known = plan.envelope.limits.map(\.tag)
    for target in asked.targets where !known.contains(target.tag) {
      let meant = Spelling.nearest(to: target.tag, among: known)
      let advice = meant.map { "did you mean \($0)?" } ?? "those that can be written are \(known.sorted().joined(separator: ", "))"
      return "\(target.tag) has no limits in envelope.yaml and cannot be written; \(advice)"
    }
    if let gain = asked.gain, !(gain > 0) {
      return "a claimed gain of \(gain) is none; leave it out, and the change has to show only that it does no harm"
    }
    if asked.gain != nil, asked.mayLose != nil { return "either it claims a gain or it may lose something" }
    if let share = asked.mayLose, !(share > 0 && share <= plan.governance.proof.toleratedLoss) {
      return "it may lose up to \(plan.governance.proof.toleratedLoss) of what the line makes (proof.tolerated_loss in governance.yaml), not \(share)"
    }
    if let steps = asked.steps {
      let isRising = zip(steps, steps.dropFirst()).allSatisfy { $0 < $1 }
      guard let first = steps.first, first > 0, steps.last == 1, isRising else {
        return "the steps must rise from above 0 to 1, such as 0.25, 0.5, 1"
      }
      let lent = plan.byHand(moving: asked.targets.map(\.tag)).rollout.shares[0]
      guard first <= lent else { return "the first step must not be larger than the rollout's, \(lent)" }
    }
    return nil
  }

  /// The proposal with what only the governor knows: where the tags stand, in their own units, and what the twin is.
  private func draft(of asked: HandProposal, by person: Person, at now: Instant) -> Result<ProposalDraft, MoveRefusal> {
    var moves: [Move] = []
    for target in asked.targets {
      guard let here = fresh(target.tag, at: now) else {
        return .failure(MoveRefusal(Refusal(.staleReading, "where \(target.tag) stands is not known: it has no fresh good reading")))
      }
      moves.append(Move(tag: target.tag, from: here, to: target.value, unit: target.unit))
    }
    let spec = plan.byHand(moving: moves.map(\.tag))
    let claim: Claim
    if let gain = asked.gain {
      // What a person claims is a number, in the objective's unit; held against it is `keepShare` of it, as with a loop's.
      let (claimed, nothing) = (ClaimInterval(lower: 0, expected: gain, upper: 2 * gain), ClaimInterval(lower: 0, expected: 0, upper: 0))
      let isValue = spec.objective == .valuePerHour
      claim = Claim(
        objective: spec.objective, goodPerHour: isValue ? nothing : claimed, valuePerHour: isValue ? claimed : nothing, confidence: 0.9,
        horizon: Self.horizonByHand)
    } else {
      let margin = asked.mayLose ?? min(HandProposal.standardMargin, plan.governance.proof.toleratedLoss)
      claim = .noHarm(spec.objective, mayLose: margin, horizon: Self.horizonByHand)
    }
    let draft = ProposalDraft(
      loop: GovernancePlan.byHand, moves: moves, claim: claim, rationale: asked.because, revision: state.revision ?? "",
      calibration: state.twin?.calibration ?? "", expires: now + max(spec.rollout.timeout, Self.patience), proposer: person, steps: asked.steps)
    return check.inOwnUnits(draft)
  }

  /// How long a settled change that a person proposed is watched for harm.
  private static var horizonByHand: Duration { .hours(4) }
  /// How long it may wait for its first write, at least. It keeps the line meanwhile, so that it does not wait for ever.
  private static var patience: Duration { .hours(1) }
}
