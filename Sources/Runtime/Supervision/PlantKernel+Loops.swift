import Determinism
import Governance
import LineModel
import Optimization
import PlantModel
import Quantities
import Twin

extension PlantKernel {
  /// What a loop is shown; nil while a proposal could lead to nothing: the twin is not valid, a person has the plant, or a change is open.
  func observation(for loop: LoopSpec, request: Int, at now: Instant) -> LoopObservation? {
    guard twinStatus.valid, governor.state.mode.isAutomatic, governor.state.openChange == nil else { return nil }
    return LoopObservation(
      request: request, now: now, setpoints: twin.setpoints, calibration: twin.calibration.id, draws: twin.calibration.draws,
      openShare: twin.openShare, takenBack: takenBack(at: now), seed: seed &+ UInt64(request), modifiers: twin.scrapModifiers)
  }

  /// What the optimiser looks at when it proves somebody's proposal: the same twin, other random numbers.
  func proofInputs(for proposal: Proposal, at now: Instant) -> ProofInputs {
    ProofInputs(
      status: twinStatus, setpoints: twin.setpoints, draws: twin.correctedDraws, openShare: twin.openShare,
      seed: ~seed &+ UInt64(proposal.created.nanoseconds.magnitude), dataUntil: now)
  }

  /// A loop's answer as the governor takes it.
  func draft(_ proposal: LoopProposal, of loop: LoopSpec, at now: Instant) -> ProposalDraft {
    let present = twin.setpoints
    return ProposalDraft(
      loop: loop.name,
      moves: proposal.moves.keys.sorted().map { Move(tag: $0, from: present[$0] ?? .nan, to: proposal.moves[$0]!, unit: proposal.units?[$0]) },
      claim: Claim(
        objective: loop.objective, goodPerHour: ClaimInterval(proposal.gain.good), valuePerHour: ClaimInterval(proposal.gain.value),
        confidence: 0.9, horizon: proposal.horizon),
      rationale: proposal.reason, revision: folder.revision, calibration: twinStatus.calibration, expires: now + loop.rollout.timeout)
  }

  /// Moves that went back and are still quarantined, as changes by tag.
  private func takenBack(at now: Instant) -> [Setpoints] {
    governor.state.changes.compactMap { change in
      guard case .quarantined(_, let until) = change.status, until > now else { return nil }
      return Dictionary(uniqueKeysWithValues: change.proposal.moves.map { ($0.tag, $0.to - $0.from) })
    }
  }
}

extension ClaimInterval {
  init(_ gain: GainInterval) { self.init(lower: gain.lower, expected: gain.expected, upper: gain.upper) }
}
