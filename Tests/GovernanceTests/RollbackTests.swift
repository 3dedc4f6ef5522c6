import Governance
import PlantModel
import Quantities
import Telemetry
import Testing

@Suite struct RollbackTests {
  private func inCanary(_ edit: (Rig) -> Void = { _ in }) -> Rig {
    let rig = Rig()
    edit(rig)
    rig.feed(.proposed(rig.draft(temperature: 84)))
    rig.run(.hours(2)) { if case .canary(let stage)? = $0.change?.status { stage.reached != nil } else { false } }
    #expect(rig.word == "canary 1")
    return rig
  }

  private func expectBack(_ rig: Rig, _ reason: RollbackReason, authority: Authority) {
    #expect(rig.word == "quarantined")
    #expect(rig.plant[Rig.tags[0]] == 60 && rig.plant[Rig.tags[1]] == 80)
    if case .quarantined(let rollback, _)? = rig.change?.status { #expect(rollback.reason == reason) }
    #expect(rig.governor.state.loop("speed")?.authority == authority)
    #expect(rig.broken.isEmpty, "\(rig.broken)")
    #expect(rig.replayed().hash == rig.governor.state.hash)
  }

  @Test func harmGoesBackAtOnceDemotesAndBarsTheMove() {
    let rig = inCanary { $0.behaviour.gain = -40 }
    rig.run(.hours(3)) { $0.word == "quarantined" }
    expectBack(rig, .harm, authority: .supervised)
    rig.feed(.proposed(rig.draft(speed: 69.5, temperature: 84)))
    #expect(rig.governor.state.changes.count == 1)
    rig.feed(.proposed(rig.draft(speed: 55, temperature: 84)))
    #expect(rig.governor.state.changes.count == 2)
  }

  @Test func nothingDecidedByTheTimeoutGoesBack() {
    let rig = inCanary {
      $0.behaviour.gain = 0.3
      $0.behaviour.sd = 60
    }
    // A wide spread may advance a canary; it must never settle.
    rig.run(.hours(20)) { $0.word == "quarantined" }
    #expect(rig.word == "quarantined")
    #expect(rig.plant[Rig.tags[0]] == 60)
    #expect(rig.count("changeSettled") == 0)
  }

  @Test(arguments: [Authority.closedLoop, .supervised]) func onlySeveralUndecidedChangesInARowCostClosedLoopAndNeverMore(authority: Authority) throws
  {
    let rig = Rig(authority: authority)
    rig.behaviour.evidence = false
    let needed = rig.plan.rules.undecidedBeforeDemotion
    for count in 1...needed {
      rig.feed(.proposed(rig.draft()))
      if authority == .supervised {
        rig.run(.hours(1)) { $0.word == "awaiting approval" }
        rig.feed(.command(.approve(try #require(rig.change?.id), binding: rig.change?.binding), by: Person(name: "Ann", role: .approver)))
      }
      rig.run(.hours(12)) { $0.word == "quarantined" }
      #expect(rig.word == "quarantined" && rig.governor.state.changes.count == count)
      #expect(rig.governor.state.loop("speed")?.authority == (count < needed ? authority : .supervised))
      rig.run(rig.plan.rules.quarantine + .hours(1))
    }
  }

  /// Rehearsal, seed 216: no write of ours can have put it there, whatever became of ours, so there is nothing to wait for.
  @Test func aTagThatAHandMovedOutsideItsLimitsIsTheirsAlsoWhereAWritesFateIsUnknown() {
    let rig = Rig()
    rig.feed(.proposed(rig.draft(temperature: 84)))
    rig.run(.hours(2)) { $0.count("writeIntended") > 0 }
    (rig.behaviour.ignores, rig.behaviour.quality) = (true, .bad)
    rig.run(.minutes(20)) { $0.count("writeFailed") > 0 }
    #expect(rig.governor.state.unsure.contains(Rig.tags[0]))
    rig.plant[Rig.tags[0]] = 95
    (rig.behaviour.ignores, rig.behaviour.quality) = (false, .good)
    rig.run(.hours(2)) { $0.word == "quarantined" }
    #expect(rig.word == "quarantined" && rig.governor.state.foreign == [Rig.tags[0]])
    #expect(rig.plant[Rig.tags[0]] == 95 && rig.plant[Rig.tags[1]] == 80)
  }

  /// Rehearsal, seed 529: the last known good lay outside the new limits, and the way back never ended.
  @Test func whereTheLimitsWereTightenedAChangeGoesBackAsFarAsTheyAllow() {
    let rig = inCanary()
    rig.plan.envelope.limits[0].high = 59
    rig.plan.revision = "r2"
    rig.restart()
    rig.run(.hours(2)) { $0.word == "quarantined" }
    #expect(rig.word == "quarantined" && rig.plant[Rig.tags[0]] == 59 && rig.plant[Rig.tags[1]] == 80)
    #expect(rig.governor.state.foreign.isEmpty)
  }

  /// Rehearsal, seed 660: the way back began one step from what was read, and a write of the way out landed in between.
  @Test func aWriteThatLandsLateMakesNoStepLongerThanIsAllowed() {
    let rig = Rig()
    rig.feed(.proposed(rig.draft(speed: 70)))
    rig.run(.hours(4)) { $0.writes.last?.value == 69 }
    rig.behaviour.delay = .minutes(11)
    rig.run(.minutes(5)) { $0.writes.last?.value == 70 }
    #expect(rig.writes.last?.value == 70)
    rig.behaviour.delay = .minutes(4)
    var (before, longest) = (rig.plant[Rig.tags[0]] ?? .nan, 0.0)
    for _ in 0..<400 where rig.word != "quarantined" {
      rig.run(.seconds(30))
      let now = rig.plant[Rig.tags[0]] ?? .nan
      (before, longest) = (now, max(longest, abs(now - before)))
    }
    #expect(longest <= 5 && rig.word == "quarantined" && rig.plant[Rig.tags[0]] == 60, "\(longest) \(rig.word)")
  }

  @Test func scenario15_missingEvidenceNeverPromotes() {
    let rig = inCanary { $0.behaviour.evidence = false }
    rig.run(.hours(8)) { $0.word == "quarantined" }
    expectBack(rig, .noEvidence, authority: .closedLoop)
    #expect(rig.count("stageStarted") == 1)
  }

  @Test func aTwinThatLosesValidityHoldsAndResumesWhenItReturns() {
    let rig = inCanary()
    rig.setTwin(valid: false)
    #expect(rig.word == "hold")
    let writes = rig.writes.count
    rig.run(.hours(1))
    #expect(rig.word == "hold" && rig.writes.count == writes)
    rig.setTwin(valid: true)
    rig.run(.minutes(1))
    #expect(rig.word == "canary 1")
    rig.run(.hours(14)) { $0.word == "settled" }
    #expect(rig.word == "settled" && rig.broken.isEmpty)
  }

  @Test func aTwinThatStaysInvalidSendsTheChangeBack() {
    let rig = inCanary()
    rig.setTwin(valid: false)
    rig.run(.hours(8)) { $0.word == "quarantined" }
    expectBack(rig, .holdTimedOut, authority: .supervised)
  }

  @Test func scenario1_badReadingsHoldAfterTheirGrace() {
    let rig = inCanary()
    rig.behaviour.quality = .stale
    rig.run(.minutes(1))
    #expect(rig.word == "canary 1")
    rig.run(.minutes(3))
    #expect(rig.word == "hold")
    rig.behaviour.quality = .good
    rig.run(.minutes(1))
    #expect(rig.word == "canary 1")
  }

  @Test func aWriteThatThePlantClampsOrIgnoresEndsTheChange() {
    let clamped = Rig()
    clamped.behaviour.ceiling = 62
    clamped.feed(.proposed(clamped.draft()))
    clamped.run(.hours(2)) { $0.word == "quarantined" }
    expectBack(clamped, .writeFailed, authority: .supervised)
    #expect(clamped.facts.contains { if case .writeFailed(_, let failure) = $0.what { failure.reason == .clamped } else { false } })

    let ignored = Rig()
    ignored.behaviour.ignores = true
    ignored.feed(.proposed(ignored.draft()))
    ignored.run(.hours(2)) { $0.word == "rolling back" || $0.word == "quarantined" }
    ignored.behaviour.ignores = false
    ignored.run(.hours(2)) { $0.word == "quarantined" }
    expectBack(ignored, .writeFailed, authority: .supervised)
    #expect(ignored.facts.contains { if case .writeFailed(_, let failure) = $0.what { failure.reason == .mismatch } else { false } })
  }

  @Test func invariant03_aLateWriteCannotOutliveTheRollback() {
    // The forward write lands after it was given up; the way back is queued behind it.
    let rig = Rig()
    rig.behaviour.delay = rig.plan.rules.readBackDeadline + .minutes(2)
    rig.feed(.proposed(rig.draft()))
    rig.run(.hours(1)) { $0.word == "rolling back" }
    #expect(rig.word == "rolling back")
    rig.behaviour.delay = .seconds(20)
    rig.run(.hours(2)) { $0.word == "quarantined" }
    rig.run(.hours(1))
    expectBack(rig, .writeFailed, authority: .supervised)
  }

  @Test func aPersonRollsBackASettledChangeAndHarmOnProbationDoesSoByItself() throws {
    let rig = inCanary()
    rig.run(.hours(14)) { $0.word == "settled" }
    let id = try #require(rig.change?.id)
    rig.behaviour.gain = -30
    rig.run(.hours(6)) { $0.word == "quarantined" }
    expectBack(rig, .harmOnProbation, authority: .supervised)
    #expect(rig.governor.state.loop("speed")?.scored.map(\.verdict) == [.keep, .rollback])

    let other = inCanary()
    other.run(.hours(14)) { $0.word == "settled" }
    other.feed(.command(.rollback(id), by: Person(name: "Olaf", role: .operator)))
    other.run(.hours(3)) { $0.word == "quarantined" }
    expectBack(other, .byPerson, authority: .supervised)
  }

  @Test func aNewRevisionSendsBackWhatWasBuiltOnTheOldOne() {
    let rig = inCanary()
    rig.plan.revision = "r2"
    rig.twin.revision = "r2"
    rig.restart()
    rig.run(.hours(3)) { $0.word == "quarantined" }
    expectBack(rig, .revisionChanged, authority: .closedLoop)
  }

  @Test func invariant16_aHandOnAnotherSetpointHoldsThenGoesBackAroundIt() {
    let rig = inCanary()
    rig.plant[Rig.tags[1]] = 75
    rig.run(.minutes(4))
    #expect(rig.word == "hold")
    rig.run(.hours(3)) { $0.word == "quarantined" }
    #expect(rig.word == "quarantined")
    #expect(rig.plant[Rig.tags[0]] == 60 && rig.plant[Rig.tags[1]] == 75)
    #expect(rig.count("foreignMovementSeen") == 1 && rig.broken.isEmpty)
  }
}
