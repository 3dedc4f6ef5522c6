public import Quantities

/// `loops/NAME.yaml`: what a loop watches, what it may move, for what, how often, and how its changes are rolled out.
public struct LoopSpec: Sendable, Hashable, Codable {
  /// The file's name without `.yaml`.
  public var name: String
  /// `setpoints` for the built-in optimiser, or the path of a program (relative to the plant folder) that speaks the loop protocol.
  public var program: String
  public var arguments: [String]
  /// Set-point tags that it may propose to move.
  public var moves: [String]
  public var objective: Objective
  /// How often it is asked for a proposal.
  public var cadence: Duration
  /// Answering later than this counts as a missed deadline.
  public var deadline: Duration
  /// The authority that it starts with; the track record moves it, never above the envelope's ceiling.
  public var authority: Authority
  public var rollout: RolloutSpec
  /// Whether a proposal outside the admissible set is moved to its nearest point inside, rather than refused.
  public var projects: Bool
  /// The person who answers for the loop, and so may not approve what it proposes; nil for nobody by name.
  public var owner: String?
  /// Of a foreign run-to-run loop: what its owner declares of its feedback; nil for none, and for the built-in loop, whose feedback the twin knows.
  public var feedback: FeedbackSpec?

  /// The program that comes with Takt, and whose feedback the twin knows: it moves to the optimum of what is believed.
  public static let builtIn = "setpoints"
  /// Whether it is that, and no file of the plant folder.
  public var isBuiltIn: Bool { program == Self.builtIn }

  public init(
    name: String, program: String, arguments: [String], moves: [String], objective: Objective, cadence: Duration, deadline: Duration,
    authority: Authority, rollout: RolloutSpec, projects: Bool = false, owner: String? = nil, feedback: FeedbackSpec? = nil
  ) {
    (self.name, self.program, self.arguments, self.moves, self.objective) = (name, program, arguments, moves, objective)
    (self.cadence, self.deadline, self.authority, self.rollout) = (cadence, deadline, authority, rollout)
    (self.projects, self.owner, self.feedback) = (projects, owner, feedback)
  }
}

/// What a loop raises.
public enum Objective: String, Sendable, Hashable, Codable {
  /// Good parts per hour.
  case goodPartsPerHour
  /// Money per hour at the plant's prices: good − scrap − escape.
  case valuePerHour
}

/// How a change goes out, stage by stage.
public struct RolloutSpec: Sendable, Hashable, Codable {
  /// How long a change is watched in shadow (not written, its forecast scored) before its first write.
  public var shadow: Duration
  /// Shares of the full move, rising, ending at 1; each stage but the last is a canary.
  public var steps: [Double]
  /// How long each step stays before it is judged at the earliest.
  public var dwell: Duration
  /// A step that is not judged by then goes back.
  public var timeout: Duration
  /// Share of the claimed gain that the realised gain's lower bound must reach to be kept.
  public var keepShare: Double
  /// Evidence levels of the sequential tests: wrongly keeping, wrongly rolling back.
  public var alphaGain: Double
  public var alphaHarm: Double
  /// Stages are judged by randomised pairs; nil: against the twin's counterfactual alone.
  public var switchback: SwitchbackSpec?
  /// Stages are judged by like machines, part of which carry the move while the others stand as control; never beside `switchback`.
  public var interleave: InterleaveSpec?

  public init(
    shadow: Duration, steps: [Double], dwell: Duration, timeout: Duration, keepShare: Double, alphaGain: Double, alphaHarm: Double,
    switchback: SwitchbackSpec? = nil, interleave: InterleaveSpec? = nil
  ) {
    (self.shadow, self.steps, self.dwell, self.timeout) = (shadow, steps, dwell, timeout)
    (self.keepShare, self.alphaGain, self.alphaHarm) = (keepShare, alphaGain, alphaHarm)
    (self.switchback, self.interleave) = (switchback, interleave)
  }

  /// The calendar by which set-points go back and forth; nil where they do not.
  public var calendar: SwitchbackSpec? { switchback ?? interleave?.calendar }
}

/// Randomised switchback pairs: in each pair the baseline and the change run one after the other, in an order that a coin decides.
public struct SwitchbackSpec: Sendable, Hashable, Codable {
  /// Pairs at most; what is not decided by then goes back.
  public var pairs: Int
  /// How long each arm is measured.
  public var dwell: Duration
  /// How long each arm is let settle first: the ramp and at least three time constants of the plant.
  public var washout: Duration

  public init(pairs: Int, dwell: Duration, washout: Duration) { (self.pairs, self.dwell, self.washout) = (pairs, dwell, washout) }
}

/// Randomised crossover on like machines: in each pair of periods one part of them carries the move first and the other part second, and a coin
/// decides which. What is common to the time and what is peculiar to a machine cancels.
public struct InterleaveSpec: Sendable, Hashable, Codable {
  /// Pairs at most, and how long their periods are.
  public var calendar: SwitchbackSpec
  /// At least two, in the plant's order: alike, side by side, and each with counters of its own (see `Plant.flaw(interleaving:)`).
  public var machines: [LikeMachine]

  public init(calendar: SwitchbackSpec, machines: [LikeMachine]) { (self.calendar, self.machines) = (calendar, machines) }
}

/// One of several like machines, and its set-points that a loop may move.
public struct LikeMachine: Sendable, Hashable, Codable {
  /// The station's name.
  public var station: String
  /// In the same order at each of them.
  public var tags: [String]
  public init(station: String, tags: [String]) { (self.station, self.tags) = (station, tags) }
}
