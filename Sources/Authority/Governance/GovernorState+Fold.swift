internal import Learning
internal import PlantModel
internal import Quantities

extension GovernorState {
  /// Takes one fact in. Total: it decides nothing, and a fact about something unknown changes only the count.
  public mutating func apply(_ fact: Fact) {
    factCount += 1
    switch fact.what {
    case .gatewayOpened(let opened): (epoch, sequence) = (opened, 0)
    case .revisionAdopted(let adopted, let hash, let limits): (revision, envelope, envelopeSpec) = (adopted, hash, limits)
    case .twinStatusChanged(let status): twin = status
    case .referenceKept(let kept): reference = kept
    case .driftSettled(let decision, _, _): reference?.settle(decision, at: fact.at)
    case .takenOver(let person): if mode.isAutomatic { mode = .manual(by: person) }
    case .rearmed: if case .manual = mode { mode = .automatic }
    case .halted(let person): mode = .halted(by: person)
    case .resumed: if case .halted = mode { mode = .automatic }
    case .commandRefused, .loopStarted, .proposalProjected: break
    case .planSigned(let name, let plan, let person, _): sign(name, plan, by: person)
    case .planWithdrawn(let name, _): plans.removeAll { $0.name == name }
    case .envelopeAccepted(let hash, let person, _): if accepted[hash]?.contains(person) != true { accepted[hash, default: []].append(person) }

    case .loopRegistered(let name, let authority): register(name, authority, at: fact.at)
    case .loopCrashed(let name, _):
      change(loop: name) {
        $0.crashes += 1
        $0.faultsSinceDemotion += 1
      }
    case .loopMissedDeadline(let name):
      change(loop: name) {
        $0.missedDeadlines += 1
        $0.faultsSinceDemotion += 1
      }
    case .promotionEndorsed(let name, _, let person): change(loop: name) { $0.endorsedBy.append(person) }
    case .loopPromoted(let name, let authority, _): set(authority, of: name, at: fact.at)
    case .loopDemoted(let name, let authority, _, _, let id):
      set(authority, of: name, at: fact.at)
      if let id { change(id) { $0.costAuthority = true } }
    case .claimScored(let name, let score):
      if loop(name) != nil { change(loop: name) { $0.take(score) } } else { change(score.change) { $0.score = score } }
    case .proposalRefused(let name, _): change(loop: name) { $0.refusals += 1 }
    case .certificateIssued(let certificate):
      certify(certificate.loop) { $0.certificate = certificate }
    case .certificateRefused(let name, let reason): certify(name) { $0.flaw = reason }
    case .certificateVoided(let name, _, let reason, let until):
      certify(name) {
        $0.flaw = reason
        if let until { $0.barredUntil = until }
      }

    case .changeProposed(let proposal):
      changes.append(ChangeRecord(proposal))
      named += 1
    case .changeProven(let proof):
      change(proof.change) {
        $0.proof = proof
        $0.status = .twinValidated
      }
    case .envelopeChecked(let id, let binding):
      change(id) {
        $0.binding = binding
        $0.status = .envelopeChecked
      }
    case .approvalAsked(let id): change(id) { $0.status = .awaitingApproval(since: fact.at) }
    case .changeApproved(let id, let person, _, _): change(id) { $0.approvals.append(person) }
    case .rollbackProven(let id, let span): change(id) { $0.wayBack = span }
    case .changeAcknowledged(let id, _): change(id) { $0.acknowledged = true }
    case .decoyAnswered(_, let caught, _): decoyAnswers = (decoyAnswers + [caught]).suffix(20)
    case .changeArmed(let id, let baseline):
      change(id) {
        $0.lastKnownGood = baseline
        $0.status = .armed(since: fact.at)
      }
      for (tag, value) in baseline {
        (lastKnownGood[tag], lastSeen[tag]) = (value, value)
        if humanBaseline[tag] == nil { humanBaseline[tag] = value }
      }
      foreign = []
      unsure = []
    case .shadowStarted(let id): change(id) { $0.status = .shadow(since: fact.at) }
    case .changeRejected(let id, let refusal): end(id, .rejected, .rejected(refusal), at: fact.at)
    case .changeExpired(let id): end(id, .expired, .expired(at: fact.at), at: fact.at)
    case .changeRevoked(let id, let reason): end(id, .revoked, .revoked(reason), at: fact.at)

    default: applyOnPlant(fact)
    }
  }

  /// Facts of a change that is on the plant, and of its writes.
  private mutating func applyOnPlant(_ fact: Fact) {
    switch fact.what {
    case .stageStarted(let id, let step, let share, let full):
      let stage = ChangeStatus.Stage(step: step, share: share, started: fact.at, reached: nil)
      change(id) {
        $0.status = full ? .full(stage) : .canary(stage)
        if $0.begun == nil { $0.begun = fact.at }
      }
    case .stageReached(let id, _): change(id) { $0.updateStage { $0.reached = fact.at } }
    case .armReached(let id, _, let period, _): change(id) { $0.updateStage { $0.periodsKept = ($0.periodsKept ?? []) + [period] } }
    case .stageJudged(let id, let step, var judgement):
      // The ledger keeps what was judged; the state only what came of it.
      judgement.evidence = nil
      change(id) { $0.judgements.append(.init(step: step, at: fact.at, judgement: judgement)) }
    case .changeHeld(let id, let reason, let detail, let until):
      change(id) {
        $0.status = .hold(.init(reason: reason, detail: detail, since: fact.at, until: until, stage: $0.stage))
        $0.holds += 1
      }
    case .changeReleased(let id): change(id) { $0.release(at: fact.at) }
    case .changeSettled(let id, let setpoints):
      end(id, .settled, .settled(at: fact.at), at: fact.at)
      let isApproved = change(id)?.approvals.isEmpty == false
      for (tag, value) in setpoints {
        lastKnownGood[tag] = value
        if isApproved { humanBaseline[tag] = value }
      }
      probation = id
    case .probationEnded(let id): if probation == id { probation = nil }
    case .rollbackStarted(let id, let reason, let detail):
      change(id) { $0.status = .rollingBack(.init(reason: reason, detail: detail, since: fact.at)) }
      if probation == id { probation = nil }
    case .changeRestored(let id):
      change(id) { if case .rollingBack(let rollback) = $0.status { $0.status = .restored(rollback) } }
      if let restored = change(id) { for (tag, value) in restored.lastKnownGood { lastKnownGood[tag] = value } }
    case .changeQuarantined(let id, let until):
      guard case .restored(let rollback)? = change(id)?.status else { break }
      end(id, .rolledBack, .quarantined(rollback, until: until), at: fact.at)
    case .foreignMovementSeen(_, let tag, let value):
      (lastSeen[tag], humanBaseline[tag]) = (value, value)
      if !foreign.contains(tag) { foreign = (foreign + [tag]).sorted() }

    case .writeIntended(let intent): intend(intent, at: fact.at)
    case .writeRefused(let token, let refusal):
      guard let intent = close(token) else { break }
      // Nothing was sent, so nothing was spent.
      if let last = spent.lastIndex(where: { $0.tag == intent.tag }) { spent.remove(at: last) }
      if refusal.reason != .manual { lastFailure[intent.tag] = fact.at }
    case .writeConfirmed(let token, let readBack):
      guard let intent = close(token) else { break }
      lastSeen[intent.tag] = readBack
      unsure.removeAll { $0 == intent.tag }
      lastFailure[intent.tag] = nil
    case .writeFailed(let token, let failure):
      guard let intent = close(token) else { break }
      if let readBack = failure.readBack { lastSeen[intent.tag] = readBack }
      if failure.leavesDoubt, !unsure.contains(intent.tag) { unsure = (unsure + [intent.tag]).sorted() }
      lastFailure[intent.tag] = fact.at
    default: break
    }
  }

  private mutating func intend(_ intent: WriteIntent, at now: Instant) {
    (epoch, sequence) = (intent.token.epoch, intent.token.sequence)
    openIntents.append(intent)
    spent.removeAll { now - $0.at >= .hours(1) }
    spent.append(SpentStep(tag: intent.tag, at: now, amount: abs(intent.value - intent.from)))
  }

  private mutating func close(_ token: WriteToken) -> WriteIntent? {
    guard let index = openIntents.firstIndex(where: { $0.token == token }) else { return nil }
    return openIntents.remove(at: index)
  }

  private mutating func end(_ id: ChangeID, _ end: Outcome.End, _ status: ChangeStatus, at now: Instant) {
    let score = change(id).flatMap { record in record.score ?? loop(record.proposal.loop)?.scored.last { $0.change == id } }
    change(id) {
      $0.status = status
      $0.outcome = Outcome(change: id, loop: $0.proposal.loop, end: end, at: now, score: score)
    }
  }

  private mutating func change(_ id: ChangeID, _ body: (inout ChangeRecord) -> Void) {
    // The newest are last, and it is nearly always the last one that changes.
    guard let index = changes.lastIndex(where: { $0.id == id }) else { return }
    body(&changes[index])
  }

  private mutating func change(loop name: String, _ body: (inout LoopRecord) -> Void) {
    guard let index = loops.firstIndex(where: { $0.name == name }) else { return }
    body(&loops[index])
  }

  /// The record starts clean, with what was issued last.
  private mutating func certify(_ loop: String, _ body: (inout CertificateRecord) -> Void) {
    var record = CertificateRecord(loop: loop)
    if let known = certificate(of: loop) { (record.certificate, record.barredUntil) = (known.certificate, known.barredUntil) }
    body(&record)
    certificates = ((certificates ?? []).filter { $0.loop != loop } + [record]).sorted { $0.loop < $1.loop }
  }

  private mutating func register(_ name: String, _ authority: Authority, at now: Instant) {
    guard loop(name) == nil else { return }
    var record = LoopRecord(name: name, authority: authority)
    record.since = now
    loops.append(record)
    loops.sort { $0.name < $1.name }
  }

  private mutating func sign(_ name: String, _ plan: String, by person: Person) {
    // A plan that was edited is another plan: the old signatures are not its own.
    plans.removeAll { $0.name == name && $0.plan != plan }
    if let index = plans.firstIndex(where: { $0.name == name }) {
      if !plans[index].signedBy.contains(person) { plans[index].signedBy.append(person) }
    } else {
      plans.append(PlanRecord(name: name, plan: plan, signedBy: [person]))
      plans.sort { $0.name < $1.name }
    }
  }

  private mutating func set(_ authority: Authority, of name: String, at now: Instant) {
    change(loop: name) {
      $0.authority = authority
      ($0.since, $0.endorsedBy) = (now, [])
      $0.cleanSinceDemotion = 0
      $0.faultsSinceDemotion = 0
      $0.undecidedInARow = 0
    }
  }
}

extension LoopRecord {
  mutating func take(_ score: ScoredClaim) {
    // Recorded again after a crash in between: one claim is scored once.
    if let last = scored.last, last.change == score.change, last.verdict == score.verdict { return }
    scored.append(score)
    switch score.verdict {
    case .keep:
      cleanSinceDemotion = score.clean ? cleanSinceDemotion + 1 : 0
      undecidedInARow = 0
    case .inconclusive, .noEvidence, .continue:
      undecidedInARow += 1
    case .rollback:
      (cleanSinceDemotion, undecidedInARow) = (0, 0)
    }
  }
}

extension ChangeRecord {
  /// The stage that is going out, in force, or held.
  var stage: ChangeStatus.Stage? {
    switch status {
    case .canary(let stage), .full(let stage): stage
    case .hold(let hold): hold.stage
    default: nil
    }
  }

  mutating func updateStage(_ body: (inout ChangeStatus.Stage) -> Void) {
    switch status {
    case .canary(var stage):
      body(&stage)
      status = .canary(stage)
    case .full(var stage):
      body(&stage)
      status = .full(stage)
    default: break
    }
  }

  /// Back to where it was held, with fresh clocks: dwell and evidence begin anew, because what was seen in between proves nothing.
  mutating func release(at now: Instant) {
    guard case .hold(let hold) = status else { return }
    guard var stage = hold.stage else {
      status = .shadow(since: now)
      return
    }
    stage.started = now
    stage.reached = stage.reached == nil ? nil : now
    stage.periodsKept = nil
    status = stage.share >= 1 ? .full(stage) : .canary(stage)
  }
}
