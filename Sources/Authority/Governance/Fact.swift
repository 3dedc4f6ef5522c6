public import Learning
public import PlantModel
public import Quantities

/// One entry of the governor's story, in the past tense. `GovernorState` is a fold over facts and nothing else.
///
/// A fact is never edited; a changed meaning is a new case with a new name. Its JSON stands in `Fact+JSON.swift`.
public struct Fact: Hashable, Sendable {
  /// Plant time at which it was decided or seen.
  public var at: Instant
  public var what: What
  public init(at: Instant, _ what: What) { (self.at, self.what) = (at, what) }

  /// What happened. Every payload is labelled: the labels are the JSON keys.
  public enum What: Hashable, Sendable, Codable {
    // The plant and its keepers
    case gatewayOpened(epoch: UInt64)
    /// `envelope` is the SHA-256 of the limits in force, lower-case hex; `limits` they themselves, by which the next ones are measured.
    case revisionAdopted(revision: String, envelope: String, limits: EnvelopeSpec?)
    case twinStatusChanged(status: TwinStatus)
    /// What the plant was at commissioning, and how far it has come since, as of the newest sample: a start goes on from here.
    case referenceKept(reference: PlantReference)
    /// A person's decision on what has left its reference.
    case driftSettled(decision: PlantReference.Decision, by: Person, because: String)
    case takenOver(by: Person)
    case rearmed(by: Person)
    case halted(by: Person)
    case resumed(by: Person)
    case commandRefused(by: Person, command: OperatorCommand, reason: String)
    /// `plan` is the SHA-256 of its content.
    case planSigned(name: String, plan: String, by: Person, signature: Signature?)
    case planWithdrawn(name: String, by: Person)
    /// A wider envelope is accepted by the safety role; in force once enough have.
    case envelopeAccepted(envelope: String, by: Person, signature: Signature?)

    // Loops
    case loopRegistered(loop: String, authority: Authority)
    case loopStarted(loop: String)
    case loopCrashed(loop: String, reason: String)
    case loopMissedDeadline(loop: String)
    /// One of the people that a promotion takes; the last of them is named by `loopPromoted`.
    case promotionEndorsed(loop: String, to: Authority, by: Person)
    case loopPromoted(loop: String, to: Authority, by: Person)
    /// `by` is absent where the governor did it; `change` is the one that cost the level, if one did.
    case loopDemoted(loop: String, to: Authority, reason: String, by: Person?, change: ChangeID?)
    case claimScored(loop: String, score: ScoredClaim)
    /// The loop's feedback was shown to shrink errors: it may close, as far as its authority goes.
    case certificateIssued(certificate: LoopCertificate)
    /// It could not be shown: the loop is in shadow.
    case certificateRefused(loop: String, reason: String)
    /// An alarm of the running loop, or the end of its time, ended the certificate of this hash; after an alarm none counts before `barredUntil`.
    case certificateVoided(loop: String, certificate: String, reason: String, barredUntil: Instant?)

    // A change, before it is written
    /// Not even taken up: it has no id.
    case proposalRefused(loop: String, refusal: Refusal)
    case changeProposed(proposal: Proposal)
    /// The safety filter took its targets to the nearest admissible point.
    case proposalProjected(change: ChangeID, moves: [FilteredMove])
    case changeProven(proof: Proof)
    case envelopeChecked(change: ChangeID, binding: String)
    case approvalAsked(change: ChangeID)
    case changeApproved(change: ChangeID, by: Person, binding: String, signature: Signature?)
    /// The way back was walked through by the envelope's rules, from every stage: the longest takes so long.
    case rollbackProven(change: ChangeID, within: Duration)
    case changeArmed(change: ChangeID, lastKnownGood: [String: Double])
    case shadowStarted(change: ChangeID)
    case changeRejected(change: ChangeID, refusal: Refusal)
    case changeExpired(change: ChangeID)
    case changeRevoked(change: ChangeID, reason: RevokeReason)
    case changeAcknowledged(change: ChangeID, by: Person)
    /// It was a decoy, and this person saw that it was bad, or did not.
    case decoyAnswered(change: ChangeID, caught: Bool, by: Person)

    // A change, on the plant
    case stageStarted(change: ChangeID, step: Int, share: Double, full: Bool)
    case stageReached(change: ChangeID, step: Int)
    /// Pairs: every tag stands at the arm of this period, from 0, before its dwell begins. `carrying` names the stations that carry the move, where
    /// like machines are interleaved.
    case armReached(change: ChangeID, step: Int, period: Int, carrying: [String]?)
    case stageJudged(change: ChangeID, step: Int, judgement: Judgement)
    case changeHeld(change: ChangeID, reason: HoldReason, detail: String, until: Instant)
    case changeReleased(change: ChangeID)
    case changeSettled(change: ChangeID, setpoints: [String: Double])
    case probationEnded(change: ChangeID)
    case rollbackStarted(change: ChangeID, reason: RollbackReason, detail: String)
    case changeRestored(change: ChangeID)
    case changeQuarantined(change: ChangeID, until: Instant)

    // Writes
    /// Durable before the write leaves.
    case writeIntended(intent: WriteIntent)
    case writeRefused(token: WriteToken, refusal: WriteRefusal)
    case writeConfirmed(token: WriteToken, readBack: Double)
    case writeFailed(token: WriteToken, failure: WriteFailure)
    /// The tag stands where no write of ours has put it: somebody else has it.
    case foreignMovementSeen(change: ChangeID, tag: String, value: Double)
  }

  /// The change that it belongs to, if any.
  public var change: ChangeID? {
    switch what {
    case .changeProposed(let proposal): proposal.id
    case .changeProven(let proof): proof.change
    case .claimScored(_, let score): score.change
    case .loopDemoted(_, _, _, _, let change): change
    case .writeIntended(let intent): intent.change
    case .envelopeChecked(let change, _), .approvalAsked(let change), .changeApproved(let change, _, _, _), .proposalProjected(let change, _),
      .rollbackProven(let change, _),
      .decoyAnswered(let change, _, _),
      .changeArmed(let change, _),
      .shadowStarted(let change), .changeRejected(let change, _), .changeExpired(let change), .changeRevoked(let change, _),
      .changeAcknowledged(let change, _), .stageStarted(let change, _, _, _), .stageReached(let change, _), .armReached(let change, _, _, _),
      .stageJudged(let change, _, _),
      .changeHeld(let change, _, _, _), .changeReleased(let change), .changeSettled(let change, _), .probationEnded(let change),
      .rollbackStarted(let change, _, _), .changeRestored(let change), .changeQuarantined(let change, _),
      .foreignMovementSeen(let change, _, _):
      change
    default: nil
    }
  }
}
