public import PlantModel
internal import Quantities

extension GovernancePlan {
  /// What stands for the loop's name in a proposal that a person made.
  public static let byHand = "by hand"

  /// How a proposal is rolled out and judged: its loop's file; for a person's, the loop whose set-points it moves lends its own.
  ///
  /// A person's change so goes out as carefully as a loop's on the same machines, for the same objective, unless the person asks for smaller
  /// first steps. Where no loop moves these set-points, the plant's first loop lends; where there is none, `standardRollout` holds.
  public func loop(of proposal: Proposal) -> LoopSpec? {
    guard proposal.proposer != nil else { return loop(proposal.loop) }
    var spec = byHand(moving: proposal.moves.map(\.tag))
    if let steps = proposal.steps { spec.rollout.steps = steps }
    return spec
  }

  /// What stands for the loop's file where a person moves these tags.
  public func byHand(moving tags: [String]) -> LoopSpec {
    let lender = loops.first { Set($0.moves).isSuperset(of: tags) } ?? loops.first { !Set($0.moves).isDisjoint(with: tags) } ?? loops.first
    return LoopSpec(
      name: Self.byHand, program: "", arguments: [], moves: envelope.limits.map(\.tag), objective: lender?.objective ?? .goodPartsPerHour,
      cadence: .zero, deadline: .zero, authority: .supervised, rollout: lender?.rollout ?? Self.standardRollout)
  }

  /// Of a plant without loops.
  public static let standardRollout = RolloutSpec(
    shadow: .minutes(5), steps: [0.5, 1], dwell: .minutes(30), timeout: .hours(4), keepShare: 0.5, alphaGain: 0.05, alphaHarm: 0.1)
}
