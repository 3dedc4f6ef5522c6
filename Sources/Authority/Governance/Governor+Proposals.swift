internal import PlantModel
internal import Quantities
internal import TemporalLogic

/// From a proposal to an armed change.
extension Governor {
  func consider(_ given: ProposalDraft, _ turn: inout Turn) {
    var draft: ProposalDraft
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
    var filtered: [FilteredMove] = []
    switch admission(of: draft, at: turn.instant) {
    case .asProposed: break
    case .projected(let nearest, let moves): (draft, filtered) = (nearest, moves)
    case .refused(let refusal): return turn.record(.proposalRefused(loop: draft.loop, refusal: refusal))
    }
    let id = nextID
    let proposal = Proposal(draft, id: id, created: turn.instant, seal: plan.decoySecret?.seal(id, isDecoy: false))
    turn.record(.changeProposed(proposal: proposal))
    if !filtered.isEmpty { turn.record(.proposalProjected(change: id, moves: filtered)) }
    if let refusal = refusalOnSight(proposal) {
      turn.record(.changeRejected(change: proposal.id, refusal: refusal))
      if refusal.isMisbehaviour { demote(draft.loop, refusal.detail, &turn) }
    }
  }

  /// The targets looked at together, where coupled limits or the safety filter have a say. Drift bounds what the filter may give; a loop
  /// that goes beyond it by its own wish waits for a person instead (see `advancePreparation`).
  func admission(of draft: ProposalDraft, at now: Instant) -> Admission {
    let projects = draft.proposer == nil && plan.loop(draft.loop)?.projects ?? false
    guard projects || !plan.envelope.coupledLimits.isEmpty else { return .asProposed }
    var present: [String: Double] = [:]
    for tag in Set(draft.moves.map(\.tag) + plan.envelope.coupledLimits.flatMap { $0.terms.map(\.signal) }) { present[tag] = fresh(tag, at: now) }
    return check.admission(of: draft, projects: projects, present: present, baseline: projects ? state.humanBaseline : [:], at: now)
  }

  var nextID: ChangeID { ChangeID(number: state.named, seed: plan.rules.nameSeed) }

  /// Reasons not to take a proposal up at all: it gets no id.
  func refusalAtTheDoor(_ draft: ProposalDraft, at now: Instant) -> Refusal? {
    guard draft.proposer != nil || (plan.loop(draft.loop) != nil && state.loop(draft.loop) != nil) else { return Refusal(.unknownLoop, draft.loop) }
    guard draft.isSound else { return Refusal(.notFinite, "a number or an interval makes no sense") }
    guard mayWrite else { return Refusal(.notAutomatic, holder) }
    if let open = state.openChange { return Refusal(.anotherChangeOpen, "\(open.id) is \(open.status.word)") }
    guard state.envelope == envelopeHash else {
      return Refusal(.envelopeNotAccepted, "the envelope is wider in \(wideningsInWaiting.map(\.path).joined(separator: ", "))")
    }
    guard draft.revision == state.revision else { return Refusal(.wrongRevision, "computed on \(draft.revision)") }
    guard let twin = state.twin, twin.valid, twin.revision == state.revision else {
      return Refusal(.twinInvalid, state.twin?.reason ?? "there is no twin yet")
    }
    if let barred = quarantined(draft, at: now) { return Refusal(.quarantined, "too near to \(barred)") }
    return check.hasteRefusal(changes: state.changes.compactMap(\.begun), at: now)
  }

  /// Who keeps the governor from writing.
  private var holder: String {
    switch state.mode {
    case .manual(let person): "\(person.name) has taken over"
    case .halted(let person): "\(person.name) has halted the plant"
    case .automatic: "a person has the plant"
    }
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
  func refusalOnSight(_ proposal: Proposal) -> Refusal? {
    guard let spec = plan.loop(of: proposal) else { return Refusal(.unknownLoop, proposal.loop) }
    // Only a person may claim nothing.
    let claimsNothing = proposal.claim.mayLose != nil && proposal.proposer != nil
    guard proposal.claim.objective == spec.objective, claimsNothing || proposal.claim.judged.expected > 0 else {
      return Refusal(.claimNotPositive, "it claims no gain in \(spec.objective.rawValue)")
    }
    // What the first stage's share of it rounds to nothing cannot be judged.
    guard claimsNothing || spec.rollout.shares.allSatisfy({ proposal.claim.judged.scaled(by: $0).expected.isNormal }) else {
      return Refusal(.claimNotPositive, "a claim of \(proposal.claim.judged.expected) is none that can be judged")
    }
    guard Set(proposal.moves.map(\.tag)).count == proposal.moves.count else { return Refusal(.tagNotAllowed, "a tag stands twice") }
    for move in proposal.moves {
      guard spec.moves.contains(move.tag) else { return Refusal(.tagNotAllowed, "\(spec.name) may not move \(move.tag)") }
      guard let limit = check.limit(move.tag) else { return Refusal(.noLimit, "\(move.tag) has no limits in the envelope") }
      if limit.isIrreversible { return Refusal(.irreversible, "what \(move.tag) starts cannot be taken back, and a change must be able to go back") }
      guard move.to >= limit.low, move.to <= limit.high else {
        return Refusal(.outsideLimits, "\(move.to) is outside \(limit.low)…\(limit.high) \(limit.unit) of \(move.tag)")
      }
      let hours = abs(move.to - move.from) / max(limit.maxPerHour * plan.rules.forwardShare, .leastNormalMagnitude)
      guard hours <= max(spec.rollout.timeout.hours, 1) else {
        return Refusal(.tooSlow, "\(move.tag) would take \(hours) h within its allowance")
      }
      if let calendar = spec.rollout.calendar {
        let moved = calendar.movement(perHourOf: move.to - move.from)
        guard moved <= limit.maxPerHour * plan.rules.forwardShare * EnvelopeCheck.rounding else {
          let allowed = "\(limit.maxPerHour * plan.rules.forwardShare) \(limit.unit)"
          return Refusal(.tooSlow, "switching \(move.tag) back and forth moves it by \(moved) an hour, \(allowed) may go forward")
        }
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
    if isDecoy(change) { return weighDecoy(proof, change, &turn) }
    turn.record(.changeProven(proof: proof))
    if let refusal = refusal(of: proof, for: change) { turn.record(.changeRejected(change: change.id, refusal: refusal)) }
  }

  private func refusal(of proof: Proof, for change: ChangeRecord) -> Refusal? {
    guard proof.revision == state.revision else { return Refusal(.wrongRevision, "proven on \(proof.revision)") }
    guard proof.twinValid else { return Refusal(.twinInvalid, "the twin was not valid when it proved this") }
    guard proof.envelopeClean else { return Refusal(.envelopeNotClean, "the twin left the envelope") }
    guard proof.rollbackAdmissible else { return Refusal(.rollbackInadmissible, "the way back was not shown") }
    let asked = plan.governance.proof
    guard let bound = proof.riskBound(confidence: asked.confidence) else { return Refusal(.weakProof, "the proof does not say how often it lost") }
    guard bound <= asked.risk else {
      let counts = "\(proof.losses ?? 0) of \(proof.replications) replications lost more than \(asked.toleratedLoss) of today's rate"
      return Refusal(.weakProof, "\(counts): up to \(bound) may, \(asked.risk) is tolerated")
    }
    // Where no gain is claimed, none has to be shown: the counts above bound what it may cost.
    if change.proposal.claim.mayLose != nil { return nil }
    guard proof.probabilityOfGain >= plan.rules.minProbabilityOfGain, proof.predicted.expected > 0 else {
      return Refusal(.weakProof, "a gain has probability \(proof.probabilityOfGain)")
    }
    return nil
  }

  /// What happens before the first write, by itself.
  mutating func advancePreparation(_ change: ChangeRecord, _ turn: inout Turn) {
    let id = change.id
    let now = turn.instant
    if moment.hasExpired(change.proposal, at: now) { return turn.record(.changeExpired(change: id)) }
    switch change.status {
    case .proposed:
      moment.open.turn(to: .proof(id))
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
      // What a person proposes another person approves, always.
      if change.proposal.proposer != nil { return turn.record(.approvalAsked(change: id)) }
      switch authority(of: change.proposal.loop, at: now) {
      case .shadow:
        turn.record(.changeRejected(change: id, refusal: inShadow(change.proposal.loop, at: now, "its proposals are scored, never written")))
      case .advisory, .supervised: turn.record(.approvalAsked(change: id))
      case .closedLoop:
        let isWide = ChangeClass(of: change.proposal, check: check, spec: plan.governance.approvals) == .wide
        let drifts = check.driftRefusal(of: change.proposal.targets(share: 1, from: [:]), from: state.humanBaseline) != nil
        if isWide || drifts || objectionOfPlans(to: change, at: now) != nil { turn.record(.approvalAsked(change: id)) } else { arm(change, &turn) }
      }
    case .awaitingApproval:
      // A loop that fell to shadow meanwhile takes what waits with it, whoever approved it.
      if authority(over: change.proposal, at: now) == .shadow {
        turn.record(.changeRejected(change: id, refusal: inShadow(change.proposal.loop, at: now, "its loop has lost the right to write")))
      } else if change.approvals.count >= quorum(of: change) {
        arm(change, &turn)
      }
    default: break
    }
  }

  /// Why a loop's change is not written: it lacks a certificate, or else what is said.
  private func inShadow(_ loop: String, at now: Instant, _ otherwise: String) -> Refusal {
    guard plan.asksForCertificates, case .none(let flaw) = certificate(of: loop, at: now) else { return Refusal(.shadowOnly, otherwise) }
    return Refusal(.uncertified, "\(loop) has no stability certificate: \(flaw)")
  }

  private func arm(_ change: ChangeRecord, _ turn: inout Turn) {
    guard !isDecoy(change), let baseline = baseline(of: change, at: turn.instant) else { return }
    if let refusal = refusal(of: change, from: baseline) {
      return turn.record(.changeRejected(change: change.id, refusal: refusal))
    }
    guard let back = wayBack(of: change, to: baseline, at: turn.instant) else {
      return turn.record(
        .changeRejected(change: change.id, refusal: Refusal(.rollbackInadmissible, "the way back takes longer than \(plan.rules.rollbackAlarm)")))
    }
    turn.record(.rollbackProven(change: change.id, within: back))
    turn.record(.changeArmed(change: change.id, lastKnownGood: baseline))
    turn.record(.shadowStarted(change: change.id))
  }

  /// The longest way back from any stage, by the envelope's rules; nil where there is none within the limit.
  private func wayBack(of change: ChangeRecord, to baseline: [String: Double], at now: Instant) -> Duration? {
    guard let spec = plan.loop(of: change.proposal) else { return nil }
    let walk = WayBack(cycle: plan.rules.writeCycle, limit: plan.rules.rollbackAlarm)
    var longest = Duration.zero
    for share in spec.rollout.shares {
      let there = change.proposal.targets(share: share, from: baseline)
      guard let span = walk.duration(from: there, to: baseline, check: check, spent: state.spent, at: now) else { return nil }
      longest = max(longest, span)
    }
    return longest
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

  /// What an approval binds to: the change, the twin's calibration and data (in the proof), the envelope, and the loop's program.
  private func binding(of change: ChangeRecord) -> String {
    struct Bound: Encodable {
      var proposal: Proposal
      var proof: Proof?
      var revision: String?
      var envelope: String
      var program: String?
    }
    return GovernorState.digest(
      of: Bound(
        proposal: change.proposal, proof: change.proof, revision: state.revision, envelope: envelopeHash, program: plan.programs[change.proposal.loop]
      ))
  }

  /// The value of a tag, if it is known now.
  func fresh(_ tag: String, at now: Instant) -> Double? {
    guard let reading = moment.readings[tag], reading.isFresh(at: now, within: check.freshness(of: tag)) else { return nil }
    return reading.value
  }
}
