internal import PlantModel
internal import Quantities

/// What to do next, as a function of state, readings and time: asked after every input, one step at a time.
extension Governor {
  mutating func advance(_ turn: inout Turn) {
    guard moment.opened != nil else { return }
    if adoptPlan(&turn) { return }
    retireCertificates(&turn)
    if !turn.facts.isEmpty { return }
    if settleIntents(&turn) || payForRollback(&turn) { return }
    if case .restored(let rollback)? = state.openChange?.status { return quarantine(rollback, &turn) }
    guard mayWrite else { return standBack(&turn) }
    // Seal, read back, reconcile, and only then act: nothing moves while a write of an earlier life is open.
    guard !state.openIntents.contains(where: { $0.token.epoch != state.epoch }) else { return }
    if let change = state.openChange {
      if outdated(change, &turn) { return }
      switch change.status {
      case .proposed, .twinValidated, .envelopeChecked, .awaitingApproval: advancePreparation(change, &turn)
      case .armed: turn.record(.shadowStarted(change: change.id))
      case .shadow(let since): advanceShadow(change, since: since, &turn)
      case .canary(let stage), .full(let stage): advanceStage(change, stage, &turn)
      case .hold(let hold): advanceHold(change, hold, &turn)
      case .rollingBack(let rollback): advanceRollback(change, rollback, &turn)
      default: break
      }
    }
    if turn.facts.isEmpty { watchProbation(&turn) }
    if turn.facts.isEmpty, state.openChange == nil { plantDecoy(&turn) }
  }

  /// Takes in the plant folder that we run on, and loops that are new.
  private mutating func adoptPlan(_ turn: inout Turn) -> Bool {
    if state.revision != plan.revision || state.envelope != envelopeHash {
      let widenings = wideningsInWaiting
      if widenings.isEmpty {
        turn.record(.revisionAdopted(revision: plan.revision, envelope: envelopeHash, limits: plan.envelope))
      } else if moment.noticed.insert("envelope \(envelopeHash)").inserted {
        let list = widenings.map(\.description).joined(separator: "; ")
        turn.effects.append(
          .notice(
            Notice(.alarm, change: nil, "the envelope is wider (\(list)): the safety role must accept it, takt envelope --accept", isUrgent: true)))
      }
    }
    for spec in plan.loops {
      guard let record = state.loop(spec.name) else {
        turn.record(.loopRegistered(loop: spec.name, authority: min(spec.authority, plan.ceiling(of: spec.name))))
        continue
      }
      if record.authority > plan.ceiling(of: spec.name) {
        turn.record(.loopDemoted(loop: spec.name, to: plan.ceiling(of: spec.name), reason: "the envelope's ceiling", by: nil, change: nil))
      }
    }
    return !turn.facts.isEmpty
  }

  /// In what the folder's envelope is wider than the one in force, unless the safety role's quorum has accepted it. An envelope whose
  /// predecessor was not recorded counts as wider.
  var wideningsInWaiting: [EnvelopeComparison.Widening] {
    guard let inForce = state.envelope, inForce != envelopeHash else { return [] }
    guard Set((state.accepted[envelopeHash] ?? []).map(\.name)).count < plan.governance.approvals.envelope else { return [] }
    guard let before = state.envelopeSpec else { return [EnvelopeComparison.Widening(path: "envelope.yaml", old: inForce, new: envelopeHash)] }
    return EnvelopeComparison(before, plan.envelope).widenings
  }

  /// A change that was built on another plant, or by a loop that is gone, goes.
  private func outdated(_ change: ChangeRecord, _ turn: inout Turn) -> Bool {
    let known = plan.loop(of: change.proposal) != nil
    if change.status.isGoingBack || (change.proposal.revision == plan.revision && known) { return false }
    if change.status.isWritten {
      startRollback(change, .revisionChanged, "its plant revision or its loop is gone", &turn)
    } else {
      turn.record(.changeRevoked(change: change.id, reason: known ? .revisionChanged : .loopRemoved))
    }
    return true
  }

  /// A person has the plant: what is not written goes, what is written waits.
  private func standBack(_ turn: inout Turn) {
    // Until the takeover itself is durable there is nothing to say about its consequences.
    guard !state.mode.isAutomatic, let change = state.openChange, !change.status.isGoingBack else { return }
    let isHalt = if case .halted = state.mode { true } else { false }
    guard change.status.isWritten else {
      return turn.record(.changeRevoked(change: change.id, reason: isHalt ? .halted : .takenOver))
    }
    if case .hold(let hold) = change.status, hold.reason == .takenOver || hold.reason == .halted { return }
    let detail = isHalt ? "Takt is halted" : "a person took over"
    turn.record(.changeHeld(change: change.id, reason: isHalt ? .halted : .takenOver, detail: detail, until: .distantFuture))
  }

  private mutating func advanceShadow(_ change: ChangeRecord, since: Instant, _ turn: inout Turn) {
    moment.open.turn(to: .shadow(change.id, since: since))
    if moment.hasExpired(change.proposal, at: turn.instant) { return turn.record(.changeExpired(change: change.id)) }
    if let trouble = trouble(with: change, at: turn.instant) { return hold(change, trouble, &turn) }
    guard let spec = plan.loop(of: change.proposal), turn.instant - since >= spec.rollout.shadow,
      moment.open.hasStood(for: spec.rollout.shadow, until: moment.elapsed)
    else { return }
    guard isSeen(change, at: turn.instant), let baseline = baseline(of: change, at: turn.instant) else { return }
    let moved = baseline.keys.sorted().first { !check.same($0, baseline[$0] ?? .nan, change.lastKnownGood[$0] ?? .nan) }
    if moved != nil { return turn.record(.changeRevoked(change: change.id, reason: .setpointMoved)) }
    if let watched = state.probation { turn.record(.probationEnded(change: watched)) }
    startStage(0, of: change, spec, &turn)
  }

  func startStage(_ step: Int, of change: ChangeRecord, _ spec: LoopSpec, _ turn: inout Turn) {
    let steps = spec.rollout.shares
    turn.record(.stageStarted(change: change.id, step: step, share: steps[step], full: step == steps.count - 1))
  }

  private func quarantine(_ rollback: ChangeStatus.Rollback, _ turn: inout Turn) {
    guard let change = state.openChange else { return }
    let until = rollback.reason.quarantines ? turn.instant + plan.rules.quarantine : turn.instant
    turn.record(.changeQuarantined(change: change.id, until: until))
  }
}

extension RolloutSpec {
  /// The steps as they are used: rising, inside (0, 1], ending at 1.
  var shares: [Double] {
    var shares: [Double] = []
    for share in steps where share > (shares.last ?? 0) && share < 1 { shares.append(share) }
    return shares + [1]
  }
}
