public import Quantities

/// What the judge says of one stage. Kept apart, because taking one for another is how bad changes get promoted.
public enum Verdict: String, Hashable, Sendable, Codable {
  /// The evidence shows the gain.
  case keep
  /// The evidence shows harm, or that the claim fails.
  case rollback
  /// Not decided yet; look again.
  case `continue`
  /// The time is up and the evidence decided nothing: goes back.
  case inconclusive
  /// There is nothing to judge by (missing, incomplete or unsound): holds, then goes back.
  case noEvidence
}

/// A verdict with the numbers that it rests on, per hour in the claim's objective.
public struct Judgement: Hashable, Sendable, Codable {
  public var verdict: Verdict
  /// Why, in words for a person.
  public var reason: String
  /// Weighted mean gain over the windows, or mean difference over the pairs; 0 where there are none.
  public var estimate: Double
  /// Confidence sequence around it, valid at every look at level 1 − alphaGain (each bound for pairs, both together for windows); infinite
  /// bounds are reported as ±1e300.
  public var lower: Double
  public var upper: Double
  /// Natural logarithms of the e-values: against "no gain", against "no harm", against "the claim's share is reached".
  public var gainLogE: Double
  public var harmLogE: Double
  public var shortfallLogE: Double
  /// Windows, or switchback pairs, that it rests on.
  public var windows: Int
  /// The windows' lag-1 autocorrelation, for people; 0 for pairs. (Up to 2026-11 the value by which the windows' spread was inflated.)
  public var autocorrelation: Double
  /// What was judged, so that anybody can judge it again; absent where there was none, in facts of earlier versions, and in the state.
  public var evidence: Evidence?
  public init(
    verdict: Verdict, reason: String, estimate: Double, lower: Double, upper: Double, gainLogE: Double, harmLogE: Double,
    shortfallLogE: Double, windows: Int, autocorrelation: Double, evidence: Evidence? = nil
  ) {
    (self.verdict, self.reason, self.estimate, self.lower, self.upper) = (verdict, reason, estimate, lower, upper)
    (self.gainLogE, self.harmLogE, self.shortfallLogE) = (gainLogE, harmLogE, shortfallLogE)
    (self.windows, self.autocorrelation, self.evidence) = (windows, autocorrelation, evidence)
  }

  /// There is nothing to judge by.
  static func nothing(_ reason: String) -> Judgement {
    Judgement(
      verdict: .noEvidence, reason: reason, estimate: 0, lower: -unbounded, upper: unbounded, gainLogE: 0, harmLogE: 0, shortfallLogE: 0,
      windows: 0, autocorrelation: 0)
  }

  /// Stands for infinity, which JSON has no word for.
  static let unbounded = 1e300
}

/// A claim beside what came of it: one line of a loop's track record.
public struct ScoredClaim: Hashable, Sendable, Codable {
  public var change: ChangeID
  public var at: Instant
  /// The claimed interval at the share of the move that was in force.
  public var claimed: ClaimInterval
  /// The realised gain: the judge's estimate and bounds.
  public var realised: ClaimInterval
  public var verdict: Verdict
  public init(change: ChangeID, at: Instant, claimed: ClaimInterval, realised: ClaimInterval, verdict: Verdict) {
    (self.change, self.at, self.claimed, self.realised, self.verdict) = (change, at, claimed, realised, verdict)
  }
  /// Whether the estimate of what happened lies inside what was claimed.
  public var covered: Bool { claimed.lower <= realised.expected && realised.expected <= claimed.upper }
  /// Kept, and inside or above what was claimed.
  public var clean: Bool { verdict == .keep && realised.expected >= claimed.lower }
}

/// How a change ended.
public struct Outcome: Hashable, Sendable, Codable {
  public enum End: String, Hashable, Sendable, Codable { case settled, rolledBack, rejected, expired, revoked }
  public var change: ChangeID
  public var loop: String
  public var end: End
  public var at: Instant
  /// Absent where nothing was ever in force.
  public var score: ScoredClaim?
  public init(change: ChangeID, loop: String, end: End, at: Instant, score: ScoredClaim?) {
    (self.change, self.loop, self.end, self.at, self.score) = (change, loop, end, at, score)
  }
}
