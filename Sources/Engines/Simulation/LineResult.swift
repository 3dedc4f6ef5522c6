/// What one replication of a line gave, between the end of its warm-up and its horizon.
public struct LineResult: Sendable, Hashable, Codable {
  public var seed: UInt64
  public var replication: Int
  /// Seconds observed: horizon − warm-up.
  public var span: Double
  /// Parts that left the line without a defect.
  public var good: Int
  /// Parts rejected anywhere.
  public var scrapped: Int
  /// Parts that left the line with a defect that nobody found.
  public var escapes: Int
  /// In the line's order.
  public var stations: [StationResult]
  /// Mean level over the span, in the line's order of buffers.
  public var meanLevels: [Double]
  /// Parts delivered by each source, in the line's order.
  public var delivered: [Int]
  /// Good parts since time 0, warm-up included, at each instant of `Recording.instants`: parts that leave at the instant count.
  public var curve: [Int]
  /// When each part left the line, good or not, since time 0; only where `Recording.departures` asks for it.
  public var departures: [Double]
  /// Where the line stands at the horizon. A part half collected or still travelling counts as in its buffer no more and arrived, respectively.
  public var final: LineState
  /// Present where stations wait for each other for ever.
  public var deadlock: Deadlock?
  /// Timed events of the whole replication: completions, failures, short stops, their ends, deliveries, arrivals, closures.
  public var events: Int

  /// Good parts per second.
  public var goodRate: Double { Double(good) / span }
  /// Parts per second that left the line, good or not.
  public var throughput: Double { Double(good + escapes) / span }
}

/// What one station did.
public struct StationResult: Sendable, Hashable, Codable {
  public var name: String
  /// Parts finished here, good or not (ISO 22400 produced quantity).
  public var produced: Int
  /// Parts rejected here.
  public var rejected: Int
  public var times: StateTimes
  /// How many unbroken spells of activity (working or stopped by itself, neither starved nor blocked nor closed) it had.
  public var activePeriods: Int
}

/// Seconds in each state; they add up to the span.
public struct StateTimes: Sendable, Hashable, Codable {
  public var working: Double
  /// Open, without the parts it needs.
  public var starved: Double
  /// Open, with a finished part and no room for it.
  public var blocked: Double
  public var failed: Double
  public var microstopped: Double
  /// Stopped by the clock, whatever else holds it up.
  public var closed: Double
  public init(working: Double, starved: Double, blocked: Double, failed: Double, microstopped: Double, closed: Double) {
    (self.working, self.starved, self.blocked) = (working, starved, blocked)
    (self.failed, self.microstopped, self.closed) = (failed, microstopped, closed)
  }
  public var total: Double { working + starved + blocked + failed + microstopped + closed }
}

/// Stations that wait for each other and will never move again.
public struct Deadlock: Sendable, Hashable, Codable, CustomStringConvertible {
  public struct Wait: Sendable, Hashable, Codable {
    public var station: String
    /// True: holds a finished part that finds no room; false: lacks parts.
    public var blocked: Bool
    /// The buffers it waits for.
    public var buffers: [String]
    /// The stations that could end its wait, if they could move.
    public var on: [String]
  }
  /// When the last of them stopped, in seconds.
  public var since: Double
  public var waits: [Wait]

  public var description: String {
    "dead since \(since) s: "
      + waits.map {
        "\($0.station) is \($0.blocked ? "blocked" : "starved") at \($0.buffers.joined(separator: ", ")) and waits for \($0.on.joined(separator: ", "))"
      }
      .joined(separator: "; ")
  }
}

/// What to note besides the totals.
public struct Recording: Sendable, Hashable, Codable {
  /// Instants (seconds from time 0, rising) at which the number of good parts is noted.
  public var instants: [Double]
  /// Whether to note when each part left.
  public var departures: Bool
  public init(instants: [Double] = [], departures: Bool = false) { (self.instants, self.departures) = (instants, departures) }

  /// Totals only.
  public static let totals = Recording()
  /// The number of good parts every `step` seconds up to `horizon`.
  public static func curve(every step: Double, to horizon: Double) -> Recording {
    precondition(step > 0 && step.isFinite, "a step of \(step) s")
    return Recording(instants: (0..<max(0, Int((horizon / step).rounded(.down)))).map { Double($0 + 1) * step })
  }
}
