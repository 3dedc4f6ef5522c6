/// What is to be expected by the end of a forecast besides what the line makes: parts under way, stations that fail, the run that ends.
public struct Outlook: Sendable, Hashable, Codable {
  /// Parts in one buffer, at the end.
  public struct Level: Sendable, Hashable, Codable {
    public var buffer: String
    public var parts: Forecast.Interval
  }

  /// The next failure of one station that can fail.
  public struct NextFailure: Sendable, Hashable, Codable {
    public var station: String
    /// It has failed and is not yet repaired; what follows is about the failure after this one.
    public var isDown: Bool
    /// That it fails before the end.
    public var probability: Double
    /// Hours until it does, on the plant's clock: breaks, waiting and repairs included. Nil: half of the replications never get there.
    public var medianHours: Double?
  }

  /// The run of a campaign that a source is releasing.
  public struct Run: Sendable, Hashable, Codable {
    public var source: String
    public var product: String
    public var quantity: Int
    /// Parts of it that the source has released already; nil: its beginning was not seen.
    public var released: Int?
    /// That its last part has left the line before the end.
    public var probability: Double
    /// Hours until then: median and 90 % interval. Nil: beyond the end.
    public var medianHours: Double?
    public var lowHours: Double?
    public var highHours: Double?
  }

  /// Parts in the buffers behind the first stations, at the end.
  public var inProcess: Forecast.Interval
  /// In the plant's order.
  public var buffers: [Level]
  public var failures: [NextFailure]
  public var runs: [Run]
}
