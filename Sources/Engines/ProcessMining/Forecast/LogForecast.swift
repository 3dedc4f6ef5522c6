public import Quantities

/// What a mined model foretells from an instant on.
public struct LogForecast: Sendable, Encodable {
  /// Something counted: ended cases, or passages at a sensor.
  public struct Counter: Sendable, Encodable {
    public var name: String
    /// One for each period.
    public var periods: [Predictive]
    /// Over the whole horizon.
    public var total: Predictive
  }
  /// How long something takes, in seconds: one case that is open now, or each of a class to come.
  public struct CycleTime: Sendable, Encodable {
    public var name: String
    public var seconds: Predictive
    /// Whether it is one case of this name, which is open now.
    public var isOneCase: Bool
  }
  public var start: Instant
  public var end: Instant
  /// The length of a period in seconds.
  public var period: Double
  public var replications: Int
  public var counters: [Counter]
  public var cycleTimes: [CycleTime]

  /// How many whole periods a horizon has.
  static func periods(from start: Double, to end: Double, _ period: Double) -> Int { max(Int(((end - start) / period + 1e-9).rounded(.down)), 1) }

  /// Counts instants by period.
  static func counts(_ instants: [Double], from start: Double, periods: Int, _ period: Double) -> [Double] {
    var counts = Array(repeating: 0.0, count: periods)
    for t in instants where t > start {
      let i = Int((t - start) / period)
      if i < periods { counts[i] += 1 }
    }
    return counts
  }
}

/// What came true of a forecast, by the names of its counters and cycle times.
public struct LogObservation: Sendable, Hashable, Codable {
  /// Counts by period.
  public var counters: [String: [Double]]
  /// Seconds.
  public var cycleTimes: [String: [Double]]
}
