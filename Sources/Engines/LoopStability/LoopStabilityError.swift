/// Why a question about stability has no answer. Retrying with the same numbers cannot help.
public enum LoopStabilityError: Error, Hashable, Sendable {
  /// The arguments, each fault named.
  case invalid([String])
  /// A matrix that must be inverted, or must have positive eigenvalues, is not so.
  case degenerate(what: String)
}
