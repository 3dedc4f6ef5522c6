internal import PlantModel
internal import Quantities

/// From a proposal to an armed change.
extension Governor {
  func consider(_ given: ProposalDraft, _ turn: inout Turn) {
    let draft: ProposalDraft
    switch check.inOwnUnits(given) {
    case .success(let converted): draft = converted
    case .failure(let found):
      turn.record(.proposalRefused(loop: given.loop, refusal: found.refusal))
      if found.refusal.isMisbehaviour { demote(given.loop, found.refusal.detail, &turn) }
      return
    }
    if let refusal = refusalAtTheDoor(draft, at: turn.instant) {
      turn.record(.proposalRefused(loop: draft.loop, refusal: refusal))
      if refusal.isMisbehaviour { demote(draft.loop, refusal.detail, &turn) }
      return
    }
    let proposal = Proposal(draft, id: ChangeID(number: state.named, seed: plan.rules.nameSeed), created: turn.instant)
    turn.record(.changeProposed(proposal: proposal))
    if let refusal = refusalOnSight(proposal) {
      turn.record(.changeRejected(change: proposal.id, refusal: refusal))
      if refusal.isMisbehaviour { demote(draft.loop, refusal.detail, &turn) }
    }
  }

  /// Reasons not to take a proposal up at all: it gets no id.
  private func refusalAtTheDoor(_ draft: ProposalDraft, at now: Instant) -> Refusal? {
    guard plan.loop(draft.loop) != nil, state.loop(draft.loop) != nil else { return Refusal(.unknownLoop, draft.loop) }
    guard draft.isSound else { return Refusal(.notFinite, "a number or an interval makes no sense") }
    guard mayWrite else { return Refusal(.notAutomatic, "a person has the plant") }
    if let open = state.openChange { return Refusal(.anotherChangeOpen, "\(open.id) is \(open.status.word)") }
    guard draft.revision == state.revision else { return Refusal(.wrongRevision, "computed on \(draft.revision)") }
    guard let twin = state.twin, twin.valid, twin.revision == state.revision else {
      return Refusal(.twinInvalid, state.twin?.reason ?? "there is no twin yet")
    }
    if let barred = quarantined(draft, at: now) { return Refusal(.quarantined, "too near to \(barred)") }
    return nil
  }

  private func quarantined(_ draft: ProposalDraft, at now: Instant) -> ChangeID? {
    state.changes.last { record in
      guard case .quarantined(_, let until) = record.status, now < until else { return false }
      let moves = record.proposal.moves
      return Set(moves.map(\.tag)) == Set(draft.moves.map(\.tag))
        && moves.allSatisfy { old in
          draft.moves.contains { $0.tag == old.tag && abs($0.to - old.to) <= plan.rules.quarantineRadius * abs(old.to - old.from) }
        }
    }?.id
  }

  /// Reasons that can be seen from the proposal and the plan alone.
  private func refusalOnSight(_ proposal: Proposal) -> Refusal? {
    guard let spec = plan.loop(proposal.loop) else { return Refusal(.unknownLoop, proposal.loop) }
    guard proposal.claim.objective == spec.objective, proposal.claim.judged.expected > 0 else {
      return Refusal(.claimNotPositive, "it claims no gain in \(spec.objective.rawValue)")
    }
    guard Set(proposal.moves.map(\.tag)).count == proposal.moves.count else { return Refusal(.tagNotAllowed, "a tag stands twice") }
    for move in proposal.moves {
      guard spec.moves.contains(move.tag) else { return Refusal(.tagNotAllowed, "\(spec.name) may not move \(move.tag)") }
      guard let limit = check.limit(move.tag) else { return Refusal(.noLimit, "\(move.tag) has no limits in the envelope") }
      guard move.to >= limit.low, move.to <= limit.high else {
        return Refusal(.outsideLimits, "\(move.to) is outside \(limit.low)…\(limit.high) \(limit.unit) of \(move.tag)")
      }
      let hours = abs(move.to - move.from) / max(limit.maxPerHour * plan.rules.forwardShare, .leastNormalMagnitude)
      guard hours <= max(spec.rollout.timeout.hours, 1) else {
        return Refusal(.tooSlow, "\(move.tag) would take \(hours) h within its allowance")
      }
    }
    guard proposal.moves.contains(where: { !check.same($0.tag, $0.from, $0.to) }) else {
      return Refusal(.nothingToMove, "every target is where the set-point stands")
    }
    return nil
  }

  /// The twin's proof of the change that waits for one.
  func weigh(_ proof: Proof, _ turn: inout Turn) {
    guard let change = state.openChange, change.id == proof.change, case .proposed = change.status else { return }
    guard proof.isSound else {
      turn.record(.changeRejected(change: change.id, refusal: Refusal(.noProof, "the proof holds numbers that make no sense")))
      return
    }
    turn.record(.changeProven(proof: proof))
    if let refusal = refusal(of: proof, for: change) { turn.record(.changeRejected(change: change.id, refusal: refusal)) }
  }

  private func refusal(of proof: Proof, for change: ChangeRecord) -> Refusal? {
    guard proof.revision == state.revision else { return Refusal(.wrongRevision, "proven on \(proof.revision)") }
    guard proof.twinValid else { return Refusal(.twinInvalid, "the twin was not valid when it proved this") }
    guard proof.envelopeClean else { return Refusal(.envelopeNotClean, "the twin left the envelope") }
    guard proof.rollbackAdmissible else { return Refusal(.rollbackInadmissible, "the way back was not shown") }
    guard proof.replications >= plan.rules.minReplications else {
      return Refusal(.weakProof, "\(proof.replications) of at least \(plan.rules.minReplications) replications")
    }
    guard proof.probabilityOfGain >= plan.rules.minProbabilityOfGain, proof.predicted.expected > 0 else {
      return Refusal(.weakProof, "a gain has probability \(proof.probabilityOfGain)")
    }
    return nil
  }

  /// What happens before the first write, by itself.
  mutating func advancePreparation(_ change: ChangeRecord, _ turn: inout Turn) {
    let id = change.id
    let now = turn.instant
    if now > change.proposal.expires { return turn.record(.changeExpired(change: id)) }
    switch change.status {
    case .proposed:
      moment.open.turn(to: "\(id) proof")
      if now - change.proposal.created > plan.rules.proofTimeout {
        return turn.record(.changeRejected(change: id, refusal: Refusal(.noProof, "the twin did not answer")))
      }
      if moment.open.proofAsked.map({ now - $0 >= plan.rules.proofTimeout * (1.0 / 3) }) ?? true {
        moment.open.proofAsked = now
        turn.effects.append(.requestProof(change.proposal))
      }
    case .twinValidated:
      // Waits for readings until it expires.
      guard let baseline = baseline(of: change, at: now) else { return }
      if let refusal = refusal(of: change, from: baseline) { return turn.record(.changeRejected(change: id, refusal: refusal)) }
      turn.record(.envelopeChecked(change: id, binding: binding(of: change)))
    case .envelopeChecked:
      switch authority(of: change.proposal.loop) {
      case .shadow: turn.record(.changeRejected(change: id, refusal: Refusal(.shadowOnly, "its proposals are scored, never written")))
      case .advisory, .supervised: turn.record(.approvalAsked(change: id))
      case .closedLoop: arm(change, &turn)
      }
    case .awaitingApproval:
      if change.approvedBy != nil { arm(change, &turn) }
    default: break
    }
  }

  private func arm(_ change: ChangeRecord, _ turn: inout Turn) {
    guard let baseline = baseline(of: change, at: turn.instant) else { return }
    if let refusal = refusal(of: change, from: baseline) {
      return turn.record(.changeRejected(change: change.id, refusal: refusal))
    }
    turn.record(.changeArmed(change: change.id, lastKnownGood: baseline))
    turn.record(.shadowStarted(change: change.id))
  }

  /// The set-points in force for the change's tags; nil while one is not known. Where it is the settled one up to rounding, the settled one.
  func baseline(of change: ChangeRecord, at now: Instant) -> [String: Double]? {
    var baseline: [String: Double] = [:]
    for move in change.proposal.moves {
      guard let reading = fresh(move.tag, at: now) else { return nil }
      let settled = state.lastKnownGood[move.tag]
      baseline[move.tag] = settled.map { check.same(move.tag, $0, reading) } == true ? settled : reading
    }
    return baseline
  }

  private func refusal(of change: ChangeRecord, from baseline: [String: Double]) -> Refusal? {
    for move in change.proposal.moves {
      guard let now = baseline[move.tag], let limit = check.limit(move.tag) else { return Refusal(.noLimit, move.tag) }
      guard check.same(move.tag, now, move.from) else {
        return Refusal(.setpointMoved, "\(move.tag) is \(now), the proposal starts from \(move.from)")
      }
      guard now >= limit.low, now <= limit.high else {
        return Refusal(.rollbackInadmissible, "\(move.tag) stands at \(now), outside the envelope: there would be no way back")
      }
    }
    return nil
  }

  /// What an approval binds to.
  private func binding(of change: ChangeRecord) -> String {
    struct Bound: Encodable {
      var proposal: Proposal
      var proof: Proof?
      var revision: String?
      var envelope: String
    }
    return GovernorState.digest(of: Bound(proposal: change.proposal, proof: change.proof, revision: state.revision, envelope: envelopeHash))
  }

  /// The value of a tag, if it is known now.
  func fresh(_ tag: String, at now: Instant) -> Double? {
    guard let reading = moment.readings[tag], reading.isFresh(at: now, within: check.freshness(of: tag)) else { return nil }
    return reading.value
  }
}
