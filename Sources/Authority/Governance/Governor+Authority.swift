public import PlantModel
public import Quantities
internal import SequentialTesting

/// How a loop's authority moves: up by people and its record together, down by itself.
extension Governor {
  /// Takes one person's word for a loop's next level. Nil when taken, else why not.
  func promote(_ loop: String, by person: Person, _ turn: inout Turn) -> String? {
    guard let record = state.loop(loop) else { return "no such loop" }
    guard let higher = Authority(rawValue: record.authority.rawValue + 1) else { return "it is at the top" }
    guard higher <= plan.ceiling(of: loop) else { return "the envelope's ceiling is \(plan.ceiling(of: loop))" }
    guard plan.loop(loop)?.owner != person.name else { return "\(person.name) answers for the loop; another must promote it" }
    let step = plan.governance.promotion.step(to: higher)
    let needed = step.cleanDecisions
    guard record.cleanSinceDemotion >= needed else {
      return "\(record.cleanSinceDemotion) clean claims in a row at its level; \(needed) are needed"
    }
    let stood = record.since.map { turn.instant - $0 } ?? .zero
    guard stood >= step.dwell else { return "it has stood at its level for \(stood); \(step.dwell) are needed" }
    guard !record.endorsedBy.contains(where: { $0.name == person.name }) else { return "\(person.name) has spoken for it already" }
    turn.record(.promotionEndorsed(loop: loop, to: higher, by: person))
    if record.endorsedBy.count + 1 >= step.quorum { turn.record(.loopPromoted(loop: loop, to: higher, by: person)) }
    return nil
  }

  /// One level down, at once. Nothing below shadow.
  func demote(_ loop: String, _ reason: String, _ turn: inout Turn) {
    guard let record = state.loop(loop), let lower = Authority(rawValue: record.authority.rawValue - 1) else { return }
    turn.record(.loopDemoted(loop: loop, to: lower, reason: reason, by: nil, change: nil))
  }

  func countFault(of loop: String, _ turn: inout Turn) {
    guard let record = state.loop(loop), record.faultsSinceDemotion + 1 >= plan.rules.faultsBeforeDemotion else { return }
    demote(loop, "\(record.faultsSinceDemotion + 1) crashes or missed deadlines", &turn)
  }

  /// What the envelope and the loop's certificate leave of its authority.
  public func authority(of loop: String, at now: Instant) -> Authority {
    if plan.asksForCertificates, !certificate(of: loop, at: now).isLive { return .shadow }
    return min(state.loop(loop)?.authority ?? .shadow, plan.ceiling(of: loop))
  }

  /// What may be done with a proposal: its loop's authority; a person's is carried out once others have approved it, where the envelope lets
  /// anything be written at all.
  func authority(over proposal: Proposal, at now: Instant) -> Authority {
    guard proposal.proposer != nil else { return authority(of: proposal.loop, at: now) }
    return min(.supervised, plan.envelope.authorityCeiling(of: proposal.moves.map(\.tag)))
  }
}

extension PromotionSpec.Step {
  /// How many clean scored decisions in a row show, with 95 % confidence, that failure is rarer than `failureProbability`; 0 where none is
  /// asked for.
  public var cleanDecisions: Int { failureProbability.map { FailureCount.trials(toShowBelow: $0, confidence: 0.95) } ?? 0 }
}
