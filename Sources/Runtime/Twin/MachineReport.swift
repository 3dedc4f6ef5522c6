public import Quantities

/// What one machine did in a span, by its own counters and states: whole minutes of the record that lie inside.
public struct MachineReport: Sendable, Hashable, Codable {
  /// The station's name.
  public var station: String
  /// Of the span, inclusive, in plant time.
  public var start: Instant
  /// Of the span, exclusive.
  public var end: Instant
  /// Parts that it finished and did not reject.
  public var good = 0
  /// Parts that it rejected.
  public var rejected = 0
  /// Breakdowns that began.
  public var breakdowns = 0
  /// Seconds in which it worked, or stood by a short stop.
  public var own = 0.0
  /// Seconds in which it had nothing to work on, or no room.
  public var waiting = 0.0
  /// Seconds broken down.
  public var down = 0.0
  /// Seconds for which nobody knows what it did.
  public var unknown = 0.0
}
