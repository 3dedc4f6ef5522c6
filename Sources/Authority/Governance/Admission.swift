public import Quantities

/// What the envelope makes of a proposal before anybody proves it.
public enum Admission: Hashable, Sendable {
  /// Every target is admissible as it is.
  case asProposed
  /// Nearest admissible targets stand in place of the loop's own, and these were changed; to be recorded, so that nobody takes them for the loop's.
  case projected(ProposalDraft, [FilteredMove])
  case refused(Refusal)
}

extension EnvelopeCheck {
  /// Looks at a proposal's targets together: limits, drift from what a person approved, and coupled limits.
  ///
  /// - Parameters:
  ///   - draft: in the tags' own units (`inOwnUnits`).
  ///   - projects: whether the loop's file allows that its targets are moved.
  ///   - present: where every tag stands that a coupled limit names, the moved ones included.
  ///   - baseline: what a person last approved, by tag.
  public func admission(
    of draft: ProposalDraft, projects: Bool, present: [String: Double], baseline: [String: Double], at now: Instant,
    filter: SafetyFilter = SafetyFilter()
  ) -> Admission {
    let tags = draft.moves.map(\.tag)
    guard Set(tags).count == tags.count else { return .refused(Refusal(.tagNotAllowed, "a tag stands twice")) }
    let set: AdmissibleSet
    switch admissibleSet(moving: tags, from: present, scope: .change, at: now, baseline: baseline) {
    case .success(let found): set = found
    case .failure(let found): return .refused(found.refusal)
    }
    let wanted = Dictionary(draft.moves.map { ($0.tag, $0.to) }, uniquingKeysWith: { a, _ in a })
    guard let fault = set.faults(of: set.tags.map { wanted[$0] ?? .nan }).first else { return .asProposed }
    guard projects else { return .refused(Refusal(reason(of: fault, in: set), "the target breaks \(fault)")) }
    switch filter.outcome(of: wanted, in: set) {
    case .unchanged: return .asProposed
    case .hold(let words): return .refused(Refusal(.noAdmissiblePoint, words))
    case .projected(let moves): return .projected(draft.projected(moves), moves)
    }
  }

  private func reason(of fault: String, in set: AdmissibleSet) -> Refusal.Reason {
    if set.rows.contains(where: { $0.key == fault }) { return .coupledLimit }
    return fault.hasPrefix("max_drift") ? .driftExceeded : .outsideLimits
  }
}
