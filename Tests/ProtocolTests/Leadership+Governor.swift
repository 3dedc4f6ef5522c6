import ModelChecking

/// What a leader does: seal, open, read back, reconcile, and only then act.
extension Leadership {
  func addGovernor(_ epoch: UInt64, _ state: LeadershipState, _ steps: inout StepBuffer) {
    let phase = state.phase(epoch)
    let base = epoch == 1 ? Action.ofFirst : Action.ofSecond
    if phase == Phase.elected { return addSeal(epoch, base, state, &steps) }
    if phase == Phase.intended {
      var next = state
      if without.intentFirst {
        // It was sent already; now the intent is recorded, if this leader still may.
        guard state.ledgerEpoch == epoch else { return }
        record(&next, epoch)
      } else {
        next.sent |= 1 &<< slot(epoch, state.lastNumber(epoch))
      }
      next.setPhase(epoch, Phase.sent)
      return add(next, base &+ Action.send, state, &steps)
    }
    if phase == Phase.sealed {
      guard state.ledgerEpoch < epoch else { return }
      var next = state
      next.ledgerEpoch = epoch
      // The gateway says in what mode it stands: a takeover that was never recorded is recorded now.
      if state.person == 1 { next.ledgerManual = 1 }
      next.setPhase(epoch, Phase.opened)
      return add(next, base &+ Action.open, state, &steps)
    }
    // Whoever was overtaken in the ledger can say nothing more.
    guard state.ledgerEpoch == epoch else { return }
    if phase == Phase.opened {
      addReadBack(epoch, base, state, &steps)
    } else if phase == Phase.ready {
      addIntent(epoch, base, state, &steps)
    } else {
      addOutcome(epoch, base, state, &steps)
    }
    addPeople(phase, base, state, &steps)
  }

  private func addSeal(_ epoch: UInt64, _ base: UInt16, _ state: LeadershipState, _ steps: inout StepBuffer) {
    var next = state
    if !without.seal {
      // An older leader than the gateway knows is refused.
      guard state.gateEpoch < epoch else { return }
      restart(&next)
      (next.gateEpoch, next.gateSequence) = (epoch, 0)
      (next.sealed, next.gateLease) = (0, 1)
    }
    next.setPhase(epoch, Phase.sealed)
    add(next, base &+ Action.seal, state, &steps)
  }

  /// Reads the plant once nothing flies any more, and closes the intent that an earlier leader left open by what the plant has.
  private func addReadBack(_ epoch: UInt64, _ base: UInt16, _ state: LeadershipState, _ steps: inout StepBuffer) {
    guard without.patientReadBack || state.issued == 0 && state.prepared == Preparing.nothing else { return }
    var next = state
    next.setPhase(epoch, Phase.ready)
    if state.intentOpen == 1 {
      let value = state.value(state.intentSlot) &- 1
      close(&next, isTrue: without.readBack || state.plant == value, value)
    }
    add(next, base &+ Action.readBack, state, &steps)
  }

  private func addIntent(_ epoch: UInt64, _ base: UInt16, _ state: LeadershipState, _ steps: inout StepBuffer) {
    let stage = state.stage
    if stage == Stage.partDone || stage == Stage.done {
      var next = state
      next.stage = Stage.rollingBack
      add(next, base &+ Action.rollBack, state, &steps)
    }
    if without.rollbackWrite, stage == Stage.rollingBack, state.plant == Value.good, state.issued == 0 {
      var next = state
      next.stage = Stage.rolledBack
      add(next, base &+ Action.confirm, state, &steps)
    }
    let number = state.lastNumber(epoch) &+ 1
    guard state.ledgerManual == 0, number <= commandsPerEpoch else { return }
    let value: UInt64
    if stage == Stage.armed {
      value = without.stages ? Value.whole : Value.part
    } else if stage == Stage.partDone {
      value = Value.whole
    } else if stage == Stage.rollingBack {
      value = Value.good
    } else {
      return
    }
    var next = state
    let slot = slot(epoch, number)
    next.values |= (value &+ 1) &<< (slot &* 2)
    if without.intentFirst { next.sent |= 1 &<< slot } else { record(&next, epoch) }
    next.setPhase(epoch, Phase.intended)
    add(next, base &+ Action.intend, state, &steps)
  }

  /// The intent of the leader's last command becomes durable, and the stage that it begins with it.
  private func record(_ next: inout LeadershipState, _ epoch: UInt64) {
    let slot = slot(epoch, next.lastNumber(epoch))
    (next.intentOpen, next.intentSlot) = (1, slot)
    let value = next.value(slot) &- 1
    if value == Value.part { next.stage = Stage.partStarted } else if value == Value.whole { next.stage = Stage.wholeStarted }
  }

  /// The gateway's word on the last command, or its silence.
  private func addOutcome(_ epoch: UInt64, _ base: UInt16, _ state: LeadershipState, _ steps: inout StepBuffer) {
    let number = state.lastNumber(epoch)
    let slot = slot(epoch, number)
    guard state.intentOpen == 1, state.intentSlot == slot else { return }
    let value = state.value(slot) &- 1
    let isHeld = (state.issued == 1 || state.prepared != Preparing.nothing) && state.issuedSlot == slot
    let isConfirmed = !isHeld && state.gateEpoch == epoch && state.gateSequence == number && state.plant == value
    if isConfirmed || without.readBack {
      var next = state
      close(&next, isTrue: true, value)
      next.setPhase(epoch, Phase.ready)
      add(next, base &+ Action.confirm, state, &steps)
    }
    if !isHeld, !isConfirmed {
      // Refused, lost on the way there or on the way to the plant: the leader is told, or gives up waiting.
      var next = state
      close(&next, isTrue: false, value)
      next.setPhase(epoch, Phase.ready)
      add(next, base &+ Action.fail, state, &steps)
    }
    if state.stage == Stage.partStarted || state.stage == Stage.wholeStarted {
      var next = state
      next.stage = Stage.rollingBack
      add(next, base &+ Action.rollBack, state, &steps)
    }
  }

  private func close(_ next: inout LeadershipState, isTrue: Bool, _ value: UInt64) {
    (next.intentOpen, next.intentSlot) = (0, 0)
    let stage = next.stage
    if !isTrue {
      if stage == Stage.partStarted || stage == Stage.wholeStarted { next.stage = Stage.rollingBack }
    } else if stage == Stage.partStarted, value == Value.part {
      next.stage = Stage.partDone
    } else if stage == Stage.wholeStarted, value == Value.whole {
      next.stage = Stage.done
    } else if stage == Stage.rollingBack, value == Value.good {
      next.stage = Stage.rolledBack
    }
  }

  /// A takeover is recorded when the leader hears of it; a person hands back through the leader, and what was unproven goes back.
  private func addPeople(_ phase: UInt64, _ base: UInt16, _ state: LeadershipState, _ steps: inout StepBuffer) {
    guard state.person == 1 else { return }
    if state.ledgerManual == 0 {
      var next = state
      next.ledgerManual = 1
      add(next, base &+ Action.noteTakeover, state, &steps)
    } else if phase != Phase.opened {
      var next = state
      (next.person, next.ledgerManual) = (0, 0)
      if state.prepared == Preparing.checked, !without.fenceBeforeWrite { storeFence(&next, Preparing.stored) }
      if state.stage == Stage.partStarted || state.stage == Stage.partDone || state.stage == Stage.wholeStarted { next.stage = Stage.rollingBack }
      add(next, base &+ Action.rearm, state, &steps)
    }
  }

  func slot(_ epoch: UInt64, _ number: UInt64) -> UInt64 { (epoch &- 1) &* 4 &+ number &- 1 }
}
