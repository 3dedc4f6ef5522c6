internal import PlantModel
internal import Quantities

/// Holding still, and going back.
extension Governor {
  struct Trouble {
    var reason: HoldReason
    var detail: String
  }

  var isTwinValid: Bool { state.twin.map { $0.valid && $0.revision == state.revision } ?? false }

  /// Evidence against the twin, the plant or the sensors; readings get a moment of grace.
  mutating func trouble(with change: ChangeRecord, at now: Instant) -> Trouble? {
    if !isTwinValid { return Trouble(reason: .twinInvalid, detail: state.twin?.reason ?? "there is no twin") }
    guard let found = disturbance(of: change, at: now) else {
      moment.open.troubleSince = nil
      return nil
    }
    let since = moment.open.troubleSince ?? now
    moment.open.troubleSince = since
    return now - since >= plan.rules.readingGrace ? found : nil
  }

  /// Whether every tag that a change's moves rest on is measured now, as far as anybody knows: what is bad, silent or suspect gets its moment of grace before
  /// a change is held, and none before it goes on to its next stage.
  func isSeen(_ change: ChangeRecord, at now: Instant) -> Bool {
    disturbance(of: change, at: now) == nil
      && !check.envelope.watched(by: change.proposal.moves.map(\.tag)).contains { moment.readings[$0]?.isSuspect == true }
  }

  private func disturbance(of change: ChangeRecord, at now: Instant) -> Trouble? {
    let tags = change.proposal.moves.map(\.tag).sorted()
    if let silent = check.envelope.watched(by: tags).first(where: { fresh($0, at: now) == nil }) {
      return Trouble(reason: .badReadings, detail: "\(silent) has no fresh good reading")
    }
    if let moved = tags.first(where: { isForeign($0, of: change, at: now) }) {
      return Trouble(reason: .foreignMovement, detail: "\(moved) stands where Takt did not put it")
    }
    return nil
  }

  /// The tag stands at nothing that we have written, read back or started from.
  func isForeign(_ tag: String, of change: ChangeRecord, at now: Instant) -> Bool {
    guard change.status.isWritten || change.status.isGoingBack, let value = fresh(tag, at: now) else { return false }
    // While a write is on its way the tag may be anywhere between.
    if state.openIntents.contains(where: { $0.tag == tag }) { return false }
    let isOurs = [state.lastSeen[tag], change.lastKnownGood[tag]].contains { $0.map { check.same(tag, $0, value) } ?? false }
    // Outside the limits no write of ours can have put it, unless they were tightened since; and none may take it from there that does not end
    // inside.
    if !check.allows(value, of: tag) { return !isOurs || !check.isOneStepFromInside(value, of: tag) }
    // A write whose fate is unknown may land late.
    return !isOurs && !state.unsure.contains(tag)
  }

  // MARK: - Hold

  mutating func hold(_ change: ChangeRecord, _ trouble: Trouble, _ turn: inout Turn) {
    let stage = change.stage
    if change.holds >= plan.rules.maxHolds {
      let detail = "held \(change.holds) times already, and now: \(trouble.detail)"
      return stage == nil
        ? turn.record(.changeRevoked(change: change.id, reason: .holdTimedOut)) : startRollback(change, .tooManyHolds, detail, &turn)
    }
    let patience =
      trouble.reason == .foreignMovement
      ? plan.rules.readingGrace * 2 : max(plan.loop(of: change.proposal)?.rollout.timeout ?? .zero, plan.rules.readingGrace)
    turn.record(.changeHeld(change: change.id, reason: trouble.reason, detail: trouble.detail, until: turn.instant + patience))
  }

  mutating func advanceHold(_ change: ChangeRecord, _ hold: ChangeStatus.Hold, _ turn: inout Turn) {
    moment.open.turn(to: .hold(change.id, since: hold.since))
    if hold.reason == .takenOver || hold.reason == .halted {
      // Re-armed. What nobody proved must not stay; what the person moved is the person's (see `advanceRollback`).
      let reason: RollbackReason = hold.reason == .halted ? .halted : .takenOver
      return startRollback(change, reason, hold.detail, &turn)
    }
    if isTwinValid, disturbance(of: change, at: turn.instant) == nil { return turn.record(.changeReleased(change: change.id)) }
    guard turn.instant >= hold.until else { return }
    if hold.stage == nil { return turn.record(.changeRevoked(change: change.id, reason: .holdTimedOut)) }
    startRollback(change, hold.reason == .foreignMovement ? .foreignMovement : .holdTimedOut, hold.detail, &turn)
  }

  // MARK: - Rollback

  func startRollback(_ change: ChangeRecord, _ reason: RollbackReason, _ detail: String, _ turn: inout Turn) {
    turn.record(.rollbackStarted(change: change.id, reason: reason, detail: detail))
  }

  /// Takes the loop down a level where the change that goes back is to blame; once, whatever crashes in between.
  func payForRollback(_ turn: inout Turn) -> Bool {
    guard let change = state.openChange, change.proposal.proposer == nil, !change.costAuthority, let loop = state.loop(change.proposal.loop),
      let lower = Authority(rawValue: loop.authority.rawValue - 1)
    else { return false }
    let reason: RollbackReason
    switch change.status {
    case .rollingBack(let rollback), .restored(let rollback): reason = rollback.reason
    default: return false
    }
    let isUndecidedAgain =
      (reason == .inconclusive || reason == .noEvidence)
      && loop.undecidedInARow >= plan.rules.undecidedBeforeDemotion && loop.authority > .supervised
    guard reason.demotes || isUndecidedAgain else { return false }
    let text = isUndecidedAgain ? "\(loop.undecidedInARow) undecided changes in a row" : "\(change.id) went back: \(reason.rawValue)"
    turn.record(.loopDemoted(loop: loop.name, to: lower, reason: text, by: nil, change: change.id))
    return true
  }

  /// Writes the last known good, tag by tag, as fast as the envelope allows, until every tag reads it back.
  ///
  /// Idempotent: it looks at where the plant stands, not at what was done. A tag that somebody else has moved is theirs and left alone. Where the
  /// limits were tightened since, it goes back as far as they allow.
  mutating func advanceRollback(_ change: ChangeRecord, _ rollback: ChangeStatus.Rollback, _ turn: inout Turn) {
    moment.open.turn(to: .wayBack(change.id))
    var isDone = true
    for tag in change.lastKnownGood.keys.sorted() {
      guard let known = change.lastKnownGood[tag], let limit = check.limit(tag), !state.foreign.contains(tag) else { continue }
      let good = min(max(known, limit.low), limit.high)
      if isForeign(tag, of: change, at: turn.instant) {
        turn.record(.foreignMovementSeen(change: change.id, tag: tag, value: fresh(tag, at: turn.instant) ?? good))
        isDone = false
        continue
      }
      // A write whose fate is unknown may land after this: one more write of the good value goes behind it in the same queue.
      if stands(tag, at: good, turn.instant), !state.unsure.contains(tag) { continue }
      isDone = false
      write(tag, toward: good, for: change, .restore, &turn)
    }
    if isDone { return turn.record(.changeRestored(change: change.id)) }
    if turn.instant - rollback.since > plan.rules.rollbackAlarm, moment.noticed.insert("\(change.id) late").inserted {
      turn.effects.append(
        .notice(Notice(.alarm, change: change.id, "\(change.id) is not back after \(plan.rules.rollbackAlarm.hours) h", isUrgent: true)))
    }
  }
}
