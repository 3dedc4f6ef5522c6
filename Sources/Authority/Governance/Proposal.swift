public import Quantities

/// One set-point to move.
public struct Move: Hashable, Sendable, Codable {
  public var tag: String
  /// The value that the loop saw when it proposed.
  public var from: Double
  public var to: Double
  /// UCUM code of `to`; nil: the tag's own unit. `from` is always in the tag's own.
  public var unit: String?
  public init(tag: String, from: Double, to: Double, unit: String? = nil) { (self.tag, self.from, self.to, self.unit) = (tag, from, to, unit) }
}

/// What a loop hands in. The governor gives it an id and makes it a `Proposal`.
public struct ProposalDraft: Hashable, Sendable, Codable {
  /// The loop's name; `GovernancePlan.byHand` where a person proposes.
  public var loop: String
  public var moves: [Move]
  public var claim: Claim
  /// Why, in words for a person.
  public var rationale: String
  /// The plant revision and the calibration that the claim was computed on.
  public var revision: String
  public var calibration: String
  /// Without a first write by this instant it expires.
  public var expires: Instant
  /// Who proposes it; nil for a loop.
  public var proposer: Person?
  /// Shares of the move in which it goes out, rising to 1, where they are not the rollout's own.
  public var steps: [Double]?
  public init(
    loop: String, moves: [Move], claim: Claim, rationale: String, revision: String, calibration: String, expires: Instant, proposer: Person? = nil,
    steps: [Double]? = nil
  ) {
    (self.loop, self.moves, self.claim, self.rationale) = (loop, moves, claim, rationale)
    (self.revision, self.calibration, self.expires) = (revision, calibration, expires)
    (self.proposer, self.steps) = (proposer, steps)
  }

  /// Every number finite (a target no negative zero and not subnormal), every interval in order. An unsound draft is refused without being recorded in full: NaN has no place in a ledger.
  public var isSound: Bool { claim.isSound && moves.allSatisfy { $0.from.isFinite && $0.to.isProper } }
}

/// A change that a loop, or a person, asks for.
public struct Proposal: Hashable, Sendable, Codable {
  public var id: ChangeID
  public var loop: String
  public var created: Instant
  public var moves: [Move]
  public var claim: Claim
  public var rationale: String
  public var revision: String
  public var calibration: String
  public var expires: Instant
  /// Says, to whoever has the secret, whether this is a decoy; nil where there are none.
  public var seal: String?
  /// The person who proposes it, and so may not approve it; nil for a loop.
  public var proposer: Person?
  /// Shares of the move in which it goes out, where they are not the rollout's own.
  public var steps: [Double]?
  public init(
    id: ChangeID, loop: String, created: Instant, moves: [Move], claim: Claim, rationale: String, revision: String, calibration: String,
    expires: Instant, seal: String? = nil, proposer: Person? = nil, steps: [Double]? = nil
  ) {
    (self.id, self.loop, self.created, self.moves, self.claim) = (id, loop, created, moves, claim)
    (self.rationale, self.revision, self.calibration, self.expires, self.seal) = (rationale, revision, calibration, expires, seal)
    (self.proposer, self.steps) = (proposer, steps)
  }

  public init(_ draft: ProposalDraft, id: ChangeID, created: Instant, seal: String? = nil) {
    self.init(
      id: id, loop: draft.loop, created: created, moves: draft.moves, claim: draft.claim, rationale: draft.rationale,
      revision: draft.revision, calibration: draft.calibration, expires: draft.expires, seal: seal, proposer: draft.proposer, steps: draft.steps)
  }

  /// Set-points by tag after a share (0…1) of the move, starting from `baseline`.
  public func targets(share: Double, from baseline: [String: Double]) -> [String: Double] {
    var targets: [String: Double] = [:]
    for move in moves {
      let start = baseline[move.tag] ?? move.from
      // At the full share the loop's own number, not one that rounding has touched.
      targets[move.tag] = share >= 1 ? move.to : start + share * (move.to - start)
    }
    return targets
  }
}
