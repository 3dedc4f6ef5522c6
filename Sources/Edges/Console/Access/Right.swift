/// What may be done at the console, and who may do it: the one table of access. What does not stand in it is refused.
public enum Right: String, Sendable, Hashable, Codable, CaseIterable {
  /// Read every page, the history and the ledger.
  case see
  case approve, reject, rollback
  case takeOver, rearm
  case halt, resume
  case killLoop, resumeLoop, promoteLoop
  case signPlan, withdrawPlan, acceptEnvelope
  /// Ask for a change of set-points; another person approves it.
  case propose
  /// End the twin's quarantine after a drift from its reference.
  case settleDrift

  /// The roles that carry this right.
  ///
  /// Whoever runs the line can always stop or undo; giving control back to loops needs an engineer, lifting a halt the safety role or an
  /// engineer; more authority for a loop needs somebody who answers for changes.
  public var holders: Set<Role> {
    switch self {
    case .see: [.viewer, .operator, .engineer, .approver, .safety, .auditor]
    case .approve: [.approver]
    case .reject: [.approver, .engineer]
    case .rollback: [.operator, .engineer, .approver, .safety]
    case .takeOver: [.operator, .engineer, .approver, .safety]
    case .rearm: [.engineer]
    case .halt: [.operator, .engineer, .approver, .safety]
    case .resume: [.engineer, .safety]
    case .killLoop: [.operator, .engineer, .safety]
    case .resumeLoop: [.engineer]
    case .promoteLoop: [.approver]
    case .signPlan: [.engineer, .approver, .safety]
    case .withdrawPlan: [.operator, .engineer, .approver, .safety]
    case .acceptEnvelope: [.safety]
    case .propose: [.operator, .engineer, .approver]
    case .settleDrift: [.engineer]
    }
  }

  /// True for what anybody standing at the local panel may do without signing in: look, take over, halt.
  public var openAtPanel: Bool { self == .see || self == .takeOver || self == .halt }
}

extension Person {
  /// Whether the table lets this person do it.
  public func may(_ right: Right) -> Bool {
    (isLocal && right.openAtPanel) || roles.contains(where: right.holders.contains)
  }
}

extension ConsoleCommand {
  /// The right that it needs.
  public var right: Right {
    switch self {
    case .approve: .approve
    case .reject: .reject
    case .rollback: .rollback
    case .takeOver: .takeOver
    case .rearm: .rearm
    case .halt: .halt
    case .resume: .resume
    case .killLoop: .killLoop
    case .resumeLoop: .resumeLoop
    case .promoteLoop: .promoteLoop
    case .signPlan: .signPlan
    case .withdrawPlan: .withdrawPlan
    case .acceptEnvelope: .acceptEnvelope
    case .propose: .propose
    case .acceptDrift, .mendDrift: .settleDrift
    }
  }
}
