/// Why a filter or an estimator has no answer.
public enum FilteringError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What was given makes no sense; one sentence for each fault, all of them. Retrying cannot help.
  case invalid([String])
  /// A covariance is not positive definite: `what` names it. Retrying with the same numbers cannot help; less extreme noise ratios may.
  case notPositiveDefinite(what: String)
  /// The model could not be evaluated or advanced there, in its own words. Other parameters may work.
  case model(String)
  /// An iteration did not settle in `limit` rounds. A better start may help.
  case noConvergence(limit: Int)

  public var description: String {
    switch self {
    case .invalid(let faults): "not usable: " + faults.joined(separator: "; ")
    case .notPositiveDefinite(let what): "\(what) is not positive definite"
    case .model(let words): "the model gives no answer: \(words)"
    case .noConvergence(let limit): "no convergence in \(limit) rounds"
    }
  }
}
