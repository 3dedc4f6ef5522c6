public import Learning
public import PlantModel

extension Role {
  /// Whether the role may give the command: denied unless the matrix here allows it.
  ///
  /// Takeover and halt are open to everybody: an emergency action is never hindered (IEC 62443-3-3 SR 1.1).
  public func may(_ command: OperatorCommand) -> Bool {
    switch command {
    case .takeOver, .halt: true
    case .acknowledge: self != .viewer && self != .auditor
    case .reject, .rollback: [.operator, .engineer, .approver, .safety].contains(self)
    case .approve: [.engineer, .approver].contains(self)
    case .rearm, .resume: [.engineer, .approver, .safety].contains(self)
    case .promote: [.engineer, .approver].contains(self)
    case .demote: [.operator, .engineer, .approver, .safety].contains(self)
    case .signPlan: [.engineer, .approver, .safety].contains(self)
    case .withdrawPlan: [.operator, .engineer, .approver, .safety].contains(self)
    case .acceptEnvelope: self == .safety
    case .propose: [.operator, .engineer, .approver].contains(self)
    case .settleDrift: self == .engineer
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
  case approve(ChangeID, binding: String?, signature: Signature? = nil)
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
  /// One level up, if the loop's track record carries it and enough people say so.
  case promote(loop: String)
  /// One level down.
  case demote(loop: String)
  /// Signs the change plan of this name as it stands: inside it its loop acts by itself once enough people have signed.
  case signPlan(name: String, binding: String?, signature: Signature? = nil)
  /// The plan no longer holds.
  case withdrawPlan(name: String)
  /// The safety role accepts an envelope that is wider than the last one; `binding` is its hash.
  case acceptEnvelope(binding: String, signature: Signature? = nil)
  /// Proposes a change by hand: from here on it goes the way of a loop's, and another person has to approve it.
  case propose(HandProposal, signature: Signature? = nil)
  /// Ends the twin's quarantine: what it is now is the new reference, or the cause is gone and the old one holds.
  case settleDrift(PlantReference.Decision, because: String)

  /// It shuts the gateway: that holds at once, before it is recorded.
  public var isStop: Bool {
    switch self {
    case .takeOver, .halt: true
    default: false
    }
  }
}
