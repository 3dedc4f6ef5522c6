import ChangeDetection
import Determinism
import Governance
import Learning
import PlantModel
import Quantities
import Twin

/// Scenarios of sensors that say what is not: one at once, one little by little.
extension Scenario {
  static let frozenSensor = Scenario(
    1, "a sensor freezes in a canary, resolution 1σ", required: "its readings bad within 15 samples; hold; no promotion"
  ) { seeds in
    let interval = Duration.seconds(15)
    var samples: [Int] = []
    var (met, promoted, notHeld, broken) = (0, 0, 0, 0)
    for seed in seeds {
      var options = options(
        [Cue("stageReached", after: .seconds(Double(seed % 60)), .frozen(tag: RehearsalPlant(.ramp).sensors.count - 1, span: .hours(2)))])
      options.pressureInterval = interval
      let outcome = rehearse(seed: seed, options, faults: [])
      if !outcome.violations.isEmpty { broken += 1 }
      guard let frozen = outcome.cued.first, let called = outcome.readingsToFrozen.first else { continue }
      let after = outcome.facts.filter { $0.at >= frozen && $0.at < frozen + .hours(2) }
      // A change that went back for another reason before there were fifteen samples met no frozen sensor.
      if called == nil, after.first.map({ $0.fact.kind == "rollbackStarted" || $0.fact.kind == "stageJudged" }) == true,
        after[0].at < frozen + interval * 15, !after.contains(where: { $0.fact.kind == "stageStarted" || $0.fact.kind == "changeSettled" })
      {
        continue
      }
      met += 1
      samples.append(called ?? .max)
      if after.contains(where: { $0.fact.kind == "stageStarted" || $0.fact.kind == "changeSettled" }) { promoted += 1 }
      if !after.contains(where: { $0.fact.kind == "changeHeld" || $0.fact.kind == "rollbackStarted" }) { notHeld += 1 }
    }
    samples.sort()
    let within = samples.count { $0 <= 15 }
    return (
      "\(met) freezes; bad after \(samples.isEmpty ? 0 : samples[samples.count / 2]) samples in the median, "
        + "\(samples.last ?? 0) at most, \(within) within 15; \(promoted) promoted, \(notHeld) not held; \(broken) broken",
      met > 0 && within == met && promoted == 0 && notHeld == 0 && broken == 0
    )
  }

  static let poisoning = Scenario(
    6, "slow poisoning: 0.02σ a sample into what is learnt from",
    required: "the twin's frozen reference alarms at 0.75σ in the median, 99 % by 1.2σ; the twin is taken out; the salami guard holds"
  ) { seeds in
    let interval = Duration.minutes(3)
    let tally = tally(
      seeds, { _ in options(hours: 8) },
      faults: { seed in
        // What is learnt from drifts from the first hour on; the twin flatters every change, and the evidence with it, until its reference alarms.
        let found = Duration.hours(1) + interval * Double(Self.alarm(seed: seed).commissioned)
        return [
          Fault(.hours(1), .proofs(.optimistic, span: found - .hours(1))), Fault(.hours(1), .evidence(.optimistic, span: found - .hours(1))),
          Fault(.hours(1), .rogue(.againAndAgain)), Fault(found, .twinInvalid(span: .hours(8))),
        ].sorted { $0.at < $1.at }
      }
    ) { outcome, _ in
      guard let found = outcome.faults.first(where: { if case .twinInvalid = $0.what { true } else { false } })?.at else { return (false, false) }
      let after = outcome.facts.filter { $0.at > found + .seconds(31) && $0.at < .hours(8) }
      let goesOn = after.contains { entry in
        if case .writeIntended(let intent) = entry.fact.what { return intent.purpose == .advance }
        return entry.fact.kind == "changeProposed" || entry.fact.kind == "stageStarted" || entry.fact.kind == "changeSettled"
      }
      return (true, !goesOn && !outcome.violations.contains { $0.invariant == .noSalami })
    }
    // The alarm by itself costs little: a quantile of a hundred would be luck.
    let alarms = (seeds.lowerBound..<seeds.lowerBound + UInt64(max(seeds.count, 10_000))).map(alarm)
    let reference = quantiles(alarms.map(\.reference)), commissioned = quantiles(alarms.map(\.commissioned))
    let running = quantiles(alarms.map(\.running))
    return (
      "the reference alarms at \(hundredths(reference.median))σ in the median, 99 % by \(hundredths(reference.high))σ of \(alarms.count) streams; with the error "
        + "of its own commissioning from 32 samples at \(hundredths(commissioned.median))σ and \(hundredths(commissioned.high))σ; the test against a belief that "
        + "is renewed with the poison at \(hundredths(running.median))σ and \(hundredths(running.high))σ; \(tally.met) poisonings that end with the second, "
        + "\(tally.writes) writes, \(tally.failed) went on after the alarm or drifted too far, \(tally.broken) broken",
      tally.holds && reference.median <= 0.75 && reference.high <= 1.2
    )
  }

  private static let drift = 0.02

  /// After how many samples there is an alarm: of the twin's frozen reference that says what the plant was; of one that was commissioned from 32 samples of
  /// the same stream; and of the test to which a running twin holds its residuals, against a belief that is renewed as the twin renews its belief of
  /// scrap, and so takes the poison in.
  private static func alarm(seed: UInt64) -> (reference: Int, commissioned: Int, running: Int) {
    let configuration = TwinConfiguration()
    // How much of what each review shows goes into the belief: half of what it rests on is younger than the half-life.
    let share = 1 - Portable.exp(-Portable.log(2) * (configuration.calibrationInterval / configuration.scrapHalfLife))
    var (luck, earlier) = (RandomStream(seed: seed, "poison"), RandomStream(seed: seed, "commissioning"))
    var references = [FrozenReference(laws: [[0]], since: Instant(seconds: 0)), commissioned(from: &earlier, configuration.referenceSamples)]
    var test = ResidualKind.scrap.detector(configuration)
    var (belief, found): (Double, [Int?]) = (0, [nil, nil, nil])
    for sample in 1...10_000 where found.contains(nil) {
      let seen = Double(sample) * drift + luck.normal()
      for place in references.indices where found[place] == nil {
        if case .drifts = observe(seen, &references[place], at: sample) { found[place] = sample }
      }
      // Capped as the twin caps them: one wild residual alone must not end trust.
      let alarm = found[2] == nil ? try? test.observe(min(max(seen - belief, -4), 4), at: Instant(seconds: Double(sample))) : nil
      if alarm == .alarm { found[2] = sample }
      belief += share * (seen - belief)
    }
    return (found[0] ?? 10_000, found[1] ?? 10_000, found[2] ?? 10_000)
  }

  /// A reference whose laws know next to nothing, after as many samples of a plant at rest as it takes.
  private static func commissioned(from luck: inout RandomStream, _ samples: Int) -> FrozenReference {
    var reference = FrozenReference(commissioning: samples)
    var sample = -1_000
    while reference.frozen == nil {
      if !reference.isBegun { reference.begin(with: (0..<16).map { [Double($0) - 7.5] }) }
      if observe(luck.normal(), &reference, at: sample) == .unsettled { reference.startOver() }
      sample += 1
    }
    return reference
  }

  private static func observe(_ value: Double, _ reference: inout FrozenReference, at sample: Int) -> FrozenReference.Finding {
    reference.observe(.init(from: Instant(seconds: Double(sample)), to: Instant(seconds: Double(sample + 1)), total: value, features: [1]))
  }

  /// Of the bias that there was at each alarm: the median, and what 99 % do not exceed.
  private static func quantiles(_ alarms: [Int]) -> (median: Double, high: Double) {
    let sorted = alarms.sorted()
    return (Double(sorted[(sorted.count - 1) / 2]) * drift, Double(sorted[(99 * sorted.count + 99) / 100 - 1]) * drift)
  }
}

/// Two decimals.
private func hundredths(_ x: Double) -> Double { (x * 100).rounded() / 100 }
