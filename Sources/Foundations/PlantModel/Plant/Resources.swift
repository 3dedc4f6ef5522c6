public import Probability

/// People of like skills, or tools of one kind: `count` of them, each serving one activity at a time.
public struct Crew: Sendable, Hashable, Codable {
  public enum Kind: String, Sendable, Hashable, Codable { case people, tool }
  public var name: String
  public var kind: Kind
  public var count: Int
  /// What each of them can do; a tool has one skill, its own name.
  public var skills: [String]
  /// The calendar by which they are there; nil: always.
  public var calendar: String?
  public init(name: String, kind: Kind, count: Int, skills: [String], calendar: String?) {
    (self.name, self.kind, self.count, self.skills, self.calendar) = (name, kind, count, skills, calendar)
  }
}

/// So many with one skill (or of one tool), at once.
public struct CrewNeed: Sendable, Hashable, Codable {
  public var skill: String
  public var count: Int
  public init(skill: String, count: Int) { (self.skill, self.count) = (skill, count) }
}

/// Vehicles of one kind: AGVs, forklifts.
public struct Fleet: Sendable, Hashable, Codable {
  public var name: String
  public var vehicles: Int
  public init(name: String, vehicles: Int) { (self.name, self.vehicles) = (name, vehicles) }
}

/// A way that a fleet serves: when `least` parts wait in `from` and find room in `to`, a vehicle comes (`approach` seconds, unless it stands
/// there already), loads up to `load` parts, drives for `haul` seconds and unloads them.
public struct Transport: Sendable, Hashable, Codable {
  public var name: String
  public var fleet: String
  public var from: String
  public var to: String
  public var load: Int
  public var least: Int
  /// Nil: no time.
  public var approach: Law?
  public var haul: Law
  public init(name: String, fleet: String, from: String, to: String, load: Int, least: Int, approach: Law?, haul: Law) {
    (self.name, self.fleet, self.from, self.to) = (name, fleet, from, to)
    (self.load, self.least, self.approach, self.haul) = (load, least, approach, haul)
  }
}

/// A limit on the parts between two places: a part gets one of `cards` when a station of `stations` takes it or a source of `sources` lets it
/// in, and gives it back when it is taken out of buffer `until` (nil: when it leaves the line), or is scrapped.
public struct CardLoop: Sendable, Hashable, Codable {
  public var name: String
  public var cards: Int
  public var stations: [String]
  public var sources: [String]
  public var until: String?
  public init(name: String, cards: Int, stations: [String], sources: [String], until: String?) {
    (self.name, self.cards, self.stations, self.sources, self.until) = (name, cards, stations, sources, until)
  }
}
