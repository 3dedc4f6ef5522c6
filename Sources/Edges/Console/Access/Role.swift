/// What a signed-in person may be for. A person may have several roles; each right names the roles that carry it.
public enum Role: String, Sendable, Hashable, Codable, CaseIterable {
  /// Sees everything, moves nothing.
  case viewer
  /// Runs the line: takes over, halts, undoes.
  case `operator`
  /// Runs the loops: starts and stops them, re-arms after a takeover.
  case engineer
  /// Answers for changes: approves, rejects, promotes.
  case approver
  /// Owns the envelope: halts, and resumes after a halt.
  case safety
  /// Reads the records, moves nothing.
  case auditor
}
