import Determinism

/// How a stream is watched.
public struct DetectorSettings: Sendable, Hashable, Codable {
  /// How the likelihood ratios of the past add up.
  public enum Accumulation: String, Sendable, Hashable, Codable {
    /// R ← (1 + R)·L: every instant may have been the change. Minimises the delay of a change that has been long in coming.
    case shiryaevRoberts
    /// W ← max(1, W)·L: the likeliest instant alone. Minimises the worst delay.
    case cusum
  }
  /// What the rate of false alarms means.
  public enum Calibration: String, Sendable, Hashable, Codable {
    /// As near to the rate as renewal theory tells: threshold Σw·ζ / rate.
    case exact
    /// Never above the rate, for any law and any prior learning: threshold 1 / rate. A detection takes longer by log(1/ζ)/I.
    case guaranteed
  }

  /// False alarms per observation while nothing changes, in the long run.
  public var falseAlarmRate: Double
  /// Sizes of change that are looked for, both ways, in standard deviations of one observation (of its logarithm where the change is a
  /// ratio). Others are found too, a little later.
  public var sizes: [Double]
  public var accumulation: Accumulation
  public var calibration: Calibration
  /// Observations to be learnt from before the first may alarm.
  public var warmUp: Int
  /// The most that one observation may add to the log likelihood ratio, where one wild value alone must not raise an alarm; the rate of
  /// false alarms then stays below what was asked. Nil leaves the ratio as it is.
  public var cap: Double?

  public init(
    falseAlarmRate: Double = 0.001, sizes: [Double] = [0.2, 0.4, 0.8, 1.6], accumulation: Accumulation = .shiryaevRoberts,
    calibration: Calibration = .exact, warmUp: Int = 10, cap: Double? = nil
  ) {
    precondition(falseAlarmRate > 0 && falseAlarmRate < 1, "false alarms per observation: \(falseAlarmRate)")
    precondition(!sizes.isEmpty && sizes.allSatisfy { $0 > 0 && $0 < 20 }, "sizes of change: \(sizes)")
    precondition(warmUp >= 3 && cap ?? 1 > 0, "warm-up \(warmUp), cap \(cap ?? 0)")
    (self.falseAlarmRate, self.sizes, self.accumulation, self.calibration) = (falseAlarmRate, sizes, accumulation, calibration)
    (self.warmUp, self.cap) = (warmUp, cap)
  }

  /// The shifts that belong to the sizes, in the law's own measure: differences in standard deviations, or logarithms of a ratio.
  ///
  /// - Parameter expected: number of events that one observation is expected to hold, for counts.
  func shifts(_ law: StreamLaw, expected: Double) -> [Double] {
    let spread: Double
    switch law {
    case .gamma(let shape): spread = 1 / shape.squareRoot()
    case .poisson, .binomial, .countScore: spread = 1 / max(expected, 1).squareRoot()
    default: spread = 1
    }
    return sizes.reversed().map { -$0 * spread } + sizes.map { $0 * spread }
  }
}
