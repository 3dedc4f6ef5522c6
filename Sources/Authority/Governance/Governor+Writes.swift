internal import PlantModel
internal import Quantities

/// Single writes: decided here, sent by the gateway, closed by their read-back.
extension Governor {
  /// Decides the next write of a tag on its way to `target`, if it may go now.
  ///
  /// A move longer than the envelope's step is a ramp: each write waits for the read-back of the one before. Moves forward spend at most
  /// `forwardShare` of the hour's allowance, so that the way back is never blocked by the way out.
  func write(_ tag: String, toward target: Double, for change: ChangeRecord, _ purpose: WriteIntent.Purpose, _ turn: inout Turn) {
    guard !state.openIntents.contains(where: { $0.tag == tag }), let limit = check.limit(tag), let current = fresh(tag, at: turn.instant) else {
      return
    }
    if let failed = state.lastFailure[tag], turn.instant - failed < pause(after: tag) { return }
    if purpose == .advance, check.same(tag, current, target) { return }
    // A hand or a lying sensor: a step from there would not be the step that it is taken for. It has its moment of grace, then the change is held.
    if purpose == .advance, isForeign(tag, of: change, at: turn.instant) { return }
    let allowance = limit.maxPerHour * (purpose == .advance ? plan.rules.forwardShare : 1)
    let distance = target - current
    let step = min(abs(distance), limit.maxStep, allowance)
    guard SpentStep.total(state.spent, of: tag, at: turn.instant) + step <= allowance * EnvelopeCheck.rounding else { return }
    let value = step == abs(distance) ? target : current + (distance < 0 ? -step : step)
    // The gateway would refuse it: wait, without a fact for every try.
    let question = EnvelopeCheck.Question(
      tag: tag, value: value, purpose: purpose, at: turn.instant, readings: moment.readings, spent: state.spent, pending: pendingWrites(turn),
      properties: moment.properties)
    guard check.refusal(of: question) == nil else { return }
    let decided = turn.facts.count { if case .writeIntended = $0 { true } else { false } }
    let token = WriteToken(epoch: state.epoch, sequence: state.sequence + UInt64(decided) + 1)
    turn.record(
      .writeIntended(
        intent: WriteIntent(
          token: token, change: change.id, tag: tag, from: current, value: value, purpose: purpose, expires: turn.instant + plan.rules.intentLifetime,
          unit: limit.unit)
      ))
  }

  /// After a failure the next attempt waits. Where the failed write's fate is not known it may still land, and a step from before it might be two from
  /// after: it is given the time of its read-back once more, and a quarter.
  private func pause(after tag: String) -> Duration {
    state.unsure.contains(tag) ? max(plan.rules.retryInterval, plan.rules.readBackDeadline * 1.25) : plan.rules.retryInterval
  }

  /// Writes that may be on their way, those decided in this turn included.
  private func pendingWrites(_ turn: Turn) -> [IssuedWrite] {
    let decided = turn.facts.compactMap { if case .writeIntended(let intent) = $0 { intent } else { nil } }
    return (state.openIntents + decided).map { IssuedWrite(token: $0.token, tag: $0.tag, before: $0.from, value: $0.value, at: turn.instant) }
  }

  /// The gateway's word on a write. What is not open (late, doubled) is ignored.
  mutating func note(_ report: GatewayReport, _ turn: inout Turn) {
    switch report {
    case .confirmed(let token, let readBack):
      guard let intent = openIntent(token) else { return }
      turn.record(.writeConfirmed(token: token, readBack: readBack.isFinite ? readBack : intent.value))
    case .refused(let token, let refusal):
      guard let intent = openIntent(token) else { return }
      turn.record(.writeRefused(token: token, refusal: refusal))
      if refusal.reason == .manual {
        // Shut at the gateway itself, before we heard of it.
        if mayWrite { turn.record(.takenOver(by: .localPanel)) }
      } else if !refusal.passes, refusal.reason != .expired {
        blame(intent, .writeFailed, "the gateway refused: \(refusal.detail)", &turn)
      }
    case .failed(let token, let failure):
      guard let intent = openIntent(token) else { return }
      fail(intent, failure, &turn)
    case .replayed(let token):
      turn.effects.append(.notice(Notice(.alarm, change: nil, "a command came again or out of order (\(token)) and was refused")))
    case .stopped(let holds):
      let states = holds.map { "\($0.tag) \($0.state)" }.joined(separator: ", ")
      turn.effects.append(.notice(Notice(.alarm, change: nil, "the gateway heard nothing of the governor and stopped: \(states)")))
    }
  }

  private func openIntent(_ token: WriteToken) -> WriteIntent? { state.openIntents.first { $0.token == token } }

  private func fail(_ intent: WriteIntent, _ failure: WriteFailure, _ turn: inout Turn) {
    var failure = failure
    if failure.readBack?.isFinite != true { failure.readBack = nil }
    turn.record(.writeFailed(token: intent.token, failure: failure))
    guard failure.reason != .withheld else { return }
    let reason: RollbackReason = failure.reason == .notApplied ? .interrupted : .writeFailed
    blame(intent, reason, "write \(intent.token) of \(intent.tag) failed: \(failure.reason.rawValue)", &turn)
  }

  /// A forward write that did not become true ends the change; a backward one is tried again.
  private func blame(_ intent: WriteIntent, _ reason: RollbackReason, _ detail: String, _ turn: inout Turn) {
    guard intent.purpose == .advance, let change = state.change(intent.change), change.stage != nil else { return }
    if turn.facts.contains(where: { if case .rollbackStarted = $0 { true } else { false } }) { return }
    // After a takeover the change waits in its hold; re-arming starts the way back.
    guard mayWrite else { return }
    startRollback(change, reason, detail, &turn)
  }

  /// Closes intents that nobody will report on: those of an earlier life, and those that the gateway has forgotten.
  ///
  /// Never by sending again: the plant is read, and what it has is what happened.
  mutating func settleIntents(_ turn: inout Turn) -> Bool {
    guard let opened = moment.opened else { return false }
    for intent in state.openIntents {
      let decided = intent.expires - plan.rules.intentLifetime
      let isEarlier = intent.token.epoch != state.epoch
      let isOverdue = turn.instant - decided > plan.rules.readBackDeadline * 2
      guard isEarlier || isOverdue else { continue }
      let reading = moment.readings[intent.tag].flatMap { $0.isFresh(at: turn.instant, within: check.freshness(of: intent.tag)) ? $0 : nil }
      guard let reading, reading.instant > (isEarlier ? opened : decided) else {
        if !isEarlier { fail(intent, WriteFailure(.noReadBack, readBack: nil), &turn) }
        continue
      }
      if check.same(intent.tag, reading.value, intent.value) {
        turn.record(.writeConfirmed(token: intent.token, readBack: reading.value))
      } else if !isEarlier || reading.instant > intent.expires + plan.rules.readBackDeadline {
        // A write of an earlier life may still be on its way until then.
        fail(intent, WriteFailure(isEarlier ? .notApplied : .mismatch, readBack: reading.value), &turn)
      }
    }
    return !turn.facts.isEmpty
  }
}
