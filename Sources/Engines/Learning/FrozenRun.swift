import Determinism

/// Notices a sensor that repeats one value longer than chance allows.
///
/// It keeps the chance of the present run, the probability that a healthy sensor would have repeated itself for so long:
/// - where the sensor's design is known, n equal readings have the chance pⁿ, p that of its commonest value (`FrozenRunLimit.commonest`);
/// - else it is learnt from the runs that have ended: of the readings after none, one, and two or more repeats, how many repeated again. The class that
///   repeats most counts, because runs happen at the commonest value. With `equal` of `trials`, n more repeats have the chance Π (equal + 1 + j)/(trials + 2 + j),
///   j = 0 … n − 1: the posterior predictive probability, which allows for how little was seen (Beta-binomial with a uniform prior).
///
/// A run is frozen once its chance is below `falseAlarm`, so that is about the share of a healthy sensor's readings that are taken for frozen. For a resolution
/// of ½, 1, 2 deviations of a white signal a known design takes 9, 15, 37 equal readings; what is learnt takes 12, 17, 41 in the median after 500 readings
/// (49, 24, 56 at most in 60 trials), and 11, 15, 36 after 2,000. A signal that hardly moves between readings takes longer by itself.
///
/// A design that the readings refute (repeats beyond four deviations of what it allows) counts no longer: what is learnt does.
public struct FrozenRun: Sendable, Hashable, Codable {
  public let falseAlarm: Double
  /// Chance of the commonest value by the sensor's design; nil where nobody knows it.
  public let commonest: Double?
  /// Repeats of the last value so far.
  public private(set) var repeats = 0
  private var last: Double?
  /// Logarithm of the chance of the present run; 0 while nothing is repeated.
  private var logChance = 0.0
  // By repeats so far, 0, 1, and 2 or more: readings that followed, and how many of them repeated again, in runs that have ended.
  private var trials = [0, 0, 0]
  private var equal = [0, 0, 0]

  /// - Parameters:
  ///   - falseAlarm: chance of so long a run, each reading, in (0, 1).
  ///   - commonest: chance of the commonest value by design, in (0, 1).
  public init(falseAlarm: Double = 1e-6, commonest: Double? = nil) {
    precondition(falseAlarm > 0 && falseAlarm < 1, "a false alarm of \(falseAlarm)")
    precondition(commonest.map { $0 > 0 && $0 < 1 } ?? true, "a commonest value of chance \(commonest ?? 0)")
    (self.falseAlarm, self.commonest) = (falseAlarm, commonest)
  }

  /// The sensor has stopped measuring.
  public var isFrozen: Bool { logChance < Portable.log(falseAlarm) }

  /// It may have: one run in a thousand of a healthy sensor's is as long. Nothing should rest on it before it moves.
  public var isSuspect: Bool { logChance < Self.suspicion }

  private static let suspicion = Portable.log(1e-3)

  /// The design's chance, while the readings do not refute it.
  private var design: Double? {
    guard let commonest else { return nil }
    let isRefuted = (0..<3).contains { depth in
      let expected = Double(trials[depth]) * commonest
      return Double(equal[depth]) > expected + 4 * (expected * (1 - commonest)).squareRoot() + 2
    }
    return isRefuted ? nil : commonest
  }

  /// Takes a reading in; true while the run is frozen.
  public mutating func observe(_ value: Double) -> Bool {
    defer { last = value }
    guard let last else { return false }
    if value == last {
      repeats += 1
      logChance = chanceOfRun()
    } else {
      endRun()
    }
    return isFrozen
  }

  private func chanceOfRun() -> Double {
    if let design { return Double(repeats + 1) * Portable.log(design) }
    var greatest = (share: 0.0, depth: 0)
    for depth in 0..<3 where depth == 0 || trials[depth] >= 10 {
      let share = Double(equal[depth] + 1) / Double(trials[depth] + 2)
      if share > greatest.share { greatest = (share, depth) }
    }
    let j = Double(repeats - 1)
    return logChance + Portable.log((Double(equal[greatest.depth] + 1) + j) / (Double(trials[greatest.depth] + 2) + j))
  }

  /// A run teaches once it has ended, as a whole; a frozen one must not teach that freezing is usual.
  private mutating func endRun() {
    if !isFrozen {
      trials[0] += 1
      if repeats >= 1 {
        equal[0] += 1
        trials[1] += 1
      }
      if repeats >= 2 {
        equal[1] += 1
        trials[2] += repeats - 1
        equal[2] += repeats - 2
      }
    }
    (repeats, logChance) = (0, 0)
  }
}
