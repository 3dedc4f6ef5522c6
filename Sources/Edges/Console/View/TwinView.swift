public import Quantities

/// Whether the twin may be believed, and what it has learnt.
public struct TwinView: Sendable, Hashable, Codable {
  /// Nil before the first calibration.
  public var valid: Bool?
  /// 0…1: how well reality agrees with the twin's predictions; the twin is valid at or above `threshold`.
  public var score: Double?
  public var threshold: Double?
  /// Why it is (not) valid, in a sentence.
  public var reason: String
  public var validUntil: Instant?
  public var calibratedAt: Instant?
  /// True while a calibration runs.
  public var calibrating: Bool
  public var estimates: [EstimateView]
  /// By station and quantity: how far reality lies from the prediction.
  public var residuals: [ResidualView]
  /// How far each stream is from what it was at commissioning; one that has drifted keeps the twin in quarantine.
  public var references: [ReferenceView]
  /// How long one of their samples is.
  public var referenceInterval: Duration?

  public init(
    valid: Bool?, score: Double?, threshold: Double? = nil, reason: String, validUntil: Instant? = nil, calibratedAt: Instant? = nil,
    calibrating: Bool = false, estimates: [EstimateView] = [], residuals: [ResidualView] = [], references: [ReferenceView] = [],
    referenceInterval: Duration? = nil
  ) {
    (self.valid, self.score, self.threshold, self.reason) = (valid, score, threshold, reason)
    (self.validUntil, self.calibratedAt, self.calibrating) = (validUntil, calibratedAt, calibrating)
    (self.estimates, self.residuals) = (estimates, residuals)
    (self.references, self.referenceInterval) = (references, referenceInterval)
  }
}

/// What calibration believes of one parameter.
public struct EstimateView: Sendable, Hashable, Codable {
  public var station: String
  /// The plant's own words, e.g. `cycle`, `mtbf`, `mttr`, `scrap`, `optimum of Labeller/GlueTemp`.
  public var parameter: String
  /// UCUM code; `1` for shares.
  public var unit: String
  public var mean: Double
  /// The 90 % credible interval.
  public var low: Double
  public var high: Double
  /// What the plant folder says; nil where the design has no value.
  public var design: Double?

  public init(station: String, parameter: String, unit: String, mean: Double, low: Double, high: Double, design: Double?) {
    (self.station, self.parameter, self.unit) = (station, parameter, unit)
    (self.mean, self.low, self.high, self.design) = (mean, low, high, design)
  }
}

/// Reality against prediction over a window of plant time.
public struct ResidualView: Sendable, Hashable, Codable {
  public var station: String
  /// What is compared, e.g. `parts per hour`.
  public var quantity: String
  public var observed: Double
  public var expected: Double
  /// (observed − expected) in standard deviations of the prediction.
  public var z: Double
  /// The latest standardised residuals, oldest first, for a small trace; may be empty.
  public var recent: [Double]

  public init(station: String, quantity: String, observed: Double, expected: Double, z: Double, recent: [Double] = []) {
    (self.station, self.quantity, self.observed, self.expected) = (station, quantity, observed, expected)
    (self.z, self.recent) = (z, recent)
  }
}

/// Good parts since a moment: what the twin foretold then, and what has come since.
public struct ForecastView: Sendable, Hashable, Codable {
  /// When it was made; the points count from there.
  public var at: Instant
  /// What is counted, e.g. `good parts`.
  public var quantity: String
  /// Share of trajectories between `low` and `high`, e.g. 0.9.
  public var coverage: Double
  public var points: [ForecastPoint]

  public init(at: Instant, quantity: String, coverage: Double, points: [ForecastPoint]) {
    (self.at, self.quantity, self.coverage, self.points) = (at, quantity, coverage, points)
  }
}

/// One moment of a forecast.
public struct ForecastPoint: Sendable, Hashable, Codable {
  /// Minutes after the forecast was made.
  public var minutes: Double
  public var low: Double
  public var median: Double
  public var high: Double
  /// What has happened by then; nil in the future and where reality is not known.
  public var actual: Double?

  public init(minutes: Double, low: Double, median: Double, high: Double, actual: Double? = nil) {
    (self.minutes, self.low, self.median, self.high, self.actual) = (minutes, low, median, high, actual)
  }
}
