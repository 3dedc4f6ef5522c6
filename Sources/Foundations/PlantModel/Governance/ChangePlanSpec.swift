public import Quantities

/// A change plan, after the FDA's predetermined change control plan: inside it, once it is signed, a loop acts by itself; outside it a
/// person decides on each change.
///
/// It names what may change (description of modifications), how each change is shown to be right (modification protocol), and how it is
/// undone. Its name in the ledger is the hash of its content, so an edited plan is an unsigned one.
public struct ChangePlanSpec: Sendable, Hashable, Codable {
  public var name: String
  public var loop: String
  /// Sorted by tag.
  public var ranges: [PlanRange]
  /// Least probability of gain that the proof must show.
  public var leastProbability: Double
  /// Changes in any 24 h.
  public var changesPerDay: Int
  /// How the loop's program, models and data may change while the plan holds, in words for the people who sign.
  public var modelClasses: [String]
  /// What retraining is set off by, in words.
  public var retrainTriggers: [String]
  /// Which tests a new model must pass before it may propose, in words.
  public var tests: [String]
  /// Different people who must sign; one of them has the safety role.
  public var quorum: Int
  /// Plant time until which it holds; nil without end.
  public var expires: Instant?

  public init(
    name: String, loop: String, ranges: [PlanRange], leastProbability: Double, changesPerDay: Int, modelClasses: [String] = [],
    retrainTriggers: [String] = [], tests: [String] = [], quorum: Int = 2, expires: Instant? = nil
  ) {
    (self.name, self.loop, self.leastProbability, self.changesPerDay) = (name, loop, leastProbability, changesPerDay)
    self.ranges = ranges.sorted { $0.tag < $1.tag }
    (self.modelClasses, self.retrainTriggers, self.tests) = (modelClasses, retrainTriggers, tests)
    (self.quorum, self.expires) = (quorum, expires)
  }
}

/// How far a plan lets one tag go: narrower than the envelope, or it would say nothing.
public struct PlanRange: Sendable, Hashable, Codable {
  public var tag: String
  public var low: Double
  public var high: Double
  /// Largest move of one change.
  public var maxMove: Double
  public init(tag: String, low: Double, high: Double, maxMove: Double) { (self.tag, self.low, self.high, self.maxMove) = (tag, low, high, maxMove) }
}
