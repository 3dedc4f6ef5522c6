public import PlantModel

/// How much a change asks of the people who answer for it.
public enum ChangeClass: String, Hashable, Sendable, Codable {
  case ordinary
  /// Moves a tag by more than a share of its range.
  case wide

  /// The class of a proposal under an envelope.
  public init(of proposal: Proposal, check: EnvelopeCheck, spec: ApprovalSpec) {
    let isWide = proposal.moves.contains { move in
      guard let limit = check.limit(move.tag) else { return true }
      return abs(move.to - move.from) > spec.wideShare * (limit.high - limit.low)
    }
    self = isWide ? .wide : .ordinary
  }

  /// Different people that it needs.
  public func quorum(_ spec: ApprovalSpec) -> Int {
    switch self {
    case .ordinary: spec.ordinary
    case .wide: max(spec.ordinary, spec.wide)
    }
  }
}
