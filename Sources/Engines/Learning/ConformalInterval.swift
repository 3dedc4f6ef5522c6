import Determinism

/// An interval about predictions that holds with a stated probability whatever the errors' law: split conformal, over the newest errors.
///
/// With n exchangeable past errors |e|, the next lies below their ⌈(n + 1)(1 − α)⌉-th smallest with probability at least 1 − α.
///
/// - Source: V. Vovk, A. Gammerman, G. Shafer 2005, doi:10.1007/b106715.
public struct ConformalInterval: Sendable, Hashable, Codable {
  public let alpha: Double
  public let capacity: Int
  /// Oldest first.
  public private(set) var errors: [Double] = []

  public init(alpha: Double = 0.1, capacity: Int = 500) {
    precondition(alpha > 0 && alpha < 1 && capacity > 0, "level \(alpha), \(capacity) errors")
    (self.alpha, self.capacity) = (alpha, capacity)
  }

  /// Takes the size of an observed error in.
  public mutating func observe(error: Double) {
    guard error.isFinite else { return }
    errors.append(abs(error))
    if errors.count > capacity { errors.removeFirst(errors.count - capacity) }
  }

  /// Half the interval's width; infinite until 1/α − 1 errors are known.
  public var halfWidth: Double {
    // The product of whole and decimal numbers may miss an integer by rounding.
    let rank = Int(((Double(errors.count) + 1) * (1 - alpha) - 1e-9).rounded(.up))
    guard rank <= errors.count else { return .infinity }
    return errors.sorted()[max(rank, 1) - 1]
  }
}
