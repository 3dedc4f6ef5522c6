import Governance
import PlantModel
import Quantities
import Telemetry
import Testing

@Suite struct RolloutTests {
  @Test func aGoodChangeGoesThroughEveryStageAndSettles() throws {
    let rig = Rig()
    rig.feed(.proposed(rig.draft(temperature: 84)))
    rig.run(.hours(14)) { $0.word == "settled" }
    #expect(rig.word == "settled")
    #expect(rig.plant[Rig.tags[0]] == 70 && rig.plant[Rig.tags[1]] == 84)
    let kinds = rig.facts.filter { $0.change == rig.change?.id && !$0.kind.hasPrefix("write") }.map(\.kind)
    #expect(
      kinds == [
        "changeProposed", "changeProven", "envelopeChecked", "rollbackProven", "changeArmed", "shadowStarted", "stageStarted", "stageReached",
        "stageJudged",
        "stageStarted", "stageReached", "stageJudged", "claimScored", "changeSettled",
      ])
    #expect(rig.broken.isEmpty, "\(rig.broken)")
    #expect(rig.governor.state.loop("speed")?.scored.count == 1)
    #expect(rig.governor.state.lastKnownGood[Rig.tags[0]] == 70)
  }

  /// A stage may be decided in time and its start be kept late: a change that has expired by then is not begun.
  @Test func invariant14_aStageWhoseStartTheLedgerKeepsAfterTheExpiryWritesNothing() {
    let rig = Rig()
    rig.feed(.proposed(rig.draft(temperature: 84)))
    rig.run(.minutes(30)) { $0.word == "shadow" }
    rig.run(.minutes(5))
    rig.ledgerRefuses = true
    rig.run(.hours(4))
    rig.ledgerRefuses = false
    rig.run(.minutes(10))
    #expect(rig.count("stageStarted") == 1 && rig.writes.isEmpty && rig.word == "quarantined")
    #expect(rig.governor.state.loop("speed")?.authority == .closedLoop && rig.broken.isEmpty)
  }

  /// Rehearsal, seed 100164: for an hour the disk was full and every write withheld, and then the first one went out after the expiry.
  @Test func invariant14_aStageWhoseWritesWereAllWithheldUntilTheExpiryWritesNothing() {
    let rig = Rig()
    rig.feed(.proposed(rig.draft()))
    rig.fenceRefuses = true
    rig.run(.hours(4))
    #expect(rig.word == "canary 1" && rig.count("writeFailed") > 2)
    rig.fenceRefuses = false
    rig.run(.minutes(90))
    #expect(rig.writes.isEmpty && rig.word == "quarantined" && rig.governor.state.loop("speed")?.authority == .closedLoop)
  }

  /// What an interlock watches is bad for less than its grace, or has repeated itself for suspiciously long, just as the stage would be kept.
  @Test(arguments: [(Quality.bad, false, 100.0), (.good, true, 600)])
  func scenario1_nothingGoesOnToItsNextStageWhileASensorMayHaveStopped(quality: Quality, isSuspect: Bool, seconds: Double) {
    func begun() -> Rig {
      let rig = Rig()
      rig.feed(.proposed(rig.draft()))
      return rig
    }
    let undisturbed = begun()
    undisturbed.run(.hours(8)) { $0.count("stageStarted") == 2 }
    let rig = begun()
    rig.run(undisturbed.now - rig.now - .minutes(1))
    (rig.doorQuality, rig.doorIsSuspect) = (quality, isSuspect)
    rig.run(.seconds(seconds))
    #expect(rig.count("stageStarted") == 1 && rig.word == "canary 1" && rig.now > undisturbed.now)
    (rig.doorQuality, rig.doorIsSuspect) = (.good, false)
    rig.run(.minutes(1))
    #expect(rig.count("stageStarted") == 2 && rig.count("changeHeld") == 0)
  }

  /// Rehearsal, seed 62543: a source's clock was an hour ahead; an hour later its reading passed for fresh, and what a hand had moved since was not seen.
  @Test func scenario10_aReadingDatedAheadStandsInForNoneThatComesLater() {
    let rig = Rig()
    rig.feed(.reading(tag: Rig.tags[0], Reading(value: 60, quality: .good, instant: rig.now + .hours(1))))
    rig.plant[Rig.tags[0]] = 63
    rig.run(.hours(1))
    rig.feed(.proposed(rig.draft()))
    rig.run(.minutes(5)) { $0.count("changeArmed") == 1 }
    #expect(rig.change?.lastKnownGood[Rig.tags[0]] == 63)
  }

  /// A plant clock that is set ahead must not make a stage old that has just begun.
  @Test func invariant06_shadowAndDwellTakeTheirTimeByAClockThatCannotBeSetToo() {
    let rig = Rig()
    rig.feed(.elapsed(.zero))
    rig.feed(.proposed(rig.draft(temperature: 84)))
    rig.run(.minutes(1))
    rig.feed(.elapsed(.zero))
    rig.run(.minutes(30))
    #expect(rig.word == "shadow")
    rig.feed(.elapsed(.minutes(10)))
    rig.run(.minutes(20))
    #expect(rig.word == "canary 1" && rig.count("stageReached") == 1)
    rig.feed(.elapsed(.minutes(10)))
    rig.run(.hours(2))
    #expect(rig.word == "canary 1", "dwelt for two hours by the plant's clock, for no time by the other")
    rig.feed(.elapsed(.minutes(50)))
    rig.run(.minutes(20))
    #expect(rig.word == "full")
  }

  @Test func aMoveLongerThanTheStepIsARampPacedByReadBackAndAllowance() {
    let rig = Rig()
    rig.feed(.proposed(rig.draft(speed: 78, temperature: 88)))
    rig.run(.hours(14)) { $0.word == "full" && $0.plant[Rig.tags[1]] == 88 }
    let temperature = rig.writes.filter { $0.tag == Rig.tags[1] }
    #expect(temperature.count >= 4 && temperature.allSatisfy { abs($0.value - $0.before) <= 2.000001 })
    // Forward spends half of 8 per hour.
    for write in temperature {
      let hour = temperature.filter { $0.at <= write.at && write.at - $0.at < .hours(1) }.reduce(0) { $0 + abs($1.value - $1.before) }
      #expect(hour <= 4.000001)
    }
    #expect(rig.broken.isEmpty, "\(rig.broken)")
  }

  @Test(arguments: [Authority.advisory, .supervised])
  func withoutFullAuthorityAChangeWaitsForAPersonWhoMay(authority: Authority) throws {
    let rig = Rig(authority: authority)
    rig.feed(.proposed(rig.draft()))
    rig.run(.minutes(30))
    #expect(rig.word == "awaiting approval")
    let id = try #require(rig.change?.id)
    rig.feed(.command(.approve(id, binding: nil), by: Person(name: "Vi", role: .viewer)))
    rig.feed(.command(.approve(id, binding: "something else"), by: Person(name: "Ann", role: .approver)))
    rig.run(.minutes(5))
    #expect(rig.word == "awaiting approval")
    #expect(rig.count("commandRefused") == 2)
    rig.feed(.command(.approve(id, binding: rig.change?.binding), by: Person(name: "Ann", role: .approver)))
    rig.run(.minutes(30))
    #expect(rig.word == "canary 1")
    #expect(rig.change?.approvals.map(\.name) == ["Ann"])
  }

  @Test func anApprovalThatNobodyGivesExpiresAndShadowAuthorityNeverWrites() {
    let waiting = Rig(authority: .supervised)
    waiting.feed(.proposed(waiting.draft()))
    waiting.run(.hours(5))
    #expect(waiting.word == "expired")
    let shadow = Rig(authority: .shadow)
    shadow.feed(.proposed(shadow.draft()))
    shadow.run(.hours(1))
    #expect(shadow.word == "rejected" && shadow.change?.proof != nil && shadow.writes.isEmpty)
    let ceiling = Rig { $0.envelope.authorityCeiling = .supervised }
    ceiling.feed(.proposed(ceiling.draft()))
    ceiling.run(.hours(1))
    #expect(ceiling.word == "awaiting approval")
  }

  @Test func invariant10_atMostOneChangeIsOpen() {
    let rig = Rig()
    rig.feed(.proposed(rig.draft()))
    rig.feed(.proposed(rig.draft(speed: 65)))
    rig.run(.hours(1))
    #expect(rig.governor.state.changes.count == 1)
    #expect(rig.count("proposalRefused") == 1)
  }

  @Test func whatIsProposedWronglyIsRefusedBeforeAnythingMoves() {
    func refusal(_ edit: (inout ProposalDraft) -> Void, behave: (Rig) -> Void = { _ in }) -> (Refusal.Reason?, Authority?) {
      let rig = Rig()
      behave(rig)
      var draft = rig.draft()
      edit(&draft)
      rig.feed(.proposed(draft))
      rig.run(.hours(2))
      #expect(rig.writes.isEmpty && rig.broken.isEmpty)
      let authority = rig.governor.state.loop("speed")?.authority
      for fact in rig.facts {
        if case .proposalRefused(_, let refusal) = fact.what { return (refusal.reason, authority) }
        if case .changeRejected(_, let refusal) = fact.what { return (refusal.reason, authority) }
      }
      return (nil, authority)
    }
    // What a loop must know better costs it a level; what it could not know does not.
    #expect(refusal { $0.moves[0].to = .nan } == (.notFinite, .supervised))
    #expect(refusal { $0.claim.goodPerHour.upper = .infinity } == (.notFinite, .supervised))
    #expect(refusal { $0.moves[0].to = 80.1 } == (.outsideLimits, .supervised))
    #expect(refusal { $0.moves[0].tag = "Capper/MachSpeed" } == (.tagNotAllowed, .supervised))
    #expect(refusal { $0.moves.append($0.moves[0]) } == (.tagNotAllowed, .supervised))
    #expect(refusal { $0.loop = "other" } == (.unknownLoop, .closedLoop))
    #expect(refusal { $0.revision = "r0" } == (.wrongRevision, .closedLoop))
    #expect(refusal { $0.moves[0].to = $0.moves[0].from } == (.nothingToMove, .closedLoop))
    #expect(refusal { $0.claim.goodPerHour = ClaimInterval(lower: -2, expected: -1, upper: 0) } == (.claimNotPositive, .closedLoop))
    let nothing = ClaimInterval(lower: 0, expected: .leastNonzeroMagnitude, upper: 1)
    #expect(refusal { $0.claim.goodPerHour = nothing } == (.claimNotPositive, .closedLoop))
    #expect(refusal { $0.moves[0].from = 55 } == (.setpointMoved, .closedLoop))
    #expect(refusal({ _ in }, behave: { $0.setTwin(valid: false) }) == (.twinInvalid, .closedLoop))
    #expect(refusal({ _ in }, behave: { $0.behaviour.proofProbability = $0.plan.rules.minProbabilityOfGain - 0.05 }) == (.weakProof, .closedLoop))
    // 200 replications with 5 losses leave a risk of up to 5.2 %.
    #expect(refusal({ _ in }, behave: { $0.behaviour.losses = 5 }) == (.weakProof, .closedLoop))
    #expect(refusal({ _ in }, behave: { $0.behaviour.answersProofs = false }) == (.noProof, .closedLoop))
    #expect(refusal({ _ in }, behave: { $0.feed(.command(.takeOver, by: .localPanel)) }) == (.notAutomatic, .closedLoop))
  }

  /// By a loop it is refused on sight, whatever the loop may move otherwise; and the gateway asks again.
  @Test func invariant20_whatCannotBeTakenBackIsNeverStaged() {
    func rig(_ isIrreversible: Bool) -> Rig {
      Rig { plan in
        let limit = plan.envelope.limits[0]
        plan.envelope.limits[0] = TagLimit(
          tag: limit.tag, unit: limit.unit, low: limit.low, high: limit.high, maxStep: limit.maxStep, maxPerHour: limit.maxPerHour, hold: limit.hold,
          isIrreversible: isIrreversible)
      }
    }
    for isIrreversible in [true, false] {
      let rig = rig(isIrreversible)
      rig.feed(.proposed(rig.draft()))
      rig.run(.hours(8)) { !$0.writes.isEmpty }
      #expect(rig.writes.isEmpty == isIrreversible && rig.broken.isEmpty)
      var refusals: [Refusal.Reason] = []
      for case .changeRejected(_, let refusal) in rig.facts.map(\.what) { refusals.append(refusal.reason) }
      #expect(refusals == (isIrreversible ? [.irreversible] : []))
      let question = EnvelopeCheck.Question(
        tag: Rig.tags[0], value: 61, purpose: .advance, at: rig.now, readings: [Rig.tags[0]: Reading(value: 60, quality: .good, instant: rig.now)],
        spent: [])
      #expect((rig.plan.check.refusal(of: question)?.reason == .irreversible) == isIrreversible)
    }
  }

  @Test func promotionTakesAPersonAndARecordAndDemotionNeither() {
    let rig = Rig(authority: .supervised)
    let engineer = Person(name: "Eve", role: .engineer)
    rig.feed(.command(.promote(loop: "speed"), by: engineer))
    #expect(rig.governor.state.loop("speed")?.authority == .supervised)
    for _ in 0..<5 { rig.feed(.loopCrashed("speed", reason: "signal 11")) }
    #expect(rig.governor.state.loop("speed")?.authority == .advisory)
    #expect(rig.governor.state.loop("speed")?.crashes == 5)
    rig.feed(.command(.promote(loop: "speed"), by: Person(name: "Olaf", role: .operator)))
    #expect(rig.governor.state.loop("speed")?.authority == .advisory)

    let earned = Rig(authority: .supervised) {
      $0.governance.promotion.closedLoop = .init(failureProbability: 0.96, dwell: .zero, quorum: 1)  // One clean one.
    }
    earned.feed(.proposed(earned.draft()))
    earned.run(.minutes(5))
    earned.feed(.command(.approve(earned.change!.id, binding: nil), by: engineer))
    earned.run(.hours(14)) { $0.word == "settled" }
    earned.feed(.command(.promote(loop: "speed"), by: engineer))
    let loop = earned.governor.state.loop("speed")
    #expect(loop?.scored.first?.clean == true ? loop?.authority == .closedLoop : loop?.authority == .supervised)
  }
}
