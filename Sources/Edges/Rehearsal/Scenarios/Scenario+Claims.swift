import Governance
import PlantModel
import Quantities

/// Scenarios of false numbers, stale words and missing evidence.
extension Scenario {
  static let units = Scenario(2, "units: °F as °C, per hour as per minute", required: "rejected before approval, 100 %; 0 writes") { seeds in
    let tally = tally(seeds, { _ in options(hours: 1) }, faults: { _ in [Fault(.seconds(30), .rogue(.otherUnits))] }) { outcome, _ in
      // Only the mistaken proposal is looked at: it is the first.
      guard let first = outcome.facts.first(where: { $0.fact.kind == "changeProposed" || $0.fact.kind == "proposalRefused" }) else {
        return (false, false)
      }
      guard case .changeProposed(let proposal) = first.fact.what else { return (true, true) }
      let story = outcome.facts.filter { $0.fact.change == proposal.id }.map(\.fact.kind)
      return (true, story.contains("changeRejected") && !story.contains("approvalAsked") && !story.contains("writeIntended"))
    }
    return ("\(tally.met - tally.failed) of \(tally.met) rejected before approval, 0 of their writes", tally.holds)
  }

  static let repeats = Scenario(
    12, "replay, duplicate and reorder of captured commands", required: "100 % rejected"
  ) { seeds in
    var (shown, refused) = (0, 0)
    for seed in seeds {
      let outcome = rehearse(seed: seed, options(hours: 2), faults: [])
      let intents = outcome.facts.compactMap { entry -> WriteIntent? in if case .writeIntended(let intent) = entry.fact.what { intent } else { nil } }
      var captured = CapturedCommands(intents, seed: seed)
      let (a, b) = captured.handAgain()
      (shown, refused) = (shown + a, refused + b)
    }
    return ("\(refused) of \(shown) rejected", shown > 0 && refused == shown)
  }

  static let notANumber = Scenario(
    13, "NaN, ±Inf, −0, denormal, 1e308 anywhere", required: "0 writes that rest on one; typed rejection; the rest goes on"
  ) { seeds in
    let values: [Double] = [.nan, .infinity, -.infinity, -0.0, .leastNonzeroMagnitude, 1e308]
    let tally = tally(
      seeds, { _ in options() },
      faults: { seed in
        [
          Fault(.minutes(20), .nonsense(tag: Int(seed % 4), value: values[Int(seed / 4 % 6)], span: .minutes(25))),
          Fault(.minutes(50), .rogue([.huge, .denormal][Int(seed % 2)])), Fault(.minutes(70), .proofs(.notFinite, span: .minutes(30))),
          Fault(.minutes(100), .evidence(.notFinite, span: .minutes(40))),
        ]
      }
    ) { outcome, _ in (true, !outcome.violations.contains { $0.invariant == .notANumberNeverPasses }) }
    return ("\(tally.met) seeds, \(tally.writes) writes, \(tally.failed) on what is no number, \(tally.broken) broken", tally.holds)
  }

  static let approvals = Scenario(
    14, "stale, borrowed or late approval", required: "100 % refused"
  ) { seeds in
    var (given, taken) = (0, 0)
    let tally = tally(
      seeds,
      { seed in
        var options = options([
          Cue("approvalAsked", after: .seconds(10), .order(.init(.approveStale, as: .engineer))),
          Cue("approvalAsked", after: .seconds(12), .order(.init(.approve, as: .operator))),
          Cue("approvalAsked", after: .seconds(14), .order(.init(.approve, as: .auditor))),
          Cue("changeRejected", after: .seconds(5), .order(.init(.approve, as: .engineer))),
        ])
        options.authority = .supervised
        return options
      }
    ) { outcome, _ in
      given += outcome.cued.count
      let early = outcome.facts.filter { entry in
        guard case .changeApproved = entry.fact.what else { return false }
        return outcome.cued.contains { abs(($0 - entry.at).seconds) < 0.5 }
      }
      taken += early.count
      return (!outcome.cued.isEmpty, early.isEmpty)
    }
    return ("\(given - taken) of \(given) refused, \(tally.broken) broken", tally.holds)
  }

  static let noMonitoring = Scenario(
    15, "monitoring missing, inconclusive or in error during a canary", required: "never promotes; goes back at the timeout"
  ) { seeds in
    let kinds: [Fault.EvidenceFault] = [.never, .incomplete, .missing, .notFinite, .overlapping, .empty, .old]
    let tally = tally(
      seeds,
      { seed in
        options([Cue("stageStarted", .evidence(kinds[Int(seed) % kinds.count], span: .hours(3)))])
      }
    ) { outcome, tally in
      guard let first = outcome.facts.first(where: { $0.fact.kind == "stageStarted" }), let id = first.fact.change else { return (false, false) }
      let story = outcome.facts.filter { $0.fact.change == id }.map(\.fact.kind)
      let isPromoted = story.contains("changeSettled") || story.count { $0 == "stageStarted" } > 1
      return (true, !isPromoted && story.contains("rollbackStarted"))
    }
    return ("\(tally.met) canaries, \(tally.failed) promoted or left standing, \(tally.broken) broken", tally.holds)
  }
}
