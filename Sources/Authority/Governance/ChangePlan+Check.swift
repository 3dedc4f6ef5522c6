public import PlantModel
public import Quantities

extension ChangePlanSpec {
  /// SHA-256 of the plan's content, lower-case hex: what signatures bind to.
  public var contentHash: String { GovernorState.digest(of: self) }

  /// Whether enough people have signed this very content, one of the safety role among them, and it has not expired.
  public func isInForce(_ record: PlanRecord?, at now: Instant) -> Bool {
    guard let record, record.name == name, record.plan == contentHash else { return false }
    let names = Set(record.signedBy.map(\.name))
    return names.count >= quorum && record.signedBy.contains { $0.role == .safety } && expires.map { now <= $0 } ?? true
  }

  /// Why a change lies outside the plan; nil inside.
  ///
  /// - Parameter today: changes of the loop in the 24 h before.
  public func objection(to proposal: Proposal, _ proof: Proof?, today: Int) -> String? {
    if proposal.loop != loop { return "the plan is for \(loop)" }
    for move in proposal.moves {
      guard let range = ranges.first(where: { $0.tag == move.tag }) else { return "\(move.tag) is not in the plan" }
      guard move.to >= range.low, move.to <= range.high else {
        return "\(move.tag) would go to \(move.to), outside the plan's \(range.low)…\(range.high)"
      }
      guard abs(move.to - move.from) <= range.maxMove * EnvelopeCheck.rounding else {
        return "\(move.tag) would move \(abs(move.to - move.from)) at once, the plan allows \(range.maxMove)"
      }
    }
    guard let proof, proof.probabilityOfGain >= leastProbability else {
      return "the proof shows a gain with probability \(proof?.probabilityOfGain ?? 0), the plan asks for \(leastProbability)"
    }
    if today >= changesPerDay { return "\(today) changes in 24 h, the plan allows \(changesPerDay)" }
    return nil
  }
}

extension Governor {
  /// Why a change of a loop that has a plan may not go by itself; nil where it may. A loop without a plan is bounded by the envelope alone.
  func objectionOfPlans(to change: ChangeRecord, at now: Instant) -> String? {
    let plans = plan.governance.plans.filter { $0.loop == change.proposal.loop }
    guard !plans.isEmpty else { return nil }
    let today = state.changes.count {
      $0.proposal.loop == change.proposal.loop && $0.id != change.id && !$0.lastKnownGood.isEmpty && now - $0.proposal.created < .hours(24)
    }
    var reason = "no plan of the loop is signed"
    for spec in plans where spec.isInForce(state.plans.first { $0.name == spec.name }, at: now) {
      guard let objection = spec.objection(to: change.proposal, change.proof, today: today) else { return nil }
      reason = "outside plan \(spec.name): \(objection)"
    }
    return reason
  }
}
