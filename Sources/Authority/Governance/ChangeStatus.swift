public import Quantities

/// Where a change stands. Each case holds what belongs to it alone.
///
/// proposed → twinValidated → envelopeChecked → (awaitingApproval) → armed → shadow → canary… → full → settled;
/// exits: rejected, expired, revoked; hold and back; rollingBack → restored → quarantined.
public enum ChangeStatus: Hashable, Sendable, Codable {
  case proposed
  /// Proven on the twin.
  case twinValidated
  /// Inside every limit, and the way back too.
  case envelopeChecked
  case awaitingApproval(since: Instant)
  case armed(since: Instant)
  /// Watched without a write.
  case shadow(since: Instant)
  /// A part of the move is going out or in force.
  case canary(Stage)
  /// All of the move is going out or in force.
  case full(Stage)
  /// Kept: its set-points are the last known good.
  case settled(at: Instant)
  case rejected(Refusal)
  case expired(at: Instant)
  case revoked(RevokeReason)
  /// Nothing moves until the cause is gone, or `until` has come.
  case hold(Hold)
  /// The last known good is being written back.
  case rollingBack(Rollback)
  /// The last known good is in force again.
  case restored(Rollback)
  /// Restored, scored, and not to be proposed again before `until`.
  case quarantined(Rollback, until: Instant)

  /// A step of the rollout.
  public struct Stage: Hashable, Sendable, Codable {
    /// From 0.
    public var step: Int
    /// Share of the move, 0…1.
    public var share: Double
    public var started: Instant
    /// When every tag had read back its target; nil while the writes go out. Dwell and evidence count from here.
    public var reached: Instant?
    /// Of a stage that is run by switchback pairs: the periods, from 0, whose arm stood at its set-points before its dwell began.
    public var periodsKept: [Int]?
    public init(step: Int, share: Double, started: Instant, reached: Instant?) {
      (self.step, self.share, self.started, self.reached) = (step, share, started, reached)
    }
  }

  public struct Hold: Hashable, Sendable, Codable {
    public var reason: HoldReason
    public var detail: String
    public var since: Instant
    /// Then it goes back (or is revoked, if nothing was written).
    public var until: Instant
    /// The stage to return to; nil returns to shadow.
    public var stage: Stage?
    public init(reason: HoldReason, detail: String, since: Instant, until: Instant, stage: Stage?) {
      (self.reason, self.detail, self.since, self.until, self.stage) = (reason, detail, since, until, stage)
    }
  }

  public struct Rollback: Hashable, Sendable, Codable {
    public var reason: RollbackReason
    public var detail: String
    public var since: Instant
    public init(reason: RollbackReason, detail: String, since: Instant) { (self.reason, self.detail, self.since) = (reason, detail, since) }
  }

  /// Neither settled nor out: it occupies the line, and no other change may start.
  public var isOpen: Bool {
    switch self {
    case .settled, .rejected, .expired, .revoked, .quarantined: false
    default: true
    }
  }

  /// Something of it has been written, or may have been.
  public var isWritten: Bool {
    switch self {
    case .canary, .full, .settled, .rollingBack: true
    case .hold(let hold): hold.stage != nil
    default: false
    }
  }

  /// One word (two where need be) for a screen.
  public var word: String {
    switch self {
    case .proposed: "proposed"
    case .twinValidated: "twin-validated"
    case .envelopeChecked: "envelope-checked"
    case .awaitingApproval: "awaiting approval"
    case .armed: "armed"
    case .shadow: "shadow"
    case .canary(let stage): "canary \(stage.step + 1)"
    case .full: "full"
    case .settled: "settled"
    case .rejected: "rejected"
    case .expired: "expired"
    case .revoked: "revoked"
    case .hold: "hold"
    case .rollingBack: "rolling back"
    case .restored: "restored"
    case .quarantined: "quarantined"
    }
  }
}

/// Why a proposal did not become a change.
public struct Refusal: Hashable, Sendable, Codable {
  public enum Reason: String, Hashable, Sendable, Codable {
    case unknownLoop, notFinite, claimNotPositive, nothingToMove, tagNotAllowed, noLimit, outsideLimits, tooSlow
    case notAutomatic, anotherChangeOpen, wrongRevision, twinInvalid, quarantined, setpointMoved, staleReading
    case noProof, weakProof, envelopeNotClean, rollbackInadmissible, shadowOnly, byPerson
    case wrongUnit, implausible, coupledLimit, driftExceeded, tooManyChanges, noAdmissiblePoint
    /// It was a decoy, to see whether people look before they approve.
    case decoy
    /// The envelope in the folder is wider than the one in force, and the safety role has not accepted it; retry after.
    case envelopeNotAccepted
    /// No loop closes without a certificate.
    case uncertified
    /// What a tag starts cannot be taken back: it is never staged.
    case irreversible
  }
  public var reason: Reason
  public var detail: String
  public init(_ reason: Reason, _ detail: String) { (self.reason, self.detail) = (reason, detail) }

  /// The loop did what it was told not to do; costs it a level of authority.
  public var isMisbehaviour: Bool {
    switch reason {
    case .notFinite, .tagNotAllowed, .noLimit, .outsideLimits, .wrongUnit, .implausible, .irreversible: true
    default: false
    }
  }
}

public enum RevokeReason: String, Hashable, Sendable, Codable {
  case revisionChanged, loopRemoved, takenOver, halted, twinInvalid, setpointMoved, superseded, holdTimedOut
}

/// Evidence against the plant, the sensors or the twin: nothing moves while it lasts.
public enum HoldReason: String, Hashable, Sendable, Codable {
  case twinInvalid, badReadings, foreignMovement, noEvidence, writeRefused, takenOver, halted, recovering
}

/// Evidence against the change, or a hold that did not end.
public enum RollbackReason: String, Hashable, Sendable, Codable {
  case harm, claimFailed, inconclusive, noEvidence, stageTimedOut, writeFailed, holdTimedOut, tooManyHolds
  case byPerson, takenOver, halted, revisionChanged, foreignMovement
  /// Takt stopped in the middle of a write.
  case interrupted
  /// A settled change, harmful within its claim's horizon.
  case harmOnProbation

  /// Whether it costs the loop a level of authority at once. An undecided change costs one only after several in a row;
  /// what a person or the plant's design did costs nothing.
  public var demotes: Bool {
    switch self {
    case .harm, .claimFailed, .writeFailed, .holdTimedOut, .tooManyHolds, .harmOnProbation, .byPerson: true
    case .inconclusive, .noEvidence, .stageTimedOut, .takenOver, .halted, .revisionChanged, .foreignMovement, .interrupted: false
    }
  }

  /// Whether the same move is barred for a while: the evidence, or a person, spoke against it.
  var quarantines: Bool {
    switch self {
    case .harm, .claimFailed, .inconclusive, .noEvidence, .writeFailed, .byPerson, .harmOnProbation: true
    case .stageTimedOut, .holdTimedOut, .tooManyHolds, .takenOver, .halted, .revisionChanged, .foreignMovement, .interrupted: false
    }
  }
}
