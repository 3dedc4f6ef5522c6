import Governance
import PlantModel
import Quantities

/// The answers of a pretended twin: a claim that is true, or one that does harm.
extension Site {
  static let twin = TwinStatus(revision: "r1", calibration: "c1", valid: true, score: 0.9, reason: "")

  func draft() -> ProposalDraft {
    let interval = ClaimInterval(lower: 3, expected: 10, upper: 17)
    return ProposalDraft(
      loop: Self.loop, moves: [Move(tag: Self.tags[0], from: 60, to: 70), Move(tag: Self.tags[1], from: 80, to: 84)],
      claim: Claim(objective: .goodPartsPerHour, goodPerHour: interval, valuePerHour: interval, confidence: 0.9, horizon: .hours(1)),
      rationale: "the filler is the bottleneck", revision: "r1", calibration: "c1", expires: now + .hours(4))
  }

  func proof(of proposal: Proposal) -> Proof {
    Proof(
      change: proposal.id, revision: "r1", calibration: "c1", replications: 200, probabilityOfGain: 0.95, predicted: proposal.claim.judged,
      envelopeClean: true, twinValid: true, rollbackAdmissible: true, losses: 0)
  }

  /// Windows of two minutes with the given gain at the full move, and a little scatter that depends on the window alone.
  func evidence(for request: EvidenceRequest, gain: Double) -> Evidence {
    let share = request.applied[Self.tags[0]].map { ($0 - 60) / 10 } ?? 1
    var windows: [EvidenceWindow] = []
    var start = request.since
    while start + .minutes(2) <= now {
      let scatter = start.nanoseconds / 120_000_000_000 % 2 == 0 ? 0.5 : -0.5
      windows.append(
        EvidenceWindow(start: start, end: start + .minutes(2), realised: 1000 + gain * share + scatter, counterfactual: 1000, sd: 1))
      start += .minutes(2)
    }
    return Evidence(change: request.change, step: request.step, since: request.since, windows: windows, missingShare: 0, complete: true)
  }
}
