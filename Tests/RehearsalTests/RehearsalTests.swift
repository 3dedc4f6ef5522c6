import Governance
import PlantModel
import Quantities
import Rehearsal
import Testing

@Suite struct RehearsalTests {
  /// Enough to act, to fail and to settle: a rehearsal in which nothing happens proves nothing.
  @Test func invariantsHoldWhateverGoesWrong() {
    var options = RehearsalOptions()
    options.length = .hours(3)
    var figures = RehearsalFigures()
    for seed in UInt64(0)..<10 {
      let outcome = rehearse(seed: seed, options)
      figures += outcome.figures
      #expect(outcome.violations.isEmpty, "seed \(seed): \(outcome.violations.first!) with \(shrink(outcome, options).faults)")
    }
    #expect(figures.writes > 15 && figures.settled + figures.rolledBack > 2 && figures.lives > 10, "too quiet: \(figures)")
  }

  /// Stages that are run by pairs are lived through too, to their end.
  @Test(arguments: [RehearsedRollout.switchback, .interleave]) func pairsAreRunThroughTrouble(rollout: RehearsedRollout) {
    var options = RehearsalOptions()
    (options.rollout, options.authority) = (rollout, .closedLoop)
    var figures = RehearsalFigures()
    var arms = 0
    for seed in UInt64(0)..<4 {
      let outcome = rehearse(seed: seed, options)
      figures += outcome.figures
      arms += outcome.facts.count { $0.fact.kind == "armReached" }
      #expect(outcome.violations.isEmpty, "seed \(seed): \(outcome.violations.first!) with \(shrink(outcome, options).faults)")
    }
    #expect(arms > 8 && figures.settled + figures.rolledBack > 1, "too quiet: \(arms) arms, \(figures)")
  }

  /// Found by seeds 2886 and 50938: what was decided in time and kept late is no breach, as long as nothing comes of it after the expiry.
  @Test(arguments: [
    Cue("approvalAsked", after: .seconds(10), .ledgerRefuses(span: .minutes(61))),
    Cue("shadowStarted", after: .seconds(10), .ledgerRefuses(span: .minutes(61))), Cue("shadowStarted", .diskFull(span: .minutes(61))),
  ])
  func aDiskThatRefusesForAnHourLetsNoProposalLiveLonger(cue: Cue) {
    var options = RehearsalOptions()
    options.authority = .supervised
    options.cues = [cue]
    for seed in UInt64(0)..<3 {
      let outcome = rehearse(seed: seed, options, faults: [])
      #expect(outcome.violations.isEmpty && !outcome.cued.isEmpty, "seed \(seed): \(outcome.violations)")
    }
  }

  /// The interlock's sensor stops in a canary: found within fifteen readings, whatever stage it is, and nothing is promoted on it.
  @Test func scenario1_aFrozenSensorIsFoundHoldsAndPromotesNothing() throws {
    let frozen = try #require(Scenario.all.first { $0.number == 1 })
    let result = frozen.measure(seeds: 0..<4)
    #expect(result.holds, "\(result.measured)")
  }

  @Test func aSeedIsOneStoryToTheByte() {
    var options = RehearsalOptions()
    options.isTold = true
    options.length = .hours(2)
    for seed in UInt64(7)..<9 {
      let (a, b) = (rehearse(seed: seed, options), rehearse(seed: seed, options))
      #expect(a.story == b.story && a.story.count > 20)
    }
  }

  @Test func whatIsLeftAfterShrinkingIsNeeded() throws {
    var options = RehearsalOptions()
    options.mutant = .takeoverNotPassedOn
    let failing = try #require((UInt64(0)..<400).lazy.map { rehearse(seed: $0, options) }.first { !$0.violations.isEmpty && $0.faults.count > 3 })
    let short = shrink(failing, options)
    #expect(short.violations.first?.invariant == failing.violations.first?.invariant && short.faults.count < failing.faults.count)
    for index in short.faults.indices {
      var fewer = short.faults
      fewer.remove(at: index)
      #expect(rehearse(seed: short.seed, options, faults: fewer).violations.first?.invariant != short.violations.first?.invariant)
    }
  }
}

/// A rehearsal is worth what it would find: each deliberate break is found within a few seeds of the one given, by an invariant that names it.
/// `RehearsalStudy` searches from 0.
@Suite struct MutantTests {
  static let found: [(Mutant, from: UInt64, Set<Invariant>)] = [
    (.fenceNotStored, 0, [.intentBeforeWrite, .tokensRise]),
    (.ledgerNotFlushed, 0, [.intentBeforeWrite, .nothingAcknowledgedIsLost]),
    (.telemetryNotFlushed, 0, [.nothingAcknowledgedIsLost]),
    (.takeoverNotPassedOn, 5, [.takeoverHolds]),
    (.widerEnvelope, 0, [.envelopeNeverWidens, .insideTheEnvelope, .lastKnownGood, .noSalami]),
    (.driftUnbounded, 0, [.noSalami]),
    (.badReadingsPassAsGood, 168, [.notANumberNeverPasses]),
    (.readingsNeverAge, 0, [.clocksExtendNothing]),
    // What a restart forgot of the steps is mostly first seen as a state that the ledger does not fold to.
    (.allowanceForgotten, 0, [.noSalami, .replayEqualsState]),
    (.commandsRepeat, 0, [.tokensRise]),
    (.ledgerForgotten, 0, [.oneOpenChange, .nothingAcknowledgedIsLost, .sealedBeforeActing, .tokensRise, .replayEqualsState]),
  ]

  @Test(arguments: found)
  func aDeliberateBreakIsFound(mutant: Mutant, from first: UInt64, by expected: Set<Invariant>) {
    switch Self.find(mutant, in: first..<first + 20) {
    case (let seed, let violation)?: #expect(expected.contains(violation.invariant), "\(mutant) was found at seed \(seed) as \(violation)")
    case nil: Issue.record("\(mutant) was not found within 20 seeds of \(first)")
    }
  }

  /// The first seed that breaks an invariant with the mutant and holds without it: what breaks anyway is not the mutant's doing.
  static func find(_ mutant: Mutant, in seeds: Range<UInt64>) -> (seed: UInt64, Violation)? {
    var options = RehearsalOptions()
    options.rollout = .ramp
    let sound = options
    options.mutant = mutant
    for seed in seeds {
      guard let violation = rehearse(seed: seed, options, faults: faults(for: mutant)).violations.first else { continue }
      if rehearse(seed: seed, sound, faults: faults(for: mutant)).violations.isEmpty { return (seed, violation) }
    }
    return nil
  }

  /// Where the seed's own luck would take long: readings that are minutes old when they come, and then none.
  private static func faults(for mutant: Mutant) -> [Fault]? {
    guard mutant == .readingsNeverAge else { return nil }
    let late = Fault(.minutes(1), .network(delay: .seconds(200), loss: 0, doubled: 0, span: .hours(3)))
    return [late] + (0..<17).map { Fault(.minutes(6 + 10 * Double($0)), .telemetryCut(span: .minutes(6))) }
  }

  @Test func everyMutantIsTried() { #expect(Set(Self.found.map(\.0)) == Set(Mutant.allCases)) }
}
