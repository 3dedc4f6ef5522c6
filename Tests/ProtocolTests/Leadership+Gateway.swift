import ModelChecking

/// What the gateway does with a command, and what becomes of the write: check, store the fence, let it leave; land or be lost; read back.
extension Leadership {
  /// A command reaches the gateway: for the first time, again, late, or out of turn. A refusal changes nothing.
  func addDelivery(_ slot: UInt64, _ state: LeadershipState, _ steps: inout StepBuffer) {
    guard accepts(slot, state) else { return }
    var next = state
    next.prepared = Preparing.checked
    next.issuedSlot = slot
    add(next, Action.deliver &+ UInt16(truncatingIfNeeded: slot), state, &steps)
  }

  /// Whether the gateway would let the command of `slot` through now.
  func accepts(_ slot: UInt64, _ state: LeadershipState) -> Bool {
    guard (state.sent &>> slot) & 1 == 1, state.prepared == Preparing.nothing, state.issued == 0 else { return false }
    let epoch: UInt64 = slot < 4 ? 1 : 2
    if state.person == 1, !without.gatewayTakeover { return false }
    if without.seal, epoch > state.gateEpoch { return true }
    if state.sealed == 1, !without.seal { return false }
    if state.gateLease == 0, !without.watchdog { return false }
    if without.fence { return true }
    if epoch != state.gateEpoch { return false }
    return without.commandFence || (slot & 3) &+ 1 > state.gateSequence
  }

  func addGateway(_ state: LeadershipState, _ steps: inout StepBuffer) {
    if state.prepared == Preparing.checked {
      if without.fenceBeforeWrite { addLeave(state, &steps) } else { addStore(state, Preparing.stored, &steps) }
    } else if state.prepared == Preparing.stored {
      addLeave(state, &steps)
    } else if state.prepared == Preparing.left {
      addStore(state, Preparing.nothing, &steps)
    }
    if state.flying != 0 {
      var next = state
      next.flying = 0
      add(next, Action.lose, state, &steps)
      next.plant = state.flying &- 1
      add(next, Action.land, state, &steps)
    }
    let isEarlier = without.patientSettling && state.issuedSlot < 4 && state.gateEpoch == 2
    if state.issued == 1, state.sealed == 0 || without.seal, state.prepared == Preparing.nothing, state.flying == 0 || isEarlier {
      // Read back, or past its deadline; either way it flies no more.
      var next = state
      (next.issued, next.issuedSlot) = (0, 0)
      add(next, Action.settle, state, &steps)
    }
  }

  private func addStore(_ state: LeadershipState, _ prepared: UInt64, _ steps: inout StepBuffer) {
    var next = state
    storeFence(&next, prepared)
    add(next, Action.store, state, &steps)
  }

  /// The fence with the prepared write goes to disk, whatever it is stored for.
  func storeFence(_ next: inout LeadershipState, _ prepared: UInt64) {
    let epoch: UInt64 = next.issuedSlot < 4 ? 1 : 2
    if without.seal, epoch > next.gateEpoch { (next.gateEpoch, next.gateLease) = (epoch, 1) }
    next.gateSequence = (next.issuedSlot & 3) &+ 1
    (next.issued, next.prepared) = (1, prepared)
  }

  private func addLeave(_ state: LeadershipState, _ steps: inout StepBuffer) {
    var next = state
    let isTakenOver = state.person == 1 && !without.gatewayTakeover && !without.secondLook
    let isSilent = state.gateLease == 0 && !without.watchdog
    if isTakenOver || isSilent {
      (next.issued, next.issuedSlot, next.prepared) = (0, 0, Preparing.nothing)
      return add(next, Action.withhold, state, &steps)
    }
    next.flying = state.value(state.issuedSlot)
    next.prepared = without.fenceBeforeWrite ? Preparing.left : Preparing.nothing
    var broken: UInt16 = 0
    if state.flying != 0 { broken = Broken.oneOnItsWay }
    if state.gateLease == 0 { broken = Broken.silence }
    if state.person == 1 { broken = Broken.takeover }
    steps.add(next.word, action: Action.leave, breaking: broken)
  }
}
