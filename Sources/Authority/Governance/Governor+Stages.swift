internal import PlantModel
public import Quantities

/// A change on the plant: writes out, evidence in, verdict.
extension Governor {
  mutating func advanceStage(_ change: ChangeRecord, _ stage: ChangeStatus.Stage, _ turn: inout Turn) {
    moment.open.turn(to: .stage(change.id, stage.step, started: stage.started, reached: stage.reached))
    if let trouble = trouble(with: change, at: turn.instant) { return hold(change, trouble, &turn) }
    guard let spec = plan.loop(of: change.proposal) else { return }
    let pairs = plan.pairing(of: change)
    guard let reached = stage.reached else {
      let targets = pairs?.targets(beforeFirst: change) ?? change.targets
      let tags = targets.keys.sorted()
      if tags.allSatisfy({ stands($0, at: targets[$0] ?? .nan, turn.instant) }) {
        turn.record(.stageReached(change: change.id, step: stage.step))
      } else if turn.instant - stage.started > spec.rollout.timeout {
        startRollback(change, .stageTimedOut, "its set-points did not arrive in time", &turn)
      } else if !isOnPlant(change), moment.hasExpired(change.proposal, at: turn.instant) {
        // Going back is right whatever is on the plant: it looks at where that stands.
        startRollback(change, .stageTimedOut, "it expired before anything of it was written", &turn)
      } else {
        for tag in tags { write(tag, toward: targets[tag] ?? .nan, for: change, .advance, &turn) }
      }
      return
    }
    if let pairs { return runPairs(change, stage, since: reached, pairs, spec, &turn) }
    _ = judge(change, stage, since: reached, dwell: spec.rollout.dwell, timeout: spec.rollout.timeout, spec, &turn)
  }

  /// Whether something of the change is on the plant, or may be: not while every write of it was withheld, because ledger or fence could not be stored.
  func isOnPlant(_ change: ChangeRecord) -> Bool {
    if !state.openIntents.isEmpty || !state.unsure.isEmpty { return true }
    return change.lastKnownGood.contains { tag, good in state.lastSeen[tag].map { !check.same(tag, $0, good) } ?? true }
  }

  /// Read back at its target, with nothing on its way.
  func stands(_ tag: String, at target: Double, _ now: Instant) -> Bool {
    guard let value = fresh(tag, at: now) else { return false }
    return check.same(tag, value, target) && !state.openIntents.contains { $0.tag == tag }
  }

  // MARK: - Evidence

  /// Asks for evidence, and acts on what it says: keeps at the earliest after `dwell`, and goes back at the latest after `timeout`. True where
  /// that was the stage's last word.
  mutating func judge(
    _ change: ChangeRecord, _ stage: ChangeStatus.Stage, since: Instant, dwell: Duration, timeout: Duration, _ spec: LoopSpec, _ turn: inout Turn
  ) -> Bool {
    askForEvidence(change, step: stage.step, since: since, \.open, &turn)
    let elapsed = turn.instant - since
    let found = moment.open.judgement
    if let found, found.verdict.verdict == .rollback {
      conclude(change, stage, found.verdict, failing(found.verdict, spec), &turn)
      return true
    }
    let verdict = freshVerdict(at: turn.instant)
    let targets = change.targets
    if verdict == .keep, let found, elapsed >= dwell, moment.open.hasStood(for: dwell, until: moment.elapsed),
      isSeen(change, at: turn.instant),
      targets.keys.sorted().allSatisfy({ stands($0, at: targets[$0] ?? .nan, turn.instant) })
    {
      keep(change, stage, found.verdict, spec, &turn)
      return true
    }
    guard elapsed >= timeout else { return false }
    var last = found?.verdict ?? Judgement.nothing("the twin sent no evidence")
    if last.verdict != .noEvidence { last.verdict = verdict == nil ? .noEvidence : .inconclusive }
    conclude(change, stage, last, last.verdict == .inconclusive ? .inconclusive : .noEvidence, &turn)
    return true
  }

  /// What the judge said last of the stage that the open change is in, and how far its evidence reached; nil before it has said anything, in this life.
  public var lastJudgement: (judgement: Judgement, until: Instant)? { moment.open.judgement.map { ($0.verdict, $0.until) } }

  /// What the judge said last, where it is about now: evidence that ends long ago says nothing of what has happened since.
  func freshVerdict(at now: Instant) -> Verdict? {
    guard let found = moment.open.judgement, now - found.until <= plan.rules.evidenceInterval * 3 else { return nil }
    return found.verdict.verdict
  }

  private func keep(
    _ change: ChangeRecord, _ stage: ChangeStatus.Stage, _ judgement: Judgement, _ spec: LoopSpec, _ turn: inout Turn
  ) {
    turn.record(.stageJudged(change: change.id, step: stage.step, judgement: judgement))
    guard stage.share >= 1 else { return startStage(stage.step + 1, of: change, spec, &turn) }
    turn.record(.claimScored(loop: change.proposal.loop, score: score(change, judgement, share: 1, at: turn.instant)))
    turn.record(.changeSettled(change: change.id, setpoints: change.targets))
  }

  private func conclude(
    _ change: ChangeRecord, _ stage: ChangeStatus.Stage, _ judgement: Judgement, _ reason: RollbackReason, _ turn: inout Turn
  ) {
    turn.record(.stageJudged(change: change.id, step: stage.step, judgement: judgement))
    turn.record(.claimScored(loop: change.proposal.loop, score: score(change, judgement, share: stage.share, at: turn.instant)))
    startRollback(change, reason, judgement.reason, &turn)
  }

  private func failing(_ judgement: Judgement, _ spec: LoopSpec) -> RollbackReason {
    judgement.harmLogE >= judgement.shortfallLogE ? .harm : .claimFailed
  }

  private func score(_ change: ChangeRecord, _ judgement: Judgement, share: Double, at now: Instant) -> ScoredClaim {
    ScoredClaim(
      change: change.id, at: now, claimed: change.proposal.claim.judged.scaled(by: share),
      realised: ClaimInterval(lower: judgement.lower, expected: judgement.estimate, upper: judgement.upper), verdict: judgement.verdict)
  }

  private mutating func askForEvidence(
    _ change: ChangeRecord, step: Int, since: Instant, _ subject: WritableKeyPath<Moment, Questions>, _ turn: inout Turn
  ) {
    guard turn.instant - (moment[keyPath: subject].evidenceAsked ?? since) >= plan.rules.evidenceInterval else { return }
    moment[keyPath: subject].evidenceAsked = turn.instant
    var request = EvidenceRequest(
      change: change.id, step: step, since: since, baseline: change.lastKnownGood, applied: change.targets,
      objective: change.proposal.claim.objective)
    if step != EvidenceRequest.probationStep {
      switch plan.pairing(of: change) {
      case .switchback: request.comparesArms = true
      case .interleave(let design): request.machines = design.question(since: since, until: turn.instant)
      case nil: break
      }
    }
    turn.effects.append(.requestEvidence(request))
  }

  /// Takes evidence in, if it is about what is being watched.
  mutating func weigh(_ evidence: Evidence) {
    guard let weighed = plan.judgement(of: evidence, in: state) else { return }
    var judgement = weighed.judgement
    if evidence.isRecordable { judgement.evidence = evidence }
    let found = (judgement, evidence.reaches)
    if weighed.purpose == .probation { moment.probation.judgement = found } else { moment.open.judgement = found }
  }

  // MARK: - After settling

  /// A settled change is watched until its claim's horizon: harm undoes it.
  mutating func watchProbation(_ turn: inout Turn) {
    guard let id = state.probation, let change = state.change(id), case .settled(let since) = change.status else { return }
    if let open = state.openChange, open.status.isWritten || open.status.isGoingBack { return }
    let targets = change.targets
    let moved = targets.keys.sorted().contains { tag in fresh(tag, at: turn.instant).map { !check.same(tag, $0, targets[tag] ?? .nan) } ?? false }
    if turn.instant - since > change.proposal.claim.horizon || moved || change.proposal.revision != state.revision {
      return turn.record(.probationEnded(change: id))
    }
    guard isTwinValid else { return }
    moment.probation.turn(to: .probation(id, since: since))
    askForEvidence(change, step: EvidenceRequest.probationStep, since: since, \.probation, &turn)
    guard let found = moment.probation.judgement, found.verdict.verdict == .rollback else { return }
    // What waits was proposed on top of a change that now goes.
    if let open = state.openChange { turn.record(.changeRevoked(change: open.id, reason: .superseded)) }
    turn.record(.stageJudged(change: id, step: EvidenceRequest.probationStep, judgement: found.verdict))
    turn.record(.claimScored(loop: change.proposal.loop, score: score(change, found.verdict, share: 1, at: turn.instant)))
    startRollback(change, .harmOnProbation, found.verdict.reason, &turn)
  }
}
