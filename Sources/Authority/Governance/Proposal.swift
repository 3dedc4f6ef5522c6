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
  public init(loop: String, moves: [Move], claim: Claim, rationale: String, revision: String, calibration: String, expires: Instant) {
    (self.loop, self.moves, self.claim, self.rationale) = (loop, moves, claim, rationale)
    (self.revision, self.calibration, self.expires) = (revision, calibration, expires)
  }

  /// Every number finite (a target no negative zero and not subnormal), every interval in order. An unsound draft is refused without being recorded in full: NaN has no place in a ledger.
  public var isSound: Bool { claim.isSound && moves.allSatisfy { $0.from.isFinite && $0.to.isProper } }
}

/// A change that a loop asks for.
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
  public init(
    id: ChangeID, loop: String, created: Instant, moves: [Move], claim: Claim, rationale: String, revision: String, calibration: String,
    expires: Instant, seal: String? = nil
  ) {
    (self.id, self.loop, self.created, self.moves, self.claim) = (id, loop, created, moves, claim)
    (self.rationale, self.revision, self.calibration, self.expires, self.seal) = (rationale, revision, calibration, expires, seal)
  }

  public init(_ draft: ProposalDraft, id: ChangeID, created: Instant, seal: String? = nil) {
    self.init(
      id: id, loop: draft.loop, created: created, moves: draft.moves, claim: draft.claim, rationale: draft.rationale,
      revision: draft.revision, calibration: draft.calibration, expires: draft.expires, seal: seal)
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
