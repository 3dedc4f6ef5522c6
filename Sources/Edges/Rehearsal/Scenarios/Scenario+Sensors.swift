import Determinism
import Governance
import Learning
import PlantModel
import Quantities

/// Scenarios of sensors that say what is not: one at once, one little by little.
extension Scenario {
  static let frozenSensor = Scenario(
    1, "a sensor freezes in a canary, resolution 1σ", required: "its readings bad within 15 samples; hold; no promotion"
  ) { seeds in
    let (interval, grace) = (Duration.seconds(15), World.rules.readingGrace)
    var samples: [Int] = []
    let tally = tally(
      seeds,
      { seed in
        // Its second stage, so that some hours have shown how often a healthy sensor repeats itself.
        var options = options(
          [Cue("stageReached", occurrence: 2, after: .seconds(Double(seed % 60)), .frozen(tag: RehearsalPlant.sensors.count - 1, span: .hours(2)))])
        options.pressureInterval = interval
        return options
      }
    ) { outcome, _ in
      guard let frozen = outcome.cued.first else { return (false, false) }
      let after = outcome.facts.filter { $0.at >= frozen && $0.at < frozen + .hours(2) }
      guard let held = after.firstIndex(where: { $0.fact.kind == "changeHeld" }) else {
        // A change that went back before there were fifteen samples met no frozen sensor.
        let isOver = after.first.map { $0.fact.kind == "stageJudged" && $0.at < frozen + interval * 15 } ?? false
        return (!isOver, false)
      }
      samples.append(Int(((after[held].at - frozen - grace).seconds / interval.seconds).rounded(.up)))
      let isPromoted = after.contains { $0.fact.kind == "stageStarted" || $0.fact.kind == "changeSettled" }
      return (true, !isPromoted)
    }
    samples.sort()
    let within = samples.count { $0 <= 15 }
    return (
      "\(tally.met) freezes, \(tally.failed) promoted, or neither held nor called bad; bad after "
        + "\(samples.isEmpty ? 0 : samples[samples.count / 2]) samples in the median, \(samples.last ?? 0) at most, \(within) within 15; "
        + "\(tally.broken) broken",
      tally.holds
    )
  }

  static let poisoning = Scenario(
    6, "slow poisoning: 0.02σ a sample into what is learnt from",
    required: "the frozen reference alarms at 0.75σ in the median, 99 % by 1.2σ; the twin is taken out; the salami guard holds"
  ) { seeds in
    let (drift, interval) = (0.02, Duration.minutes(3))
    var biases: [Double] = []
    let tally = tally(
      seeds, { _ in options(hours: 5) },
      faults: { seed in
        // What is learnt from drifts from the first hour on; the twin flatters every change, and the evidence with it.
        let alarm = Self.alarm(seed: seed, drift: drift)
        biases.append(Double(alarm) * drift)
        let found = Duration.hours(1) + interval * Double(alarm)
        return [
          Fault(.hours(1), .proofs(.optimistic, span: found - .hours(1))), Fault(.hours(1), .evidence(.optimistic, span: found - .hours(1))),
          Fault(.hours(1), .rogue(.againAndAgain)), Fault(found, .twinInvalid(span: .hours(5))),
        ].sorted { $0.at < $1.at }
      }
    ) { outcome, _ in
      guard let found = outcome.faults.first(where: { if case .twinInvalid = $0.what { true } else { false } })?.at else { return (false, false) }
      let after = outcome.facts.filter { $0.at > found + .seconds(31) && $0.at < .hours(5) }
      let goesOn = after.contains { entry in
        if case .writeIntended(let intent) = entry.fact.what { return intent.purpose == .advance }
        return entry.fact.kind == "changeProposed" || entry.fact.kind == "stageStarted" || entry.fact.kind == "changeSettled"
      }
      return (true, !goesOn && !outcome.violations.contains { $0.invariant == .noSalami })
    }
    biases.sort()
    let (median, high) = (biases[biases.count / 2], biases[min(biases.count - 1, Int(0.99 * Double(biases.count)))])
    return (
      "alarm at \(hundredths(median))σ in the median, 99 % by \(hundredths(high))σ; \(tally.met) poisonings, \(tally.writes) writes, "
        + "\(tally.failed) went on after the alarm or drifted too far, \(tally.broken) broken",
      tally.holds && median <= 0.75 && high <= 1.2
    )
  }

  /// After how many samples the sum against the frozen reference alarms.
  private static func alarm(seed: UInt64, drift: Double) -> Int {
    var (luck, chart) = (RandomStream(seed: seed, "poison"), Cusum(k: 0.5, h: 5))
    for sample in 1...10_000 where chart.observe(Double(sample) * drift + luck.normal()) != nil { return sample }
    return 10_000
  }
}

/// Two decimals.
private func hundredths(_ x: Double) -> Double { (x * 100).rounded() / 100 }
