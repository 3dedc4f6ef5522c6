public import Quantities

/// A plant as its folder declares it: resolved, checked, in SI-coherent or declared units, every reference valid.
///
/// The simulator, the tag map, the envelope and the screens are derived from this value. It is only made by `PlantFolder`.
public struct Plant: Sendable, Hashable, Codable {
  /// A short name, e.g. `bottling-4`.
  public var name: String
  /// ISA-95 path of the line, e.g. `acme/lyon/packaging/line1`. A station's path is this one plus its name.
  public var path: String
  /// In flow order as declared.
  public var stations: [Station]
  public var buffers: [Buffer]
  public var sources: [Source]
  /// Tags that belong to no station (product, order, buffer levels); station tags stand with their station too.
  public var tags: [Tag]
  /// What a part is worth.
  public var prices: Prices
  /// Seconds between two parts of the line at its ideal rate (ISO 22400 planned run time per item).
  public var idealCycle: Duration?
  /// How the twin's frozen reference is commissioned; nil: as the twin sees fit.
  public var reference: ReferenceSpec?
  /// What is made. Empty: one product without a name.
  public var products: [Product] = []
  /// People, then tools that stations share.
  public var crews: [Crew] = []
  public var calendars: [WorkCalendar] = []
  /// Where a simulation's time 0 stands, counted from Monday 00:00.
  public var starts = Duration.zero
  public var fleets: [Fleet] = []
  public var transports: [Transport] = []
  /// Limits on the parts between two places (kanban, CONWIP).
  public var cardLoops: [CardLoop] = []

  public init(
    name: String, path: String, stations: [Station], buffers: [Buffer], sources: [Source], tags: [Tag], prices: Prices,
    idealCycle: Duration?
  ) {
    (self.name, self.path, self.stations, self.buffers, self.sources) = (name, path, stations, buffers, sources)
    (self.tags, self.prices, self.idealCycle) = (tags, prices, idealCycle)
  }

  public func station(named name: String) -> Station? { stations.first { $0.name == name } }
  public func buffer(named name: String) -> Buffer? { buffers.first { $0.name == name } }
  public func product(named name: String) -> Product? { products.first { $0.name == name } }
  public func calendar(named name: String) -> WorkCalendar? { calendars.first { $0.name == name } }
  public func tag(_ path: String) -> Tag? { tags.first { $0.path == path } }

  /// Every set-point that a loop or a person may move, in declared order: machine speeds, then process variables, station by station.
  public var setpoints: [SetpointSpec] {
    stations.flatMap { ($0.speed.map { [$0.setpoint] } ?? []) + $0.processVariables.compactMap(\.setpoint) + $0.otherSetpoints }
  }
}

/// The worth of one part, in the plant's currency. `scrap` and `escape` are losses, given as positive numbers.
public struct Prices: Sendable, Hashable, Codable {
  public var currency: String
  public var good: Double
  public var scrap: Double
  /// A defective part that left the line unseen.
  public var escape: Double
  public init(currency: String, good: Double, scrap: Double, escape: Double) {
    (self.currency, self.good, self.scrap, self.escape) = (currency, good, scrap, escape)
  }
}

/// A tag of the plant: what it holds, in what unit, and within which range its sensor can be right.
public struct Tag: Sendable, Hashable, Codable {
  public enum Kind: String, Sendable, Hashable, Codable { case number, count, state, text, boolean }
  /// `Station/Metric`, or `Line/Metric` and `Buffer/Name`.
  public var path: String
  public var kind: Kind
  /// UCUM code; `1` for counts.
  public var unit: String
  /// Values outside are of bad quality.
  public var low: Double?
  public var high: Double?
  /// Silent for longer than this, its last value is stale.
  public var staleAfter: Duration
  public init(path: String, kind: Kind, unit: String, low: Double?, high: Double?, staleAfter: Duration) {
    (self.path, self.kind, self.unit, self.low, self.high, self.staleAfter) = (path, kind, unit, low, high, staleAfter)
  }
}
