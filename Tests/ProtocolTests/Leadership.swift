import ModelChecking

/// The protocol between governor, gateway, ledger, lock service and channel, small enough to be explored whole.
///
/// **What there is.** One tag, which stands at its last known good (`good`) and is to be moved in two stages (`part`, then `whole`). Two
/// governors that follow each other as leaders, epoch 1 and epoch 2; the first may go on, unaware, after the second was elected. A gateway
/// at the plant with a durable fence. A ledger. Between governor and gateway a channel that loses, doubles, delays and reorders at will:
/// every command that was ever sent may be delivered at any time, any number of times, or never. Between gateway and plant one write flies
/// at a time, and lands or is lost before the read-back deadline (the one assumption on time).
///
/// **What may happen at any time.** The lock's lease runs out; the gateway's own lease runs out (silence); a person takes over, and hands
/// back; a governor or the gateway crashes (twice in all); the governor decides to roll back.
///
/// **What must never happen** stands in `invariants`. `removal` takes one safeguard away: each must then be found out.
struct Leadership: TransitionSystem {
  /// Crashes of governors and gateway together, at most 3.
  let crashes: UInt64
  /// Commands that each leader may intend, at most 4.
  let commandsPerEpoch: UInt64
  let without: Safeguards

  init(crashes: UInt64 = 2, commandsPerEpoch: UInt64 = 4, without removal: Removal? = nil) {
    precondition(crashes <= 3 && (2...4).contains(commandsPerEpoch), "a scope that the packed state has no room for")
    (self.crashes, self.commandsPerEpoch) = (crashes, commandsPerEpoch)
    without = Safeguards(removal)
  }

  /// In the order of `Broken`.
  let invariants = [
    "the plant is what the ledger says (invariants 3, 4, 16)", "after a takeover nothing leaves the gateway (invariant 5)",
    "after its leader's silence nothing leaves the gateway (invariants 1, 8)", "a stage starts from a verified one (invariant 6)",
    "one write is on its way to a tag (invariant 2)",
  ]

  var initial: UInt64 { LeadershipState.start.word }

  func steps(from word: UInt64, into steps: inout StepBuffer) {
    let state = LeadershipState(word)
    addWorld(state, &steps)
    if state.first != Phase.none { addGovernor(1, state, &steps) }
    if state.second != Phase.none { addGovernor(2, state, &steps) }
    var slot: UInt64 = 0
    while slot < 8 {
      addDelivery(slot, state, &steps)
      slot &+= 1
    }
    addGateway(state, &steps)
  }

  /// What a search must have reached to have proven anything: one bit a landmark, in the order of `landmarkNames`.
  func landmarks(of word: UInt64) -> UInt64 {
    let state = LeadershipState(word)
    var found = UInt64(1) &<< state.stage
    if state.first > Phase.sealed, state.second > Phase.sealed { found |= 1 &<< 8 }
    if state.crashes == crashes { found |= 1 &<< 9 }
    if state.ledgerEpoch == 2, state.stage == Stage.done { found |= 1 &<< 10 }
    if state.ledgerEpoch == 2, state.stage == Stage.rolledBack { found |= 1 &<< 11 }
    return found
  }
  static let landmarkNames = [
    0: "armed", 2: "DONE1", 4: "DONE2", 6: "ROLLEDBACK", 8: "two leaders at once", 9: "every crash spent", 10: "DONE2 by the second leader",
    11: "ROLLEDBACK by the second leader",
  ]

  func text(of word: UInt64) -> String { LeadershipState(word).description }

  // MARK: - Steps of the world around

  private func addWorld(_ state: LeadershipState, _ steps: inout StepBuffer) {
    if state.lockHeld == 0, state.elected < 2 {
      var next = state
      next.elected = state.elected &+ 1
      next.lockHeld = 1
      next.setPhase(next.elected, Phase.elected)
      add(next, Action.elect, state, &steps)
      if next.elected == 2, state.first != Phase.none {
        // The same governor wins again, and knows that its old epoch is over.
        next.first = Phase.none
        add(next, Action.reelect, state, &steps)
      }
    }
    if state.lockHeld == 1 {
      var next = state
      next.lockHeld = 0
      add(next, Action.lockExpires, state, &steps)
    }
    if state.gateLease == 1 {
      var next = state
      next.gateLease = 0
      add(next, Action.silence, state, &steps)
    }
    if state.person == 0 {
      var next = state
      next.person = 1
      // The fence is stored with the mode, and what was prepared with it.
      if state.prepared == Preparing.checked, !without.fenceBeforeWrite { storeFence(&next, Preparing.stored) }
      if without.gatewayTakeover { next.ledgerManual = 1 }
      add(next, Action.takeOver, state, &steps)
    }
    if state.crashes < crashes { addCrashes(state, &steps) }
  }

  private func addCrashes(_ state: LeadershipState, _ steps: inout StepBuffer) {
    var crashed = state
    crashed.crashes = state.crashes &+ 1
    if state.sealed == 0 {
      var next = crashed
      (next.sealed, next.gateLease) = (1, 0)
      restart(&next)
      add(next, Action.gatewayCrashes, state, &steps)
    }
    if state.first != Phase.none {
      var next = crashed
      next.first = Phase.none
      add(next, Action.firstCrashes, state, &steps)
    }
    if state.second != Phase.none {
      var next = crashed
      next.second = Phase.none
      add(next, Action.secondCrashes, state, &steps)
    }
  }

  /// The gateway starts anew: what memory alone knew is gone.
  func restart(_ next: inout LeadershipState) {
    if next.prepared == Preparing.checked || next.prepared == Preparing.left || without.pendingAcrossRestart {
      (next.issued, next.issuedSlot) = (0, 0)
    }
    next.prepared = Preparing.nothing
  }

  // MARK: - Adding a step

  /// Adds a step with what it breaks, of those invariants that the two states alone show.
  func add(_ next: LeadershipState, _ action: UInt16, _ state: LeadershipState, _ steps: inout StepBuffer) {
    var broken: UInt16 = 0
    if next.stage != state.stage || next.plant != state.plant {
      if !agrees(next) { broken = Broken.plant }
      if next.stage == Stage.wholeStarted, state.stage != Stage.wholeStarted, state.stage != Stage.partDone { broken = Broken.stages }
    }
    steps.add(next.word, action: action, breaking: broken)
  }

  /// Whether the plant stands where the ledger says that it may.
  private func agrees(_ state: LeadershipState) -> Bool {
    let (stage, plant) = (state.stage, state.plant)
    if stage == Stage.rollingBack { return true }
    if stage == Stage.partStarted { return plant != Value.whole }
    if stage == Stage.partDone { return plant == Value.part }
    if stage == Stage.wholeStarted { return plant != Value.good }
    return stage == Stage.done ? plant == Value.whole : plant == Value.good
  }
}

/// What a step can break: 1 + the index in `Leadership.invariants`.
enum Broken {
  static var plant: UInt16 { 1 }
  static var takeover: UInt16 { 2 }
  static var silence: UInt16 { 3 }
  static var stages: UInt16 { 4 }
  static var oneOnItsWay: UInt16 { 5 }
}
