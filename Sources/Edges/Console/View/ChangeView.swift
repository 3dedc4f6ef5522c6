public import Quantities

/// One change from proposal to outcome.
public struct ChangeView: Sendable, Hashable, Codable {
  public enum State: String, Sendable, Hashable, Codable, CaseIterable {
    /// Being proven on the twin.
    case proving
    /// Waits for a person's approval.
    case awaitingApproval
    /// Not written; its forecast is being scored.
    case shadow
    /// Part of the move is in force.
    case canary
    /// The whole move is in force and being judged.
    case full
    /// Nothing moves: something speaks against the plant, its sensors or the twin, or a person has taken over.
    case held
    /// Kept.
    case settled
    /// Values on their way back.
    case rollingBack
    /// Undone.
    case rolledBack
    /// Refused before any write.
    case refused
    /// Refused by a person.
    case rejected
    /// Undone, and its like is not tried again for a while.
    case quarantined
  }
  /// Short enough to say on the telephone.
  public var id: String
  /// The loop that proposed it; `by hand` where a person did.
  public var loop: String
  /// The person who proposed it; nil for a loop.
  public var proposer: String?
  public var state: State
  /// True while it still may move something.
  public var open: Bool
  public var moves: [MoveView]
  /// What was claimed: change of good parts (or value) per hour.
  public var claim: IntervalView
  /// Where no gain is claimed: the share of what the line would make without it that it may lose.
  public var mayLose: Double?
  /// `parts/h`, or a currency per hour.
  public var claimUnit: String
  public var horizon: Duration?
  /// What has been realised so far against the counterfactual; nil before there is anything to tell.
  public var realised: IntervalView?
  public var stage: StageView?
  /// Who carries the move now, while a stage is run by randomised pairs.
  public var pair: PairView?
  /// What the judge says so far; nil before there is anything to judge, and after the last stage.
  public var evidence: EvidenceView?
  /// What would undo it, in sentences.
  public var undoneBy: [String]
  /// Why it is in this state, in a sentence.
  public var reason: String?
  public var proposedAt: Instant
  public var updatedAt: Instant
  public var endedAt: Instant?
  /// Who approved or rejected it.
  public var decidedBy: String?
  /// The hash of all that an approval speaks for; nil before there is anything to approve.
  public var binding: String?
  /// People who have approved it, and how many it needs.
  public var approvals: [String]
  public var quorum: Int?

  public init(
    id: String, loop: String, state: State, open: Bool, moves: [MoveView], claim: IntervalView, claimUnit: String,
    horizon: Duration? = nil, realised: IntervalView? = nil, stage: StageView? = nil, undoneBy: [String] = [], reason: String? = nil,
    proposedAt: Instant, updatedAt: Instant, endedAt: Instant? = nil, decidedBy: String? = nil,
    binding: String? = nil, approvals: [String] = [], quorum: Int? = nil, proposer: String? = nil, mayLose: Double? = nil, pair: PairView? = nil,
    evidence: EvidenceView? = nil
  ) {
    (self.proposer, self.mayLose, self.pair, self.evidence) = (proposer, mayLose, pair, evidence)
    (self.id, self.loop, self.state, self.open, self.moves) = (id, loop, state, open, moves)
    (self.claim, self.claimUnit, self.horizon, self.realised, self.stage) = (claim, claimUnit, horizon, realised, stage)
    (self.undoneBy, self.reason, self.proposedAt, self.updatedAt) = (undoneBy, reason, proposedAt, updatedAt)
    (self.endedAt, self.decidedBy) = (endedAt, decidedBy)
    (self.binding, self.approvals, self.quorum) = (binding, approvals, quorum)
  }
}

/// One set-point of a change.
public struct MoveView: Sendable, Hashable, Codable {
  public var tag: String
  public var unit: String
  public var from: Double
  public var to: Double
  /// What is in force by read-back; nil when not known.
  public var now: Double?
  public init(tag: String, unit: String, from: Double, to: Double, now: Double? = nil) {
    (self.tag, self.unit, self.from, self.to, self.now) = (tag, unit, from, to, now)
  }
}

/// How far a staged change has come.
public struct StageView: Sendable, Hashable, Codable {
  /// The stages in order, e.g. `proof`, `shadow`, `canary 25 %`, `full`.
  public var names: [String]
  /// The one it is in.
  public var index: Int
  /// Share of the present stage's dwell that has passed, 0…1.
  public var progress: Double
  /// When the present stage is judged at the earliest.
  public var judgedAfter: Instant?
  public init(names: [String], index: Int, progress: Double, judgedAfter: Instant? = nil) {
    (self.names, self.index, self.progress, self.judgedAfter) = (names, index, progress, judgedAfter)
  }
}

/// Where a stage that is run by randomised pairs stands.
public struct PairView: Sendable, Hashable, Codable {
  /// The pair that runs, from 1.
  public var number: Int
  /// How many there are at most.
  public var of: Int
  /// Stations that carry the move now.
  public var carrying: [String]
  /// Stations that stand as control beside them.
  public var control: [String]
  /// They are let settle: nothing is measured yet.
  public var settling: Bool
  /// When they change over.
  public var until: Instant
  /// When the last pair is over; a verdict may come sooner.
  public var ends: Instant
  public init(number: Int, of: Int, carrying: [String], control: [String], settling: Bool, until: Instant, ends: Instant) {
    (self.number, self.of, self.carrying, self.control) = (number, of, carrying, control)
    (self.settling, self.until, self.ends) = (settling, until, ends)
  }

  /// In a sentence, e.g. `MillA carries the move, MillB stands as control (pair 3 of 30, settling)`.
  public var sentence: String {
    let who =
      carrying.isEmpty ? "no machine carries the move" : "\(carrying.joined(separator: ", ")) \(carrying.count > 1 ? "carry" : "carries") the move"
    let beside =
      carrying.isEmpty || control.isEmpty ? "" : ", \(control.joined(separator: ", ")) \(control.count > 1 ? "stand" : "stands") as control"
    return "\(who)\(beside) (pair \(number) of \(of)\(settling ? ", settling" : ""))"
  }
}
