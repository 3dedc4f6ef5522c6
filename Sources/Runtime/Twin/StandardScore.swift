import Probability

enum StandardScore {
  /// The standard normal number that belongs to a probability integral transform, kept off the ends.
  static func of(_ u: Double) -> Double { Normal.quantile(min(max(u, 1e-5), 1 - 1e-5)) }
}
