import LoopStability
import LoopTrials
import Testing

/// The adversarial scenarios of continuous loops, a few seeds each; `ScenarioStudy` runs the hundreds.
@Suite struct ScenarioTests {
  @Test func aGainThatFlipsItsSignIsStoppedBeforeTheErrorDoubles() throws {
    try Scenarios.gainFlip(seeds: 0..<6)
    // Left alone, the loop leaves the envelope: the watch has something to prevent.
    #expect(try !GainFlip().run(seed: 0, watched: false).isInsideEnvelope)
  }

  @Test func aMeasurementThatComesLateVoidsTheCertificate() throws { try Scenarios.lateMetrology(seeds: 1..<30) }

  @Test(arguments: [SensorSpoof.Sensor.controlled, .upstream])
  func aConsistentLieOnOneSensorEnablesNoMove(sensor: SensorSpoof.Sensor) {
    Scenarios.spoof(sensor, seeds: 0..<4)
    guard sensor == .controlled else { return }
    let trusting = SensorSpoof().run(seed: 0, guarded: false)
    #expect(trusting.enabledMoves > 10 && trusting.finalError > 1)
  }

  @Test func modifierAdaptationWithBackOffStaysInsideTheLimits() throws { try Scenarios.adaptation(seeds: 0..<1) }
}

/// What each scenario requires, over any number of seeds.
enum Scenarios {
  /// Scenario 3.
  static func gainFlip(seeds: Range<UInt64>) throws {
    var (slowest, worst, doubling) = (0, 0.0, 0.0)
    var alarms: [String: Int] = [:]
    for seed in seeds {
      let outcome = try GainFlip().run(seed: seed)
      let (wrong, stopped) = (try #require(outcome.firstWrong, "seed \(seed)"), try #require(outcome.stopped, "seed \(seed)"))
      // A run's outcome is known at its end: after stopped − wrong + 1 runs.
      slowest = max(slowest, stopped - wrong + 1)
      #expect(Double(stopped - wrong + 1) <= outcome.doublingTime, "seed \(seed): \(outcome)")
      #expect(outcome.movesAfter == 0 && outcome.isInsideEnvelope && outcome.honestMoves >= 4, "seed \(seed): \(outcome)")
      worst = max(worst, outcome.errorAtStop / outcome.errorAtTurn)
      doubling = outcome.doublingTime
      let name = outcome.alarm.map { "\($0)".split(separator: "(")[0].split(separator: ".").last.map(String.init) ?? "" } ?? "none"
      alarms[name, default: 0] += 1
    }
    let counts = alarms.keys.sorted().map { "\($0) \(alarms[$0]!)" }.joined(separator: ", ")
    print(
      "scenario 3, \(seeds.count) seeds: stopped \(slowest) run after the first wrong move at the latest (doubling time \(doubling)), "
        + "error at most ×\(worst), no move after, envelope kept; alarms: \(counts)")
  }

  /// Scenario 4. A hundredth of the seeds may be stopped before the first late lot by another monitor: a false alarm, and a safe one.
  static func lateMetrology(seeds: Range<UInt64>) throws {
    var (unwatched, watched, matched, early) = (Double.infinity, 0.0, 0.0, 0)
    for seed in seeds {
      let outcome = try LateMetrology().run(seed: seed)
      let voided = try #require(outcome.voided)
      #expect(voided <= outcome.firstLate && outcome.movesAfter == 0, "seed \(seed): \(outcome)")
      if voided < outcome.firstLate { early += 1 }
      #expect(outcome.watched < 3 && outcome.matched < 1.6, "seed \(seed): \(outcome)")
      #expect(outcome.unwatched > 10, "seed \(seed): \(outcome)")
      (unwatched, watched, matched) = (min(unwatched, outcome.unwatched), max(watched, outcome.watchedPeak), max(matched, outcome.matchedPeak))
    }
    #expect(early * 100 <= seeds.count)
    print(
      "scenario 4, \(seeds.count) seeds: void at the first late lot (\(early) earlier), no move after; "
        + "worst |y|: frozen \(watched), matched \(matched); unwatched at least \(unwatched)")
  }

  static func spoof(_ sensor: SensorSpoof.Sensor, seeds: Range<UInt64>) {
    var (opened, worst, falseAlarms, honest, enabled) = ([Int](), 0.0, 0, Int.max, 0)
    for drift in [-0.1, 0.1] {
      for seed in seeds {
        var trial = SensorSpoof()
        (trial.sensor, trial.drift) = (sensor, drift)
        let outcome = trial.run(seed: seed)
        if outcome.falseAlarm { falseAlarms += 1 }
        if let run = outcome.opened { opened.append(run - trial.spoofedFrom + 1) }
        worst = max(worst, outcome.lieAtAlarm)
        honest = min(honest, outcome.honestMoves)
        enabled += outcome.enabledMoves
        #expect(outcome.isInsideEnvelope, "seed \(seed): \(outcome)")
      }
    }
    #expect(enabled == 0 && opened.count == 2 * seeds.count && honest >= 1)
    #expect(falseAlarms * 100 <= 2 * seeds.count)
    print(
      "spoof of the \(sensor) sensor, \(2 * seeds.count) trials: balance opens after \(opened.sorted()[opened.count / 2]) runs "
        + "(worst \(opened.max() ?? 0)), at a lie of at most \(worst) cm; false alarms \(falseAlarms), enabling moves \(enabled), "
        + "honest moves at least \(honest)")
  }

  /// Scenario 5, second half.
  static func adaptation(seeds: Range<UInt64>, caution: Double = 4) throws {
    var adaptation = ReactorAdaptation()
    adaptation.caution = caution
    var (violations, slowest, excess, final, worst) = (0, 0, -Double.infinity, 0.0, 0.0)
    for seed in seeds {
      let outcome = try adaptation.run(from: OperatedReactor.feasibleStart(seed: seed), seed: seed)
      if !outcome.isInsideLimits { violations += 1 }
      excess = max(excess, outcome.excessA, outcome.excessG)
      let last = abs(outcome.regretPercent[outcome.regretPercent.count - 1])
      (final, worst) = (final + last / Double(seeds.count), max(worst, last))
      if caution == 0 { continue }
      slowest = max(slowest, try #require(outcome.settled, "seed \(seed): \(outcome)"))
      #expect(outcome.isInsideLimits, "seed \(seed): \(outcome)")
    }
    print(
      "modifier adaptation, back-off \(caution) sd, \(seeds.count) seeds: below 1 % regret from iteration \(slowest) at the latest, "
        + "mean final regret \(final) %, worst \(worst) %; \(violations) violate, by at most \(excess)")
    if caution > 0 { #expect(slowest <= 10) }
  }
}
