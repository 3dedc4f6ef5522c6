public import Quantities

/// What one machine did in one span of plant time, by its own counters and states.
public struct MachineWindow: Hashable, Sendable, Codable {
  /// The station's name.
  public var machine: String
  /// Its beginning in plant time, inclusive.
  public var start: Instant
  /// Its end, exclusive.
  public var end: Instant
  /// What it made, in the objective's unit: good parts, or their worth less that of the rejected ones.
  public var made: Double
  /// Parts that it finished and did not reject.
  public var good: Int
  /// Parts that it rejected.
  public var rejected: Int
  /// Seconds of its own time: it worked, or stood by a short stop of its own. What others do to it is not in here.
  public var own: Double
  /// Seconds in which it had nothing to work on, or no room for what it had finished.
  public var waiting: Double
  /// Seconds broken down.
  public var down: Double
  /// Breakdowns that began in it.
  public var breakdowns: Int
  /// Seconds for which nobody knows what it did. What the window has besides all these it was closed.
  public var unknown: Double

  public init(
    machine: String, start: Instant, end: Instant, made: Double, good: Int, rejected: Int, own: Double, waiting: Double, down: Double,
    breakdowns: Int, unknown: Double
  ) {
    (self.machine, self.start, self.end, self.made, self.good, self.rejected) = (machine, start, end, made, good, rejected)
    (self.own, self.waiting, self.down, self.breakdowns, self.unknown) = (own, waiting, down, breakdowns, unknown)
  }

  /// Length in seconds.
  var seconds: Double { (end - start).seconds }

  /// Finite, nothing negative but what was made, and no more of anything than the window is long.
  public var isSound: Bool {
    let spans = [own, waiting, down, unknown]
    return made.isFinite && good >= 0 && rejected >= 0 && breakdowns >= 0 && end > start && spans.allSatisfy { $0.isFinite && $0 >= 0 }
      && spans.reduce(0, +) <= seconds * 1.001 + 1
  }
}

/// Which machines are asked about, and in which spans: oldest first, none overlapping.
public struct MachineQuestion: Hashable, Sendable, Codable {
  /// From an instant (inclusive) to another, in plant time.
  public struct Span: Hashable, Sendable, Codable {
    /// Inclusive.
    public var start: Instant
    /// Exclusive.
    public var end: Instant
    public init(start: Instant, end: Instant) { (self.start, self.end) = (start, end) }
  }
  /// Names of stations.
  public var machines: [String]
  /// Oldest first.
  public var spans: [Span]
  public init(machines: [String], spans: [Span]) { (self.machines, self.spans) = (machines, spans) }
}
