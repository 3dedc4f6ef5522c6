public import Quantities

/// What residuals are kept of.
public enum ResidualKind: String, Sendable, Hashable, Codable, CaseIterable {
  /// Seconds per part while working.
  case cycle
  /// Operating time between failures.
  case failures
  /// Lengths of repairs.
  case repairs
  /// Operating time between short stops.
  case microstops
  /// Lengths of short stops.
  case shortStops
  /// Share of parts rejected, given the parts made and where the process variables stood.
  case scrap
  /// Good parts of the whole line against the forecast made beforehand.
  case throughput
}

/// Reality against what was expected before looking, standardised: approximately standard normal while the twin is right.
public struct Residual: Sendable, Hashable, Codable {
  /// The line's name for `throughput`.
  public var station: String
  public var kind: ResidualKind
  public var at: Instant
  public var expected: Double
  public var observed: Double
  public var z: Double
}

/// Whether the twin may be relied on now.
public struct Validity: Sendable, Hashable, Codable {
  /// The test for change of one activity.
  public struct Monitor: Sendable, Hashable, Codable {
    public var station: String
    public var kind: ResidualKind
    /// The likelihood of a change, over all its instants, against none: 1 is where it ends trust.
    public var evidence: Double
    /// When the change in progress is judged to have begun; nil: no alarm.
    public var changedAt: Instant?
    /// What changed, and by how much, in words.
    public var change: String?
    public var residuals: Int
  }
  public var valid: Bool
  /// 0 (useless) … 1 (cannot be told from the plant).
  public var score: Double
  /// Since when `valid` is what it is.
  public var since: Instant
  /// The last instant for which the present evidence speaks; nil while not valid.
  public var validUntil: Instant?
  public var byStation: [Monitor]
  /// Share of forecasts whose 90 % interval held, of how many; those over unannounced closures of the line are not counted.
  public var coverage: Double
  public var forecastsScored: Int
  /// For a person: what limits it, or what went wrong, with station and activity.
  public var reason: String
}

/// The twin on one page, for status screens.
public struct TwinSummary: Sendable, Hashable, Codable {
  public var at: Instant
  public var calibration: String
  public var valid: Bool
  public var score: Double
  public var reason: String
  public var present: LinePresent
  public var estimates: [ParameterEstimate]
}
