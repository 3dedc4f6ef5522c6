import PlantModel
import Quantities

/// One of the governor's adversarial scenarios: a fault placed where it hurts, what must come of it, and what was measured.
public struct Scenario: Sendable {
  public let number: Int
  public let name: String
  /// What must come of it, in the words of the governor's specification.
  public let required: String
  private let run: @Sendable (Range<UInt64>) -> (measured: String, holds: Bool)

  init(_ number: Int, _ name: String, required: String, run: @escaping @Sendable (Range<UInt64>) -> (measured: String, holds: Bool)) {
    (self.number, self.name, self.required, self.run) = (number, name, required, run)
  }

  /// Runs the scenario once for each seed.
  public func measure(seeds: Range<UInt64>) -> ScenarioResult {
    let (measured, holds) = run(seeds)
    return ScenarioResult(number: number, name: name, required: required, measured: measured, holds: holds, seeds: seeds.count)
  }

  /// In the order of their numbers.
  public static var all: [Scenario] {
    [
      frozenSensor, units, poisoning, partition, crashAtEveryStep, twoLeaders, clocks, operatorStorm, repeats, notANumber, approvals, noMonitoring,
      rollbackProof,
    ]
    .sorted { $0.number < $1.number }
  }
}

/// One line of the scenarios' table.
public struct ScenarioResult: Sendable, Hashable, Encodable {
  public var number: Int
  public var name: String
  public var required: String
  public var measured: String
  public var holds: Bool
  public var seeds: Int
}

/// What the seeds of one scenario have in common.
struct Tally {
  var seeds = 0
  /// Seeds in which the scenario came to pass at all: the fault met what it was meant for.
  var met = 0
  /// Seeds in which what was required did not happen.
  var failed = 0
  /// Seeds in which an invariant broke.
  var broken = 0
  var worst = 0.0
  var writes = 0
  var count = 0

  var holds: Bool { met > 0 && failed == 0 && broken == 0 }
}

extension Scenario {
  /// Rehearses each seed under the options and sums up.
  ///
  /// - Parameter look: says whether the scenario came to pass, and whether what is required happened.
  static func tally(
    _ seeds: Range<UInt64>, _ options: (UInt64) -> RehearsalOptions, faults: (UInt64) -> [Fault] = { _ in [] },
    look: (RehearsalOutcome, inout Tally) -> (met: Bool, holds: Bool)
  ) -> Tally {
    var tally = Tally()
    for seed in seeds {
      let outcome = rehearse(seed: seed, options(seed), faults: faults(seed))
      tally.seeds += 1
      if !outcome.violations.isEmpty { tally.broken += 1 }
      tally.writes += outcome.figures.writes
      let (met, holds) = look(outcome, &tally)
      if met { tally.met += 1 }
      if met, !holds { tally.failed += 1 }
    }
    return tally
  }

  static func options(_ cues: [Cue] = [], hours: Double = 4) -> RehearsalOptions {
    var options = RehearsalOptions()
    options.length = .hours(hours)
    (options.authority, options.rollout) = (.closedLoop, .ramp)
    options.cues = cues
    return options
  }
}
