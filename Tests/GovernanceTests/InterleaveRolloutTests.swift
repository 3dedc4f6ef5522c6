import Governance
import PlantModel
import Quantities
import TemporalLogic
import Testing

/// A change of two like mills through governor and gateway as they are.
@Suite struct InterleaveRolloutTests {
  private func arms(_ rig: Rig) -> [(period: Int, carrying: [String])] {
    rig.facts.compactMap { if case .armReached(_, _, let period, let carrying) = $0.what { (period, carrying ?? []) } else { nil } }
  }

  @Test func aGainIsShownOnOneMillAtATimeAndBothHaveItOnlyOnceItIsShown() throws {
    let mills = Mills(seed: 1, steps: [0.5, 1])
    let rig = mills.rig
    mills.propose(gain: 11)
    // Until the first verdict never do both mills stand at the move.
    var (together, beforeVerdict) = (0, true)
    rig.run(.hours(60)) { rig in
      beforeVerdict = beforeVerdict && rig.change?.judgements.isEmpty == true
      if beforeVerdict, rig.change?.begun != nil, mills.speed(0) > 60, mills.speed(1) > 60, rig.governor.state.openIntents.isEmpty,
        arms(rig).count < 8 || rig.change.flatMap({ rig.governor.plan.carrying(of: $0, at: rig.now) })?.isSettling == false
      {
        together += 1
      }
      return rig.word == "settled"
    }
    #expect(rig.word == "settled" && mills.speed(0) == 66 && mills.speed(1) == 66, "\(mills.end)")
    let change = try #require(rig.change)
    #expect(change.judgements.map(\.step) == [0, 1] && change.judgements.allSatisfy { $0.judgement.windows >= 5 })
    #expect(together <= 12, "\(together) half minutes with both, once all of it was put back to be kept")
    // Every pair moved each mill once, in the order of the coins, and the ledger says which.
    let design = try #require(rig.plan.interleave(of: change))
    for (period, carrying) in arms(rig).prefix(8) {
      let sides = design.sides(of: period / 2)
      #expect([sides.with, sides.against].contains(carrying) && carrying.count == 1)
    }
    #expect(rig.writes.contains { $0.value < $0.before })
    #expect(rig.broken.isEmpty, "\(rig.broken)")
    #expect(rig.replayed() == rig.governor.state)
  }

  @Test func harmGoesBackOnTheMillsThatHaveItAndOnNoOther() throws {
    let mills = Mills(seed: 2)
    mills.rejects = { 0.02 + 0.02 * max(0, $0 - 60) }
    mills.propose(gain: 11)
    mills.rig.run(.hours(40)) { $0.word == "quarantined" }
    #expect(mills.rig.word == "quarantined" && mills.speed(0) == 60 && mills.speed(1) == 60, "\(mills.end)")
    #expect(mills.rig.broken.isEmpty, "\(mills.rig.broken)")
  }

  /// The supply is short: a quicker mill makes its hour fuller and the other's emptier. By parts an hour the move would gain 20 %.
  @Test func aMillThatOnlyTakesFromItsLikeIsNotKept() {
    let mills = Mills(
      seed: 3, spec: InterleaveSpec(calendar: SwitchbackSpec(pairs: 8, dwell: .minutes(20), washout: .minutes(10)), machines: Mills.spec.machines))
    mills.supply = 80
    mills.propose(gain: 11)
    mills.rig.run(.hours(40)) { ["quarantined", "settled"].contains($0.word) }
    #expect(mills.rig.word == "quarantined" && mills.speed(0) == 60 && mills.speed(1) == 60, "\(mills.end)")
    #expect(mills.rig.broken.isEmpty, "\(mills.rig.broken)")
  }

  @Test func aSingleMillIsTriedBesideItsLikeWhichIsNeverWritten() {
    let mills = Mills(seed: 4)
    mills.propose(mills: [1], gain: 5.5)
    mills.rig.run(.hours(60)) { $0.word == "settled" }
    #expect(mills.rig.word == "settled" && mills.speed(1) == 66 && mills.speed(0) == 60, "\(mills.end)")
    #expect(mills.rig.writes.allSatisfy { $0.tag == "MillB/MachSpeed" })
    #expect(mills.rig.broken.isEmpty, "\(mills.rig.broken)")
  }

  /// Found by seeds 1498 and 1689 of interleaved rehearsals: the mill stood as control first, and an interlock kept it from its turns until the proposal
  /// was long stale.
  @Test(arguments: [(4.5, "quarantined"), (1.5, "settled")])
  func aChangeThatCannotTakeItsTurnExpires(_ hours: Double, _ word: String) throws {
    let door = "MillA/Door"
    let mills = Mills(seed: 4) {
      $0.envelope.interlocks = [Interlock(name: "door open", forbids: [], tag: door, comparison: .above, value: 0.5)]
    }
    let rig = mills.rig
    rig.plant[door] = 1
    rig.publish()
    mills.propose(mills: [1], gain: 5.5)
    rig.run(.hours(2)) { $0.change?.begun != nil }
    let change = try #require(rig.change)
    let design = try #require(rig.plan.interleave(of: change))
    try #require(!design.calendar.candidateFirst(in: 0), "another seed: here the move comes first")
    rig.run(.hours(hours))
    #expect(rig.writes.isEmpty && rig.word == (word == "settled" ? "full" : "quarantined"), "\(mills.end)")
    rig.plant[door] = 0
    rig.publish()
    rig.run(.hours(60)) { $0.word == word }
    #expect(rig.word == word && mills.speed(1) == (word == "settled" ? 66 : 60), "\(mills.end)")
    #expect(rig.broken.isEmpty, "\(rig.broken)")
  }

  @Test func aMillThatBreaksDownNowAndThenCostsPairsAndNotTheChange() throws {
    let mills = Mills(seed: 5)
    // MillA stands for most of an hour, every seven.
    mills.stands = { mill, at, _ in mill == 0 && Int(at.nanoseconds / 60_000_000_000) % 420 < 50 }
    mills.propose(gain: 11)
    mills.rig.run(.hours(60)) { $0.word == "settled" }
    #expect(mills.rig.word == "settled" && mills.rig.count("changeHeld") == 0, "\(mills.end)")
    #expect(mills.rig.broken.isEmpty, "\(mills.rig.broken)")
  }

  @Test func missingTelemetryNeverPromotes() {
    let mills = Mills(seed: 6)
    mills.isLost = { Int($0.nanoseconds / 60_000_000_000) % 60 < 35 }
    mills.propose(gain: 11)
    mills.rig.run(.hours(80), step: .minutes(1)) { ["quarantined", "settled"].contains($0.word) }
    #expect(mills.rig.word == "quarantined" && mills.speed(0) == 60 && mills.speed(1) == 60, "\(mills.end)")
    #expect(mills.rig.change?.judgements.last?.judgement.verdict == .noEvidence)
  }

  /// Nothing is claimed but that no more than a twentieth is lost: a machine without the move counts for what it made less that.
  @Test(arguments: [(0.02, "settled", "no harm"), (0.12, "quarantined", "loses more")])
  func aPersonsChangeHasToShowOnlyThatItDoesNoHarm(_ rejected: Double, _ word: String, _ reason: String) throws {
    let mills = Mills(seed: 9)
    mills.rejects = { $0 > 60 ? rejected : 0.02 }
    let asked = HandProposal(targets: Mills.names.map { .init(tag: "\($0)/MachSpeed", value: 61) }, because: "the belts are new")
    mills.rig.feed(.command(.propose(asked, signature: nil), by: Person(name: "Eve", role: .engineer)))
    mills.rig.run(.minutes(2))
    let change = try #require(mills.rig.change)
    mills.rig.feed(.command(.approve(change.id, binding: change.binding), by: Person(name: "Ann", role: .approver)))
    mills.rig.run(.hours(60)) { $0.word == word }
    #expect(mills.rig.word == word && mills.speed(0) == (word == "settled" ? 61 : 60), "\(mills.end)")
    let last = try #require(mills.rig.change?.judgements.last?.judgement)
    #expect(last.reason.contains(reason) && abs(last.estimate - 2 * 60 * ((1 - rejected) * 61 / 60 - 0.98)) < 3, "\(last)")
  }

  @Test func aReplayAndACrashMeetTheSameCalendar() throws {
    let mills = Mills(seed: 7)
    let rig = mills.rig
    mills.propose(gain: 11)
    rig.run(.hours(20)) { arms($0).count == 4 }
    let before = try #require(rig.change.flatMap { rig.plan.interleave(of: $0) })
    for count in 5...7 {
      rig.run(.hours(3)) { arms($0).count == count }
      rig.restart()
    }
    let again = GovernorState(folding: rig.facts)
    #expect(again == rig.governor.state && again.changes.last.flatMap { rig.plan.interleave(of: $0) } == before)
    for (period, carrying) in arms(rig) {
      let sides = before.sides(of: period / 2)
      #expect(carrying == (before.calendar.candidateFirst(in: period / 2) == (period % 2 == 0) ? sides.with : sides.against))
    }
    rig.run(.hours(60)) { $0.word == "settled" }
    #expect(rig.word == "settled", "\(mills.end)")
    #expect(rig.broken.isEmpty, "\(rig.broken)")
  }

  @Test func aChangeThatMovesSomethingElseBesidesIsRunAsASwitchback() throws {
    let mills = Mills(seed: 8) { plan in
      plan.envelope.limits.append(TagLimit(tag: "Saw/MachSpeed", unit: "1/min", low: 40, high: 90, maxStep: 10, maxPerHour: 120, hold: .keep))
    }
    var proposal = Proposal(
      id: ChangeID("x"), loop: "speed", created: mills.rig.now, moves: [Move(tag: "MillA/MachSpeed", from: 60, to: 66)],
      claim: .noHarm(.goodPartsPerHour, mayLose: 0.05, horizon: .hours(1)), rationale: "", revision: "r1", calibration: "c1", expires: mills.rig.now)
    #expect(mills.rig.plan.interleave(of: ChangeRecord(proposal))?.moved.map(\.station) == ["MillA"])
    proposal.moves.append(Move(tag: "Saw/MachSpeed", from: 60, to: 66))
    #expect(mills.rig.plan.interleave(of: ChangeRecord(proposal)) == nil)
    #expect(mills.rig.plan.switchback(of: ChangeRecord(proposal))?.spec == Mills.spec.calendar)
  }

  @Test func anOldLedgersArmsAndEvidenceAreStillRead() throws {
    let old = #"{"armReached":{"change":"brisk-otter-17","period":3,"step":0},"at":1,"kind":"armReached"}"#
    guard case .armReached(_, _, 3, nil) = try Fact(decoding: Array(old.utf8)).what else {
      Issue.record("it reads otherwise")
      return
    }
    let new = Fact(at: Instant(nanoseconds: 1), .armReached(change: ChangeID("brisk-otter-17"), step: 0, period: 3, carrying: ["MillA"]))
    #expect(try Fact(decoding: new.encoded()) == new)
  }
}
