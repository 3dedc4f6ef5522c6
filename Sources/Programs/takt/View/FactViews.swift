import Console
import Governance
import Learning
import Ledger
import PlantModel
import Quantities

extension FactView {
  /// A ledger's entry for people; sequence numbers count from 1 there.
  init(_ entry: LedgerEntry) {
    let fact = try? Fact(decoding: entry.payload)
    self.init(
      seq: Int(entry.sequence) + 1, instant: entry.instant, kind: entry.kind, summary: fact.map(\.summary) ?? "written by a newer takt, or damaged",
      hash: "\(entry.hash)", change: fact?.change?.name)
  }
}

extension Fact {
  /// One line for people.
  var summary: String {
    switch what {
    case .gatewayOpened(let epoch): return "the gateway opened epoch \(epoch)"
    case .revisionAdopted(let revision, _, _): return "plant revision \(revision.prefix(12)) is in force"
    case .twinStatusChanged(let status): return "twin \(status.valid ? "valid" : "not valid"), score \(fixed(status.score, 2)): \(status.reason)"
    case .referenceKept(let reference):
      let standing = reference.streams.count { $0.reference.frozen != nil }
      let drifted = reference.drifted.map { "\($0.station) \($0.activity.rawValue)" }.joined(separator: ", ")
      return "reference sampled: \(standing) of \(reference.streams.count) streams stand" + (drifted.isEmpty ? "" : "; drifted: \(drifted)")
    case .driftSettled(let decision, let person, let why): return "\(person.name) ended the quarantine, \(decision.rawValue): \(why)"
    case .takenOver(let person): return "\(person.name) took the line"
    case .rearmed(let person): return "\(person.name) gave the line back"
    case .halted(let person): return "\(person.name) halted"
    case .resumed(let person): return "\(person.name) resumed"
    case .commandRefused(let person, _, let reason): return "\(person.name) was refused: \(reason)"
    case .planSigned(let name, let plan, let person, let signature):
      return "\(person.name) (\(person.role.rawValue)) signed plan \(name) \(plan.prefix(12))\(signature == nil ? "" : " with a key")"
    case .planWithdrawn(let name, let person): return "\(person.name) withdrew plan \(name)"
    case .envelopeAccepted(let envelope, let person, _): return "\(person.name) accepted the wider envelope \(envelope.prefix(12))"
    case .loopRegistered(let loop, let authority): return "\(loop) starts as \(authority)"
    case .loopStarted(let loop): return "\(loop) started"
    case .loopCrashed(let loop, let reason): return "\(loop) crashed: \(reason)"
    case .loopMissedDeadline(let loop): return "\(loop) missed its deadline"
    case .promotionEndorsed(let loop, let authority, let person): return "\(person.name) spoke for \(loop) as \(authority)"
    case .loopPromoted(let loop, let authority, let person): return "\(person.name) promoted \(loop) to \(authority)"
    case .loopDemoted(let loop, let authority, let reason, _, _): return "\(loop) demoted to \(authority): \(reason)"
    case .certificateIssued(let certificate):
      return "\(certificate.loop) is certified until \(certificate.expires.iso8601): \(fixed(certificate.worst / certificate.bound, 2)) of the bound"
    case .certificateRefused(let loop, let reason): return "\(loop) has no certificate: \(reason)"
    case .certificateVoided(let loop, _, let reason, _): return "\(loop) has lost its certificate: \(reason)"
    case .claimScored(_, let score):
      return
        "claimed \(fixed(score.claimed.expected)), realised \(fixed(score.realised.expected)) (\(fixed(score.realised.lower)) … \(fixed(score.realised.upper))) per hour"
    case .proposalRefused(let loop, let refusal): return "a proposal of \(loop) was refused: \(refusal.detail)"
    case .changeProposed(let proposal): return "\(proposal.proposer.map { "\($0.name), by hand" } ?? proposal.loop): \(proposal.rationale)"
    case .proposalProjected(_, let moves):
      return
        "brought to the nearest admissible point: \(moves.map { "\($0.tag) \(fixed($0.asked, 2)) → \(fixed($0.given, 2))" }.joined(separator: ", "))"
    case .changeProven(let proof):
      let losses = proof.losses.map { ", \($0) lost more than is tolerated" } ?? ""
      return "proven on \(proof.replications) replications, gains in \(fixed(100 * proof.probabilityOfGain, 0)) %\(losses)"
    case .envelopeChecked: return "inside the envelope"
    case .approvalAsked: return "waits for approval"
    case .changeApproved(_, let person, _, let signature): return "approved by \(person.name)\(signature == nil ? "" : ", signed")"
    case .rollbackProven(_, let span): return "the way back takes at most \(span)"
    case .changeArmed: return "armed; the last known good is noted"
    case .shadowStarted: return "watched without a write"
    case .changeRejected(_, let refusal): return "rejected: \(refusal.detail)"
    case .changeExpired: return "expired"
    case .changeRevoked(_, let reason): return "revoked: \(reason)"
    case .changeAcknowledged(_, let person): return "seen by \(person.name)"
    case .decoyAnswered(_, let caught, let person): return "a decoy: \(person.name) \(caught ? "saw" : "did not see") that it was bad"
    case .stageStarted(_, _, let share, _): return "\(fixed(100 * share, 0)) % of the move goes out"
    case .stageReached(_, let step): return "stage \(step + 1) is in force"
    case .armReached(_, _, let period, let carrying):
      let who = carrying.map { $0.isEmpty ? ", no machine carries the move" : ", \($0.joined(separator: ", ")) carries the move" } ?? ""
      return "period \(period % 2 + 1) of pair \(period / 2 + 1) stands\(who)"
    case .stageJudged(_, _, let judgement): return "judged \(judgement.verdict.rawValue): \(judgement.reason)"
    case .changeHeld(_, _, let detail, _): return "held: \(detail)"
    case .changeReleased: return "goes on"
    case .changeSettled: return "settled: its set-points are the last known good"
    case .probationEnded: return "its claim held to the end of its horizon"
    case .rollbackStarted(_, let reason, let detail): return "rolls back: \(reason.told(detail))"
    case .changeRestored: return "the last known good is in force again"
    case .changeQuarantined: return "not to be tried again for a while"
    case .writeIntended(let intent): return "\(intent.tag) \(fixed(intent.from, 2)) → \(fixed(intent.value, 2)) (\(intent.token))"
    case .writeRefused(let token, let refusal): return "\(token) refused by the gateway: \(refusal.detail)"
    case .writeConfirmed(let token, let readBack): return "\(token) read back \(fixed(readBack, 2))"
    case .writeFailed(let token, let failure): return "\(token) failed: \(failure.reason.rawValue)"
    case .foreignMovementSeen(_, let tag, let value): return "somebody moved \(tag) to \(fixed(value, 2))"
    }
  }
}
