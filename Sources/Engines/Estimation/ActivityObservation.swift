/// How long one activity took, as far as it was seen: a cycle, a repair, a set-up, operating time up to a failure.
///
/// The law that is sought is that of `seconds · pace`: a machine that runs at nine tenths of its rated speed ages nine tenths of a second
/// in each second, so its operating times are given with pace 0.9 and the law is the one at rated speed.
public struct ActivityObservation: Sendable, Hashable, Codable {
  /// The duration lies in [low, high], in seconds: equal for an exact one, `high` infinite while it still goes on or where a shift cut it,
  /// `low` zero where it is only known to have been over by then.
  public var low: Double
  public var high: Double
  /// What it counts for; 1 for an observation of today, less as it ages.
  public var weight: Double
  /// Seconds of the law's time in a second; see above.
  public var pace: Double
  /// It was first seen when it had lasted so long already (left truncation); 0 for one that was seen from its start.
  public var entry: Double

  public init(low: Double, high: Double, weight: Double = 1, pace: Double = 1, entry: Double = 0) {
    (self.low, self.high, self.weight, self.pace, self.entry) = (low, high, weight, pace, entry)
  }

  /// It took so long.
  public static func exact(_ seconds: Double, weight: Double = 1, pace: Double = 1) -> Self {
    Self(low: seconds, high: seconds, weight: weight, pace: pace)
  }

  /// It took longer: it still goes on, or the end was not its own.
  public static func rightCensored(_ seconds: Double, weight: Double = 1, pace: Double = 1) -> Self {
    Self(low: seconds, high: .infinity, weight: weight, pace: pace)
  }

  /// It was over by then.
  public static func leftCensored(_ seconds: Double, weight: Double = 1, pace: Double = 1) -> Self {
    Self(low: 0, high: seconds, weight: weight, pace: pace)
  }

  /// It took between the two, as where a clock is read only now and then.
  public static func interval(_ low: Double, _ high: Double, weight: Double = 1, pace: Double = 1) -> Self {
    Self(low: low, high: high, weight: weight, pace: pace)
  }

  public enum Kind: String, Sendable, Hashable, Codable { case exact, rightCensored, leftCensored, interval }

  public var kind: Kind {
    if low == high { .exact } else if high == .infinity { .rightCensored } else if low <= 0 { .leftCensored } else { .interval }
  }

  /// Whether it can enter a likelihood and says anything there: bounds in order, positive where they must be, weight and pace positive.
  /// Estimators pass over the others.
  public var isInformative: Bool {
    guard weight > 0 && weight.isFinite && pace > 0 && pace.isFinite && entry >= 0 && entry.isFinite else { return false }
    guard low >= 0 && high > 0 && low <= high && low.isFinite && entry <= low else { return false }
    return low > entry || high < .infinity
  }
}
