import Governance
import PlantModel
import Quantities
import Supervision
import Testing

/// A change of two like mills from its proposal to its end, through a running Takt with a twin that follows the mills.
@Suite struct InterleavedKernelTests {
  private static let (old, new) = (12.0, 13.2)

  /// Periods of the calendar as the ledger has them, and who carried the move in each.
  private func arms(_ mills: GovernedMills) -> [(at: Instant, period: Int, carrying: [String])] {
    mills.facts.compactMap { if case .armReached(_, _, let period, let carrying) = $0.what { ($0.at, period, carrying ?? []) } else { nil } }
  }

  /// What the stage was judged by: the ledger holds it, the state does not.
  private func evidence(_ mills: GovernedMills) -> Evidence? {
    mills.facts.lazy.compactMap { if case .stageJudged(_, _, let judgement) = $0.what { judgement.evidence } else { nil } }.last
  }

  /// Runs until the change has ended; looks at every half minute whether exactly the mills whose turn it is carry the move.
  private func runToItsEnd(_ mills: GovernedMills, wish gain: Double) -> (looks: Int, astray: Int) {
    mills.run(.hours(1))
    #expect(mills.kernel.twinStatus.valid, "\(mills.kernel.twinStatus.reason)")
    mills.wish = (Self.new, gain)
    var (looks, astray) = (0, 0)
    mills.run(.hours(9)) { mills in
      if let change = mills.change, change.status.isWritten, let turn = mills.kernel.governor.plan.carrying(of: change, at: mills.line.now),
        !turn.isSettling, mills.kernel.governor.lastJudgement?.judgement.verdict != .keep
      {
        looks += 1
        let right = MillLine.mills.map { turn.move.contains($0) ? Self.new : Self.old }
        if zip(mills.speeds, right).contains(where: { abs($0 - $1) > 1e-6 }) { astray += 1 }
      }
      return mills.change?.outcome != nil
    }
    return (looks, astray)
  }

  /// Whatever was written was one of the envelope's steps from where the mill stood, on the way between the two set-points, and in the ledger first.
  private func expectNoBump(_ mills: GovernedMills) {
    for write in mills.writes {
      #expect(abs(write.value - write.before) <= GovernedMills.maxStep + 1e-9 && write.value != write.before, "\(write)")
      #expect((Self.old...Self.new).contains(write.value), "\(write)")
    }
    let intended = mills.facts.compactMap { if case .writeIntended(let intent) = $0.what { intent } else { nil } }
    #expect(intended.map(\.value) == mills.writes.map(\.value) && zip(intended, mills.writes).allSatisfy { abs($0.from - $1.before) < 1e-9 })
  }

  private func expectOneStory(_ mills: GovernedMills) throws {
    #expect(mills.troubles.isEmpty, "\(mills.troubles)")
    #expect(try mills.isLedgerIntact())
    #expect(GovernorState(folding: mills.facts) == mills.state)
  }

  @Test func aGainIsProvenTriedInPairsShownAndSettledOnBothMills() throws {
    let mills = try GovernedMills(seed: 1)
    let (looks, astray) = runToItsEnd(mills, wish: 120)
    let change = try #require(mills.change)
    guard case .settled = change.status else {
      Issue.record("\(change.status)")
      return
    }
    #expect(mills.speeds == [Self.new, Self.new])
    #expect(looks > 100 && astray == 0, "\(astray) of \(looks)")
    expectNoBump(mills)
    try expectOneStory(mills)

    // Nobody but the twin has proven it, and it was told by the twin's own posterior.
    let proof = try #require(change.proof)
    #expect(proof.twinValid && proof.replications >= 12 && proof.predicted.expected > 60 && proof.predicted.expected < 180)
    // Nobody but the mills' own counters has judged it: 2 · 720 parts an hour, a tenth more of them, of which 98 in 100 are good.
    let judgement = try #require(change.judgements.last?.judgement)
    #expect(change.judgements.count == 1 && judgement.verdict == .keep && judgement.windows >= 4)
    #expect(judgement.lower >= 60 && judgement.lower < 141 && judgement.upper > 141, "\(judgement.lower)…\(judgement.upper)")
    #expect(evidence(mills)?.machines?.isEmpty == false && evidence(mills)?.windows.isEmpty == true)
    // The calendar is the one that the coins drew before anything was written, and each mill had its turn in every pair.
    let design = try #require(mills.kernel.governor.plan.interleave(of: change))
    for arm in arms(mills) {
      let sides = design.sides(of: arm.period / 2)
      #expect(arm.carrying == (design.calendar.candidateFirst(in: arm.period / 2) == arm.period.isMultiple(of: 2) ? sides.with : sides.against))
    }
    #expect(arms(mills).map(\.period) == Array(0..<arms(mills).count))
    // A loop whose feedback its owner declares was certified, and what its move did is inside what she declared.
    let loop = try #require(mills.state.loop("quicker"))
    #expect(loop.authority == .closedLoop && loop.scored.count == 1)
    #expect(mills.state.certificate(of: "quicker")?.certificate?.source == "declared by eve" && mills.state.certificate(of: "quicker")?.flaw == nil)

    // On probation the line as a whole is held against the twin, and the change stays.
    mills.run(.minutes(15))
    #expect(mills.speeds == [Self.new, Self.new] && mills.state.probation == change.id)
  }

  /// What the twin cannot know: above 12.5 a minute a mill spoils one part in five.
  @Test func harmIsFoundBeforeBothMillsHaveItAndEachIsGivenBackWhatItHad() throws {
    let mills = try GovernedMills(seed: 2)
    mills.spoil { $0 > 12.5 ? 0.2 : 0.02 }
    let (looks, astray) = runToItsEnd(mills, wish: 120)
    let change = try #require(mills.change)
    guard case .quarantined(let rollback, let until) = change.status, let begun = change.begun else {
      Issue.record("\(change.status)")
      return
    }
    #expect([.harm, .claimFailed].contains(rollback.reason), "\(rollback)")
    #expect(mills.speeds == [Self.old, Self.old])
    #expect(looks > 50 && astray == 0, "\(astray) of \(looks)")
    // A pair takes half an hour; a coin that falls alike more than five times is rarer than the test allows.
    #expect(rollback.since - begun < .hours(3) && arms(mills).count <= 12, "\(rollback.since - begun)")
    // Never were both at the move: what it cost was one mill's parts.
    #expect(evidence(mills)?.machines?.isEmpty == false)
    #expect(mills.notices.filter { $0.severity == .alarm }.map(\.text) == ["\(change.id) goes back: \(rollback.detail)"])
    expectNoBump(mills)

    // Nobody tries it again for a while, and the loop has lost a level.
    mills.run(.hours(1))
    #expect(mills.speeds == [Self.old, Self.old] && until > rollback.since + .hours(2))
    #expect(mills.state.loop("quicker")?.authority == .supervised)
    #expect(
      mills.state.changes.count == 1
        && mills.facts.contains { if case .proposalRefused(_, let refusal) = $0.what { refusal.reason == .quarantined } else { false } })
    try expectOneStory(mills)
  }

  @Test func invariant05_aTakeoverInAnArmHoldsEveryMillWhereItIsAndHandedBackOnlyTheMovedOneIsWritten() throws {
    let mills = try GovernedMills(seed: 3)
    mills.run(.hours(1))
    mills.wish = (Self.new, 120)
    #expect(mills.run(.hours(3)) { arms($0).count == 2 && Set($0.speeds) == [Self.old, Self.new] })
    let (speeds, written) = (mills.speeds, mills.writes.count)
    #expect(mills.order(.takeOver, by: .localPanel) == nil)
    mills.run(.minutes(40))
    #expect(mills.speeds == speeds && mills.writes.count == written, "nothing moves while a person has the plant")

    #expect(mills.order(.rearm, by: Person(name: "Eve", role: .engineer)) == nil)
    mills.run(.minutes(10)) { $0.change?.outcome != nil }
    guard case .quarantined(let rollback, _) = mills.change?.status else {
      Issue.record("\(String(describing: mills.change?.status))")
      return
    }
    #expect(rollback.reason == .takenOver && mills.speeds == [Self.old, Self.old])
    let moved = GovernedMills.tags[speeds[0] == Self.new ? 0 : 1]
    #expect(mills.writes.dropFirst(written).map(\.tag) == [moved, moved], "in two of the envelope's steps")
    expectNoBump(mills)
    try expectOneStory(mills)
  }
}
