public import Probability

/// People of like skills, or tools of one kind: `count` of them, each serving one activity at a time.
public struct CrewSpec: Sendable, Hashable, Codable {
  public var name: String
  public var count: Int
  /// What each of them can do. A request names a skill; of the crews that have it and somebody free, the one with the fewest skills serves.
  public var skills: [String]
  /// When nobody of them is there: (start, end), sorted, disjoint. Who is busy finishes first.
  public var absences: [ClosureSpec]
  /// Where the absences repeat; nil: they come once.
  public var absencePeriod: Double?
  public init(name: String, count: Int, skills: [String], absences: [ClosureSpec] = [], absencePeriod: Double? = nil) {
    (self.name, self.count, self.skills, self.absences, self.absencePeriod) = (name, count, skills, absences, absencePeriod)
  }
}

/// So many with one skill, at once.
public struct NeedSpec: Sendable, Hashable, Codable {
  public var skill: String
  public var count: Int
  public init(skill: String, count: Int = 1) { (self.skill, self.count) = (skill, count) }
}

/// Vehicles of one kind: AGVs, forklifts.
public struct FleetSpec: Sendable, Hashable, Codable {
  public var name: String
  public var vehicles: Int
  public init(name: String, vehicles: Int) { (self.name, self.vehicles) = (name, vehicles) }
}

/// A way that a fleet serves: when `least` parts wait in `from` and find room in `to`, the vehicle that has been idle longest comes (for
/// `approach` seconds, unless it stands there already), loads up to `load` parts, drives for `haul` seconds and unloads them.
public struct TransportSpec: Sendable, Hashable, Codable {
  public var name: String
  /// Index of the fleet.
  public var fleet: Int
  public var from: Int
  public var to: Int
  public var load: Int
  public var least: Int
  public var approach: Law
  public var haul: Law
  public init(name: String, fleet: Int, from: Int, to: Int, load: Int = 1, least: Int = 1, approach: Law, haul: Law) {
    (self.name, self.fleet, self.from, self.to) = (name, fleet, from, to)
    (self.load, self.least, self.approach, self.haul) = (load, least, approach, haul)
  }
}

/// A limit on the parts between two places: a part gets one of `cards` when it is taken by a station of `stations` or let in by a source of
/// `sources`, and gives it back when it is taken out of buffer `until`, leaves the line or is scrapped. A kanban loop spans a station and its
/// buffer, a CONWIP loop the whole line.
public struct CardLoopSpec: Sendable, Hashable, Codable {
  public var name: String
  public var cards: Int
  public var stations: [Int]
  public var sources: [Int]
  /// Index of the buffer; nil: until it leaves the line.
  public var until: Int?
  public init(name: String, cards: Int, stations: [Int] = [], sources: [Int] = [], until: Int? = nil) {
    (self.name, self.cards, self.stations, self.sources, self.until) = (name, cards, stations, sources, until)
  }
}
