import Determinism

/// Notices a sensor that repeats one value longer than chance allows.
///
/// The probability q that a healthy sensor repeats its value is learnt from the readings themselves: after none, one or two repeats, and
/// the greatest of these counts, because runs happen at the commonest value. A run of n repeats is frozen once qⁿ falls below
/// `falseAlarm`: for a resolution of half a standard deviation of a white signal after about 9 equal readings, of one after 15, of two after 37.
public struct FrozenRun: Sendable, Hashable, Codable {
  public let falseAlarm: Double
  /// Repeats of the last value so far.
  public private(set) var repeats = 0
  private var last: Double?
  // By repeats so far, 0, 1, and 2 or more: readings that followed, and how many of them repeated again.
  private var trials = [0, 0, 0]
  private var equal = [0, 0, 0]

  public init(falseAlarm: Double = 1e-6) { self.falseAlarm = falseAlarm }

  /// Learnt probability of one more repeat.
  public var repeatProbability: Double {
    var greatest = 0.0
    for depth in 0..<3 where depth == 0 || trials[depth] >= 10 {
      greatest = max(greatest, (Double(equal[depth]) + 1) / (Double(trials[depth]) + 2))
    }
    return greatest
  }

  /// Repeats that make a run frozen; infinite until 20 pairs of readings have been seen.
  public var limit: Double {
    trials[0] < 20 ? .infinity : max(3, Portable.log(falseAlarm) / Portable.log(min(repeatProbability, 0.999)))
  }

  public var isFrozen: Bool { Double(repeats) > limit }

  /// Takes a reading in; true while the run is frozen.
  public mutating func observe(_ value: Double) -> Bool {
    defer { last = value }
    guard let last else { return false }
    let same = value == last
    let depth = min(repeats, 2)
    repeats = same ? repeats + 1 : 0
    // A frozen run must not teach that freezing is usual.
    if !isFrozen {
      trials[depth] += 1
      if same { equal[depth] += 1 }
    }
    return isFrozen
  }
}
