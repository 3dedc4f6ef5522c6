/// Where a simulation starts: the plant's present, or empty.
public struct LineState: Sendable, Hashable, Codable {
  /// Parts in each buffer, by index.
  public var levels: [Int]
  /// Machine by machine: a station of n machines has n entries.
  public var stations: [StationState]
  /// By buffer, the products of its parts as (product, how many), those that leave first first; what is not said is of the first product.
  public var products: [[CampaignRun]] = []
  public init(levels: [Int], stations: [StationState]) { (self.levels, self.stations) = (levels, stations) }

  /// Empty buffers, idle stations.
  public static func empty(_ line: LineSpec) -> LineState {
    LineState(
      levels: line.buffers.map { _ in 0 },
      stations: line.stations.flatMap { [StationState](repeating: StationState(condition: .idle), count: max($0.machines, 0)) })
  }
}

public struct StationState: Sendable, Hashable, Codable {
  public enum Condition: Sendable, Hashable, Codable {
    /// Has no part.
    case idle
    /// Works on a part for `elapsed` seconds already.
    case working(elapsed: Double)
    /// Holds a finished part that finds no room.
    case blocked
    /// Broken down for `elapsed` seconds already; the part in work waits where `holdsPart`.
    case failed(elapsed: Double, holdsPart: Bool)
    /// In a short stop for `elapsed` seconds already.
    case microstopped(elapsed: Double, holdsPart: Bool)
  }
  public var condition: Condition
  /// Operating seconds since the last failure and the last short stop (matters where the hazard has memory).
  public var sinceFailure: Double
  public var sinceMicrostop: Double
  /// Index of the product that it makes, or is set up for; nil: the first, and set up as its spec says.
  public var product: Int?
  /// How worn its tool is, in the unit of `WearSpec.replaceAt`.
  public var wear = 0.0
  public init(condition: Condition, sinceFailure: Double = 0, sinceMicrostop: Double = 0) {
    (self.condition, self.sinceFailure, self.sinceMicrostop) = (condition, sinceFailure, sinceMicrostop)
  }
}
