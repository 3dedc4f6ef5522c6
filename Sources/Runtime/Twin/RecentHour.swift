import PlantModel
import Quantities

/// What the line did over the last recorded hour: what people ask first in the morning.
public struct RecentHour: Sendable, Hashable, Codable {
  public struct StationHour: Sendable, Hashable, Codable {
    /// Shares of the time, each 0…1, summing to 1.
    public var running: Double
    public var waiting: Double
    public var microstopped: Double
    public var failed: Double
    /// Closed, or not known.
    public var other: Double
    public var processed: Int
    public var rejected: Int
  }
  /// In the plant's order.
  public var stations: [StationHour]
  public var good: Int
  /// In the plant's currency: good − scrap, at its prices.
  public var value: Double
  /// The station that waits least for parts or room.
  public var bottleneck: String
  /// ISO 22400-2 OEE of the line: good · ideal cycle / time not closed; nil where the plant has no ideal cycle.
  public var oee: Double?
}

extension Twin {
  /// The last hour; nil before an hour has been recorded.
  public var recentHour: RecentHour? {
    let minutes = record.minutes.suffix(60)
    guard minutes.count == 60 else { return nil }
    let stations = plant.stations.indices.map { s in
      let times = minutes.map(\.stations[s].seconds)
      func share(_ time: KeyPath<StationSeconds, Double>) -> Double { times.reduce(0) { $0 + $1[keyPath: time] } / 3600 }
      return RecentHour.StationHour(
        running: share(\.running), waiting: share(\.waiting), microstopped: share(\.microstopped), failed: share(\.failed),
        other: share(\.closed) + share(\.unknown), processed: minutes.reduce(0) { $0 + $1.stations[s].processed },
        rejected: minutes.reduce(0) { $0 + $1.stations[s].rejected })
    }
    let good = minutes.reduce(0) { $0 + $1.good(record.sinks) }
    let rejected = stations.reduce(0) { $0 + $1.rejected }
    let least = stations.indices.min { stations[$0].waiting < stations[$1].waiting } ?? 0
    let open = 3600 * (1 - (stations.map(\.other).min() ?? 0))
    return RecentHour(
      stations: stations, good: good, value: Double(good) * plant.prices.good - Double(rejected) * plant.prices.scrap,
      bottleneck: plant.stations[least].name, oee: plant.idealCycle.flatMap { open > 0 ? Double(good) * $0.seconds / open : nil })
  }
}
