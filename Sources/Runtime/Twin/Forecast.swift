public import LineModel
public import Quantities

/// What the line will make from its present state, with what is not known about it: posterior draws, chance, and closures such as the
/// plant has shown so far.
public struct Forecast: Sendable, Hashable, Codable {
  /// Quantiles of the good parts made from the start until `minute`.
  public struct Band: Sendable, Hashable, Codable {
    public var minute: Double
    public var p05: Double
    public var p25: Double
    public var p50: Double
    public var p75: Double
    public var p95: Double
  }
  /// A mean with its 90 % predictive interval.
  public struct Interval: Sendable, Hashable, Codable {
    public var mean: Double
    public var low: Double
    public var high: Double
  }
  public var at: Instant
  public var horizon: Duration
  public var setpoints: Setpoints
  public var calibration: String
  public var replications: Int
  public var bands: [Band]
  public var goodPerHour: Interval
  public var scrapPerHour: Interval
  /// In the plant's currency, by its prices.
  public var valuePerHour: Interval
  /// Parts under way, failures and runs until the end.
  public var outlook: Outlook
}
