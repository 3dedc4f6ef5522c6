public import Quantities

/// How the twin follows its plant. The defaults suit a line that makes parts every few seconds and stops a few times an hour.
public struct TwinConfiguration: Sendable, Hashable, Codable {
  /// Samples may come this much out of order; the twin's records close this long after plant time.
  public var allowedLateness: Duration = .seconds(60)
  /// How far back the minute-by-minute record reaches.
  public var memory: Duration = .hours(72)
  /// How often parameters are estimated anew, and residuals formed.
  public var calibrationInterval: Duration = .minutes(10)
  /// How far the twin forecasts when it tests itself, and how often.
  public var forecastHorizon: Duration = .minutes(20)
  /// Simulations behind each such forecast.
  public var forecastReplications = 48
  /// Joint posterior draws: as many as a proof takes replications (124 unless a plant folder asks for another risk), so that each counts by itself.
  public var draws = 128
  /// Half-life of evidence on cycle times, in minutes of production of the same product.
  public var cycleHalfLife: Duration = .minutes(15)
  /// Half-life of evidence on scrap: optima drift.
  public var scrapHalfLife: Duration = .hours(4)
  /// Half-life of evidence on breakdowns, repairs and short stops.
  public var stopHalfLife: Duration = .hours(168)
  /// Length of the windows in which reality is compared with the counterfactual; whole minutes.
  public var comparisonWindow: Duration = .minutes(5)
  /// False alarms of change per residual of each activity of each station.
  public var falseAlarmRate = 0.0001
  /// Stations that tell no state are learnt as soon as that is due, which takes seconds. False: `Twin.inferenceRequest` waits for whoever hosts the twin.
  public var infersItself = true
  /// A plant that does not change is quarantined no more often than this, all streams of its reference together, as far as the residuals' law goes.
  public var falseQuarantineEvery: Duration = .hours(30 * 24)
  /// How long a sample of the reference is, a whole multiple of minutes; nil: the shortest that keeps to `falseQuarantineEvery`, a shift to two days.
  public var referenceInterval: Duration?
  /// Samples that the reference is commissioned from: with 32 its own error is 0.18 standard deviations of a sample, against the ½ that it watches for.
  public var referenceSamples = 32
  /// Telemetry silent for longer than this makes the twin invalid.
  public var silence: Duration = .minutes(5)

  public init() {}
}
