/// Why a system has no answer. Retrying with the same numbers cannot help.
public enum LinearAlgebraError: Error, Hashable, Sendable {
  /// The leading minor of that order (from 1) is not positive.
  case notPositiveDefinite(minor: Int)
  /// The pivot of that order (from 1) is zero.
  case singular(pivot: Int)
  /// The eigenvalue iteration did not converge, or a number was not finite.
  case noConvergence
}
