internal import Determinism

/// Notices that outputs answer moves with the wrong sign: a cumulative sum of log-likelihood ratios of ξ = −ξ₀ against ξ = +ξ₀.
///
///     S ← max(0, S − 2·ξ₀·x·Δy/σ²),  x = b·Δu the expected answer, Δy the observed one, σ its deviation
///
/// A wrong answer larger than 2|x| + σ is a disturbance that came with the move, and counts as that much only. ξ₀ is the lower end of the
/// certified range. Each term's exponential has mean at most 1 for every ξ ≥ ξ₀, so a healthy loop is accused at most once in 1/level moves on
/// average. One move whose expected answer is three deviations large is enough to accuse at a level of 10⁻³ when ξ₀ = 0.4.
///
/// - Source: G. Lorden 1971, doi:10.1214/aoms/1177693055.
public struct SignMonitor: Hashable, Sendable {
  /// ξ₀.
  public let leastRatio: Double
  /// 1/level is the least mean number of moves to a false accusation.
  public let level: Double
  /// S, a log-likelihood ratio.
  public private(set) var evidence = 0.0

  /// - Precondition: ξ₀ > 0, 0 < level < 1.
  public init(leastRatio: Double, level: Double = 1e-3) {
    precondition(leastRatio > 0 && level > 0 && level < 1, "a sign is tested against a positive gain at a level inside (0, 1)")
    (self.leastRatio, self.level) = (leastRatio, level)
  }

  /// Takes a move's answer in; true once the sign has flipped.
  ///
  /// - Parameters:
  ///   - expected: b·Δu, what the model says the output does.
  ///   - observed: what it did.
  ///   - deviation: of the observed change's error, > 0.
  public mutating func take(expected: Double, observed: Double, deviation: Double) -> Bool {
    precondition(deviation > 0, "a deviation of \(deviation)")
    guard expected.isFinite, observed.isFinite else { return hasFlipped }
    let answer = max(expected < 0 ? -observed : observed, -2 * abs(expected) - deviation)
    evidence = max(0, evidence - 2 * leastRatio * abs(expected) * answer / (deviation * deviation))
    return hasFlipped
  }

  /// S has reached log(1/level).
  public var hasFlipped: Bool { evidence >= -Portable.log(level) }
}
