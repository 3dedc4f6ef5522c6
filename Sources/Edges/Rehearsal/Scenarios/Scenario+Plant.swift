import Determinism
import Governance
import PlantModel
import Quantities

/// Scenarios of networks, clocks, crashes and people.
extension Scenario {
  static let partition = Scenario(
    7, "partition during a stage",
    required: "at the declared state (set-points kept, no write) within T_wd = freshness + grace; after it heals, read back before any action"
  ) { seeds in
    let span = Duration.minutes(30)
    // A reading of three minutes' freshness and two of grace, and a tick.
    let limit = Duration.minutes(5.6)
    let tally = tally(
      seeds,
      { _ in
        options([Cue("stageStarted", occurrence: 2, .telemetryCut(span: span)), Cue("stageStarted", occurrence: 2, .commandsCut(span: span))])
      }
    ) { outcome, tally in
      guard let cut = outcome.cued.first else { return (false, false) }
      let late = outcome.writes.filter { $0.at > cut + limit && $0.at < cut + span }
      let last = outcome.writes.last { $0.at >= cut && $0.at < cut + span }.map { ($0.at - cut).seconds } ?? 0
      tally.worst = max(tally.worst, last)
      return (true, late.isEmpty)
    }
    return ("\(tally.met) partitions; last write \(rounded(tally.worst)) s after the cut; \(tally.failed) late, \(tally.broken) broken", tally.holds)
  }

  static let crashAtEveryStep = Scenario(
    8, "crash at every step", required: "every point between intent, write, read-back and DONE; ends settled or restored; ledger = plant"
  ) { seeds in
    var points = 0
    var met = 0
    var broken = 0
    // Forty changing operations of the disk from the first stage on; the seeds share them out, and each is met many times.
    for seed in seeds {
      for step in 0..<4 {
        let operation = 1 + Int((seed &* 4 &+ UInt64(step)) % 48)
        let outcome = rehearse(
          seed: seed, options([Cue("stageStarted", .powerCut(operations: operation, luck: seed &+ UInt64(step), down: .seconds(20)))]), faults: [])
        points = max(points, operation)
        if outcome.figures.lives > 1 { met += 1 }
        if !outcome.violations.isEmpty { broken += 1 }
      }
    }
    return ("\(met) crashes at \(points) points, \(broken) ended wrong", met > 0 && broken == 0)
  }

  static let twoLeaders = Scenario(9, "two leaders after a pause of 30 s", required: "0 writes with a stale token") { seeds in
    let tally = tally(
      seeds,
      { seed in
        options([
          Cue("stageStarted", after: .seconds(Double(seed % 40)), .secondLife(after: .seconds(10), span: .seconds(20))),
          Cue("stageStarted", occurrence: 3, after: .seconds(Double(seed % 7)), .secondLife(after: .seconds(10), span: .seconds(20))),
        ])
      }
    ) { outcome, _ in (outcome.figures.lives > 1, !outcome.violations.contains { $0.invariant == .tokensRise }) }
    return ("\(tally.met) pairs of leaders, \(tally.writes) writes, \(tally.failed) stale, \(tally.broken) broken", tally.holds)
  }

  static let clocks = Scenario(10, "clock ±1 h, leap, skew", required: "no permit, reading, allowance or approval lasts longer; at worst a hold") {
    seeds in
    let tally = tally(
      seeds, { _ in options() },
      faults: { seed in
        var luck = RandomStream(seed: seed, "clocks")
        return (0..<6).map { _ -> Fault in
          let by = [Duration.seconds(1), .hours(1), .minutes(5)][luck.integer(below: 3)] * (luck.chance(0.5) ? 1 : -1)
          let (at, span) = (Duration.minutes(luck.uniform(5, 220)), Duration.minutes(luck.uniform(1, 70)))
          return Fault(at, luck.chance(0.6) ? .clockStep(by: by, span: span) : .sourceClockStep(by: by, span: span))
        }.sorted { $0.at < $1.at }
      }
    ) { outcome, _ in (true, !outcome.violations.contains { $0.invariant == .clocksExtendNothing }) }
    return ("\(tally.met) seeds of 6 steps, \(tally.writes) writes, \(tally.failed) extended, \(tally.broken) broken", tally.holds)
  }

  static let operatorStorm = Scenario(
    11, "operator storm: 50 orders a minute", required: "each takes effect at once and without a bump; at most 1 alarm an hour from us"
  ) { seeds in
    let tally = tally(
      seeds,
      { seed in
        options([Cue("stageStarted", after: .seconds(Double(seed % 300)), .storm(orders: 50, every: .seconds(1.2), luck: seed))])
      }
    ) { outcome, tally in
      guard let at = outcome.cued.first else { return (false, false) }
      let alarms = outcome.facts.count { $0.at >= at && $0.at < at + .hours(1) && $0.fact.kind == "rollbackStarted" }
      tally.worst = max(tally.worst, Double(alarms))
      return (true, !outcome.violations.contains { $0.invariant == .bumpless || $0.invariant == .takeoverHolds })
    }
    return (
      "\(tally.met) storms, \(tally.failed) late or with a bump, at most \(Int(tally.worst)) alarms in the hour", tally.holds && tally.worst <= 2
    )
  }

  static let rollbackProof = Scenario(
    17, "rollback proof test", required: "from each stage and random states the last known good is reached within T_rb"
  ) { seeds in
    let tally = tally(
      seeds,
      { seed in
        options([Cue("stageStarted", occurrence: 1 + Int(seed % 3), after: .seconds(Double(seed % 90) * 10), .order(.init(.rollback, as: .engineer)))]
        )
      }
    ) { outcome, tally in
      guard let begun = outcome.facts.first(where: { $0.fact.kind == "rollbackStarted" }) else { return (false, false) }
      let ended = outcome.facts.first { $0.fact.kind == "changeRestored" && $0.at >= begun.at }
      guard let ended else { return (true, false) }
      tally.worst = max(tally.worst, (ended.at - begun.at).minutes)
      return (true, true)
    }
    return ("\(tally.met) rollbacks, the longest took \(rounded(tally.worst)) min, \(tally.failed) did not end", tally.holds)
  }
}

/// One decimal.
func rounded(_ x: Double) -> Double { (x * 10).rounded() / 10 }
