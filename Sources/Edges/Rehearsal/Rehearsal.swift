internal import Determinism
public import Governance
public import PlantModel
public import Quantities
internal import Supervision

/// How a rehearsal is run.
public struct RehearsalOptions: Sendable, Hashable {
  /// Plant time during which things go wrong; afterwards everything must come to rest.
  public var length = Duration.hours(3)
  /// A deliberate break, to see that it is found.
  public var mutant: Mutant?
  /// The loop's authority; nil lets the seed choose.
  public var authority: Authority?
  /// How the loop's stages are run; nil lets the seed choose.
  public var rollout: RehearsedRollout?
  /// Keep the story, line by line.
  public var isTold = false
  /// Check the ledger's hash chain too.
  public var isThorough = false
  /// How often the pressure is reported.
  public var pressureInterval = Duration.seconds(60)
  /// Faults that wait for something to happen, besides those that come by the clock.
  public var cues: [Cue] = []
  public init() {}

  func rollout(of seed: UInt64) -> RehearsedRollout {
    var luck = RandomStream(seed: seed, "rollout")
    return rollout ?? [.ramp, .ramp, .switchback, .interleave][luck.integer(below: 4)]
  }
}

/// A fault that comes when a fact becomes durable: "the power fails as the second stage starts".
public struct Cue: Sendable, Hashable {
  /// The fact's kind, such as `stageStarted`.
  public var kind: String
  /// 1 is the first of its kind.
  public var occurrence: Int
  public var after: Duration
  public var what: Fault.What
  public init(_ kind: String, occurrence: Int = 1, after: Duration = .zero, _ what: Fault.What) {
    (self.kind, self.occurrence, self.after, self.what) = (kind, occurrence, after, what)
  }
}

/// What came of one seed.
public struct RehearsalOutcome: Sendable {
  public let seed: UInt64
  public let faults: [Fault]
  /// Empty where all invariants held.
  public let violations: [Violation]
  public let figures: RehearsalFigures
  /// Every fact that became durable, and when it truly did, since the start.
  public let facts: [(at: Duration, fact: Fact)]
  /// Every write that left the gateway.
  public let writes: [(at: Duration, token: WriteToken, tag: String, value: Double)]
  /// Of each sensor that froze, after how many of its readings it was called frozen; nil where that never happened.
  public let readingsToFrozen: [Int?]
  /// When each fault of a cue began.
  public let cued: [Duration]
  /// The governor's state at the end; nil where Takt was down.
  public let state: GovernorState?
  /// What happened, oldest first, where it was to be told.
  public let story: [String]
}

/// How much happened, so that nobody takes a quiet run for a proof.
public struct RehearsalFigures: Sendable, Hashable {
  public var lives = 0
  public var facts = 0
  public var writes = 0
  public var stages = 0
  public var settled = 0
  public var rolledBack = 0
  public var plantTime = Duration.zero
  public init() {}

  public static func += (a: inout RehearsalFigures, b: RehearsalFigures) {
    (a.lives, a.facts, a.writes, a.stages) = (a.lives + b.lives, a.facts + b.facts, a.writes + b.writes, a.stages + b.stages)
    (a.settled, a.rolledBack, a.plantTime) = (a.settled + b.settled, a.rolledBack + b.rolledBack, a.plantTime + b.plantTime)
  }
}

/// Lives through one seed: the production runtime in a simulated world in which things go wrong.
///
/// The same seed, options and faults give the same outcome, to the byte.
/// - Parameter faults: nil draws them from the seed.
public func rehearse(seed: UInt64, _ options: RehearsalOptions = RehearsalOptions(), faults: [Fault]? = nil) -> RehearsalOutcome {
  let faults = faults ?? plannedFaults(seed: seed, options)
  let world = World(seed: seed, options: options, faults: faults)
  world.run()
  var figures = RehearsalFigures()
  (figures.lives, figures.facts, figures.writes) = (world.lives, world.facts.count, world.watch.writes)
  (figures.stages, figures.settled, figures.rolledBack) = (world.watch.stages, world.watch.settled, world.watch.rolledBack)
  figures.plantTime = world.now - World.start
  return RehearsalOutcome(
    seed: seed, faults: faults, violations: world.watch.violations, figures: figures,
    facts: world.factTimes.map { ($0.at - World.start, $0.fact) }, writes: world.writeTimes,
    readingsToFrozen: world.freezes.map(\.called), cued: world.cued,
    state: world.life?.runtime.kernel.governor.state, story: world.story)
}

/// What goes wrong in a seed's life, oldest first.
public func plannedFaults(seed: UInt64, _ options: RehearsalOptions = RehearsalOptions()) -> [Fault] {
  FaultPlan.faults(seed: seed, length: options.length, of: RehearsalPlant(options.rollout(of: seed)))
}
