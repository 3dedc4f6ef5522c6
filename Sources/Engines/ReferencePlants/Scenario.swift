/// What happens to a reference plant while it runs, told beforehand to whoever started it and to nobody else.
public enum Scenario: String, Sendable, Hashable, Codable, CaseIterable {
  /// Nothing happens.
  case none
  /// Steady, then the Filler's valves wear: fast running and high pressure, right until then, now spoil bottles.
  case story
  /// The glue's best temperature rises by 6 K over eight hours.
  case drift
  /// The sensor of the fill pressure freezes; the pressure itself goes on.
  case sensor

  /// The scenario's events, in order of time.
  ///
  /// - Parameter faultAtHours: when the announced fault comes (story, sensor) or the drift begins.
  public func timeline(faultAtHours: Double) -> [TimelineEvent] {
    switch self {
    case .none: []
    case .story:
      [
        TimelineEvent(
          atHours: faultAtHours,
          text: "the Filler's valves are worn: 5 % more bottles spoilt; above 24/min another 8 %, and 12 % slower than set; "
            + "best pressure 0.3 bar lower",
          changes: [
            .wear(station: "Filler", WearTruth(from: 24, band: 1, slow: 0.12, scrap: 0.08, always: 0.05)),
            .optimum(station: "Filler", variable: "FillPressure", by: -0.3, overHours: 0),
          ])
      ]
    case .drift:
      [
        TimelineEvent(
          atHours: faultAtHours, text: "another glue: the best GlueTemp rises by 6 K over 8 h",
          changes: [.optimum(station: "Labeller", variable: "GlueTemp", by: 6, overHours: 8)])
      ]
    case .sensor:
      [
        TimelineEvent(
          atHours: faultAtHours, text: "the sensor of Filler/FillPressure freezes",
          changes: [.freeze(tag: "Filler/FillPressure")])
      ]
    }
  }
}

/// Something that happens to the plant at a given time.
public struct TimelineEvent: Sendable, Hashable, Codable {
  public enum Change: Sendable, Hashable, Codable {
    /// The station is worn like this from now on.
    case wear(station: String, WearTruth)
    /// The variable's optimum moves by this much, in a straight line over so many hours (0: at once).
    case optimum(station: String, variable: String, by: Double, overHours: Double)
    /// The tag's sensor repeats its last value for ever, with good quality.
    case freeze(tag: String)
  }
  public var atHours: Double
  /// One line for people.
  public var text: String
  public var changes: [Change]
  public init(atHours: Double, text: String, changes: [Change]) { (self.atHours, self.text, self.changes) = (atHours, text, changes) }
}
