public import Quantities

/// What the residual page shows: reality against what was expected before looking, the tests for change, the changes found, and how forecasts fared.
public struct ResidualsView: Sendable, Hashable, Codable {
  /// Nil before the first calibration.
  public var rerun: RerunView?
  /// Each station's in the plant's order, the line's last.
  public var series: [ResidualSeriesView]
  /// Found and not taken back, newest first.
  public var changes: [FoundChangeView]
  public var forecasts: ForecastScoresView

  public init(rerun: RerunView?, series: [ResidualSeriesView], changes: [FoundChangeView], forecasts: ForecastScoresView) {
    (self.rerun, self.series, self.changes, self.forecasts) = (rerun, series, changes, forecasts)
  }
}

/// The residuals of one activity of one station, with the test that watches it: columns of equal length, oldest first.
public struct ResidualSeriesView: Sendable, Hashable, Codable {
  /// The line's name for `throughput`.
  public var station: String
  /// `cycle`, `failures`, `repairs`, `microstops`, `shortStops`, `scrap` or `throughput`.
  public var kind: String
  public var instants: [Instant]
  /// Standardised: about standard normal while the twin is right.
  public var z: [Double]
  public var expected: [Double]
  public var observed: [Double]
  /// UCUM code of `expected` and `observed`.
  public var unit: String
  /// The likelihood of a change against none, as a share of that which ends trust: 0 … 1.
  public var evidence: Double?
  /// When the change that is being dealt with began; nil: none is.
  public var changedAt: Instant?
  /// How many there were in all, older ones than are shown included.
  public var count: Int

  public init(
    station: String, kind: String, instants: [Instant], z: [Double], expected: [Double], observed: [Double], unit: String, evidence: Double?,
    changedAt: Instant?, count: Int
  ) {
    precondition(instants.count == z.count && z.count == expected.count && z.count == observed.count, "columns of unequal length")
    (self.station, self.kind, self.instants, self.z) = (station, kind, instants, z)
    (self.expected, self.observed, self.unit) = (expected, observed, unit)
    (self.evidence, self.changedAt, self.count) = (evidence, changedAt, count)
  }
}

/// A change of the plant that the twin found.
public struct FoundChangeView: Sendable, Hashable, Codable {
  /// Nil for the line.
  public var station: String?
  /// As in `ResidualSeriesView`.
  public var kind: String
  /// "Screw: repairs take 2.0 (1.6 to 2.5) times as long since 09:12".
  public var words: String
  /// The likeliest date, its 90 % interval, and when the alarm was raised.
  public var since: Instant
  public var earliest: Instant
  public var latest: Instant
  public var alarmed: Instant
  /// Natural logarithm of the likelihood of a change against none.
  public var evidence: Double
  /// True while the renewed belief has not been confirmed; the twin is not valid until then.
  public var open: Bool

  public init(
    station: String?, kind: String, words: String, since: Instant, earliest: Instant, latest: Instant, alarmed: Instant, evidence: Double, open: Bool
  ) {
    (self.station, self.kind, self.words) = (station, kind, words)
    (self.since, self.earliest) = (since, earliest)
    (self.latest, self.alarmed, self.evidence, self.open) = (latest, alarmed, evidence, open)
  }
}

/// How forecasts fared that were made before looking.
public struct ForecastScoresView: Sendable, Hashable, Codable {
  /// For each scored forecast, oldest first: the share of its trajectories below what came.
  public var transforms: [Double]
  /// Share of them whose 90 % interval held; nil before the first.
  public var coverage: Double?
  /// How far ahead they looked.
  public var horizon: Duration
  public init(transforms: [Double], coverage: Double?, horizon: Duration) {
    (self.transforms, self.coverage, self.horizon) = (transforms, coverage, horizon)
  }
}
