public import Quantities

/// What one machine did in a span, by its own counters and states: whole minutes of the record that lie inside.
public struct MachineReport: Sendable, Hashable, Codable {
  /// The station's name.
  public var station: String
  public var start: Instant
  public var end: Instant
  /// Parts that it finished and did not reject, and parts that it rejected.
  public var good = 0
  public var rejected = 0
  /// Breakdowns that began.
  public var breakdowns = 0
  /// Seconds: worked or stood by a short stop; had nothing to work on or no room; was broken down; did nobody knows what.
  public var own = 0.0
  public var waiting = 0.0
  public var down = 0.0
  public var unknown = 0.0
}
