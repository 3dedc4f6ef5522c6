/// What can go wrong with evidence before it can be judged. A check that fails is no error but an answer (`BundleCheck`).
public enum AttestationError: Error, Sendable, Hashable {
  /// Retrying cannot help.
  case badKey(String)
  /// A file of the bundle is missing or not what its name says; retrying cannot help.
  case unreadable(String)
  /// The ledger has no such change.
  case noSuchChange(String)
}
