import PlantModel
import Quantities
import Testing

@testable import Governance

@Suite struct WayBackTests {
  private static let now = Instant(nanoseconds: 1_700_000_000_000_000_000)

  private func check(maxStep: Double = 5, maxPerHour: Double = 30) -> EnvelopeCheck {
    EnvelopeCheck(
      envelope: EnvelopeSpec(
        limits: [TagLimit(tag: "a/b", unit: "1", low: 0, high: 100, maxStep: maxStep, maxPerHour: maxPerHour, hold: .keep)], interlocks: [],
        authorityCeiling: .closedLoop), rules: GovernorRules())
  }

  private func span(_ from: Double, _ to: Double, _ check: EnvelopeCheck, spent: [SpentStep] = []) -> Duration? {
    WayBack(cycle: .minutes(1), limit: .hours(3)).duration(from: ["a/b": from], to: ["a/b": to], check: check, spent: spent, at: Self.now)
  }

  @Test func invariant07_theWayBackTakesAsManyWritesAsTheStepAsksAndWaitsForTheAllowance() {
    // 10 in steps of 5: two writes.
    #expect(span(60, 50, check()) == .minutes(2))
    // 15 of the hour's 30 went on the way out: three steps now, the fourth of the 20 once the way out is an hour old.
    #expect(span(70, 50, check()) == .minutes(61))
    #expect(span(50, 50, check()) == .zero)
    // What had been spent before counts as well: five now, five when it is an hour old. (More than half was gone: no way out.)
    let before = [SpentStep(tag: "a/b", at: Self.now - .minutes(30), amount: 25)]
    #expect(span(60, 50, check(), spent: before) == .minutes(31))
  }

  @Test func invariant09_aWayBackThatTheEnvelopeDoesNotAllowIsNone() {
    #expect(span(60, 101, check()) == nil)
    #expect(span(100, 0, check(maxStep: 1, maxPerHour: 20)) == nil)
    #expect(span(.nan, 50, check()) == nil)
    #expect(WayBack(cycle: .minutes(1), limit: .hours(3)).duration(from: [:], to: ["a/b": 1], check: check(), spent: [], at: Self.now) == nil)
  }

  @Test func invariant09_withoutAProvenWayBackNothingIsArmed() {
    let rig = Rig { $0.rules.rollbackAlarm = .minutes(1) }
    rig.feed(.proposed(rig.draft(speed: 70)))
    rig.run(.hours(1))
    #expect(rig.word == "rejected" && rig.count("changeArmed") == 0 && rig.writes.isEmpty)
  }

  @Test func invariant07_theRealWayBackIsNotLongerThanWasProven() {
    // Undone at a random moment of the canary or the full stage, the plant is back within what was proven, and the read-back of each write.
    var undone = 0
    for seed in UInt64(0)..<20 {
      let rig = Rig(seed: seed)
      rig.feed(.proposed(rig.draft(speed: 55 + Double(seed), temperature: 76 + Double(seed % 5) * 2)))
      rig.run(.hours(6)) { $0.word == (seed % 2 == 0 ? "canary 1" : "full") && $0.now.nanoseconds % 7 == 0 }
      guard let change = rig.change, let proven = change.wayBack, change.status.isWritten else { continue }
      rig.feed(.command(.rollback(change.id), by: Person(name: "Olaf", role: .operator)))
      undone += 1
      let begun = rig.now
      rig.run(.hours(8)) { $0.governor.state.openChange == nil }
      #expect(rig.now - begun <= proven + .minutes(2), "seed \(seed): \(rig.now - begun), proven \(proven)")
    }
    #expect(undone >= 10, "\(undone) of 20 were undone")
  }
}
