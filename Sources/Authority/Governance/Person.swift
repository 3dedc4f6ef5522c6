/// What a person may do, by the roles of IEC 62443-3-3 SR 2.1. Denied unless the matrix in `may(_:)` allows it.
public enum Role: String, Hashable, Sendable, Codable, CaseIterable {
  case viewer, `operator`, engineer, approver, safety, auditor

  /// Whether the role may give the command. Takeover and halt are open to everybody: an emergency action is never hindered (SR 1.1).
  public func may(_ command: OperatorCommand) -> Bool {
    switch command {
    case .takeOver, .halt: true
    case .acknowledge: self != .viewer && self != .auditor
    case .reject, .rollback: [.operator, .engineer, .approver, .safety].contains(self)
    case .approve: [.engineer, .approver].contains(self)
    case .rearm, .resume: [.engineer, .approver, .safety].contains(self)
    case .promote: [.engineer, .approver].contains(self)
    case .demote: [.operator, .engineer, .approver, .safety].contains(self)
    }
  }
}

/// Who gives a command.
public struct Person: Hashable, Sendable, Codable {
  public var name: String
  public var role: Role
  public init(name: String, role: Role) { (self.name, self.role) = (name, role) }

  /// Whoever stands at the local panel, not signed in: may take over and halt, nothing else.
  public static let localPanel = Person(name: "local panel", role: .viewer)
}

/// What a person may ask of the governor.
public enum OperatorCommand: Hashable, Sendable, Codable {
  /// `binding` is the hash that the person was shown (`ChangeRecord.binding`); a stale one is refused, nil accepts what stands now.
  case approve(ChangeID, binding: String?)
  case reject(ChangeID)
  case rollback(ChangeID)
  /// The person has the plant: no write until `rearm`.
  case takeOver
  /// After a takeover: the governor may write again.
  case rearm
  /// No write, and every loop stops, until `resume`.
  case halt
  case resume
  /// Seen: a notice about this change needs no more attention.
  case acknowledge(ChangeID)
  /// One level up, if the loop's track record carries it.
  case promote(loop: String)
  /// One level down.
  case demote(loop: String)
}
