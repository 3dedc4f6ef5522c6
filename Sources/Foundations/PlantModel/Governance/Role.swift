/// What a person is trusted with, by the roles of IEC 62443-3-3 SR 2.1. What each may do stands in `Governance`.
public enum Role: String, Hashable, Sendable, Codable, CaseIterable {
  case viewer, `operator`, engineer, approver, safety, auditor
}
