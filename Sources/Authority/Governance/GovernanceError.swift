/// What can go wrong here. Refusals are values, not errors.
public enum GovernanceError: Error, Hashable {
  /// Bytes that are no fact of this or an earlier version. A retry cannot help.
  case unreadableFact(String)
}
