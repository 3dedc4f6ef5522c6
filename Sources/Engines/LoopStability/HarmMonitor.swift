internal import Determinism

/// Notices that a loop's judged moves are answered with the wrong sign, from what the judge of each has found: a cumulative sum of its evidence.
///
///     S ← max(0, S + log eₖ)
///
/// eₖ is the e-value against "the move gains or does nothing" with which move k ended. While every move does no harm each has mean at most 1, so the
/// moves to a false alarm are at least 1/level in the mean (an e-detector); a good move takes back what a bad one gave.
///
/// - Source: J. Shin, A. Ramdas, A. Rinaldo 2023, doi:10.51387/23-NEJSDS51.
public struct HarmMonitor: Hashable, Sendable {
  /// 1/level is the least mean number of moves to a false alarm.
  public let level: Double
  /// S, a natural logarithm.
  public private(set) var evidence = 0.0

  /// - Precondition: 0 < level < 1.
  public init(level: Double = 1e-3) {
    precondition(level > 0 && level < 1, "a level of \(level)")
    self.level = level
  }

  /// Takes in how a move ended; true once the alarm is raised. What is not finite is left out.
  ///
  /// - Parameter logEvidence: natural logarithm of the e-value that the move does harm.
  public mutating func take(logEvidence: Double) -> Bool {
    if logEvidence.isFinite { evidence = max(0, evidence + logEvidence) }
    return hasAlarm
  }

  /// S has reached log(1/level).
  public var hasAlarm: Bool { evidence >= -Portable.log(level) }
}
