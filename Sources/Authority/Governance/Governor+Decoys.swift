internal import PlantModel
internal import Quantities

/// The rubber-stamp test: a bad proposal among the real ones, put before the people who approve. It can never be carried out.
extension Governor {
  func isDecoy(_ change: ChangeRecord) -> Bool { plan.decoySecret.map { $0.isDecoy(change.proposal) } ?? false }

  /// After a change that people had to decide on has ended: now and then the same move the wrong way round, with the same claim.
  mutating func plantDecoy(_ turn: inout Turn) {
    guard let secret = plan.decoySecret, let spec = plan.governance.decoys, mayWrite, isTwinValid, let last = state.changes.last,
      last.proposal.proposer == nil, !last.status.isOpen, last.id != moment.noDecoyAfter,
      [.advisory, .supervised].contains(authority(of: last.proposal.loop, at: turn.instant))
    else { return }
    // Asked once for each change: this is on the way of every reading.
    guard !isDecoy(last), secret.follows(last.id, share: spec.share) else {
      moment.noDecoyAfter = last.id
      return
    }
    var moves: [Move] = []
    for move in last.proposal.moves {
      guard let here = fresh(move.tag, at: turn.instant), let limit = check.limit(move.tag) else { return }
      moves.append(Move(tag: move.tag, from: here, to: min(max(here - (move.to - move.from), limit.low), limit.high)))
    }
    guard moves.contains(where: { !check.same($0.tag, $0.from, $0.to) }), let revision = state.revision, let twin = state.twin else { return }
    let draft = ProposalDraft(
      loop: last.proposal.loop, moves: moves, claim: last.proposal.claim, rationale: last.proposal.rationale, revision: revision,
      calibration: twin.calibration, expires: turn.instant + (last.proposal.expires - last.proposal.created))
    let id = nextID
    turn.record(.changeProposed(proposal: Proposal(draft, id: id, created: turn.instant, seal: secret.seal(id, isDecoy: true))))
  }

  /// A decoy that the twin holds to be good teaches nothing; one that it holds to be bad goes on to the people.
  func weighDecoy(_ proof: Proof, _ change: ChangeRecord, _ turn: inout Turn) {
    turn.record(.changeProven(proof: proof))
    if proof.probabilityOfGain >= 0.5 {
      turn.record(.changeRejected(change: change.id, refusal: Refusal(.decoy, "a decoy, and not bad enough to be one")))
    }
  }

  /// A person has decided on a decoy: that is scored, and it ends here whatever was decided.
  func answer(decoy change: ChangeRecord, caught: Bool, by person: Person, _ turn: inout Turn) {
    turn.record(.decoyAnswered(change: change.id, caught: caught, by: person))
    let detail = caught ? "a decoy, and \(person.name) saw that it was bad" : "a decoy: \(person.name) approved what the twin shows to be bad"
    turn.record(.changeRejected(change: change.id, refusal: Refusal(.decoy, detail)))
    guard !caught, let spec = plan.governance.decoys else { return }
    let answers = state.decoyAnswers + [caught]
    let rate = Double(answers.count { $0 }) / Double(answers.count)
    guard answers.count >= spec.least, rate < spec.catchRate else { return }
    for loop in plan.loops where authority(of: loop.name, at: turn.instant) > .advisory {
      demote(loop.name, "approvals are given without looking: \(answers.count { $0 }) of \(answers.count) decoys were caught", &turn)
    }
  }
}
