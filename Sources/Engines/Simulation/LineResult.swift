/// What one replication of a line gave, between the end of its warm-up and its horizon.
public struct LineResult: Sendable, Hashable, Codable {
  public var seed: UInt64
  public var replication: Int
  /// Seconds observed: from the end of the warm-up to the horizon, or to the part that was waited for.
  public var span: Double
  /// Parts that left the line without a defect.
  public var good: Int
  /// Parts rejected anywhere.
  public var scrapped: Int
  /// Parts that left the line with a defect that nobody found.
  public var escapes: Int
  /// In the line's order.
  public var stations: [StationResult]
  /// In the line's order.
  public var buffers: [BufferResult]
  /// In the line's order.
  public var sources: [SourceResult]
  /// Seconds in the line of the parts that left it, good or not.
  public var leadTime: Spread
  /// In the line's order; empty where it has no products.
  public var products: [ProductResult]
  /// Source by source, as they stand in the line.
  public var orders: [OrderResult]
  /// In the line's order.
  public var crews: [CrewResult]
  /// In the line's order.
  public var transports: [TransportResult]
  /// In the line's order.
  public var cardLoops: [CardLoopResult]
  /// Good parts since time 0, warm-up included, at each instant of `Recording.instants`: parts that leave at the instant count.
  public var curve: [Int]
  /// When each part left the line, good or not, since time 0; only where `Recording.departures` asks for it.
  public var departures: [Double]
  /// Where the line stands at the horizon. A part half collected or still travelling counts as in its buffer no more and arrived, respectively.
  public var final: LineState
  /// Where the parts came from and went.
  public var balance: PartBalance
  /// Present where stations wait for each other for ever.
  public var deadlock: Deadlock?
  /// Timed events of the whole replication: completions, failures, short stops, their ends, deliveries, arrivals, closures.
  public var events: Int
  /// Bytes that the run's state took at its end: machines, parts, dice, calendar.
  public var memory: Int
  /// What happened when, where `Recording.trace` asks for it.
  public var trace: LineTrace?
  /// The way it was computed.
  public var engine: Engine

  public enum Engine: String, Sendable, Hashable, Codable {
    /// Event by event.
    case events
    /// By the max-plus recursion of serial lines; the same figures to rounding.
    case maxPlus
  }

  /// Good parts per second; 0 where no time was observed.
  public var goodRate: Double { span > 0 ? Double(good) / span : 0 }
  /// Parts per second that left the line, good or not; 0 where no time was observed.
  public var throughput: Double { span > 0 ? Double(good + escapes) / span : 0 }
  /// Mean level over the span, in the line's order of buffers.
  public var meanLevels: [Double] { buffers.map(\.meanLevel) }
  /// Parts delivered by each source, in the line's order.
  public var delivered: [Int] { sources.map(\.delivered) }
}

/// Where the parts of a replication came from and went, in its span: a balance that closes.
///
///     before + delivered + made + split = left + scrapped + merged + after
public struct PartBalance: Sendable, Hashable, Codable {
  /// In buffers, in stations and on vehicles when the span began. A kit that is being collected counts as one part.
  public var before = 0
  /// By sources.
  public var delivered = 0
  /// By stations without inputs.
  public var made = 0
  /// More parts out of a disassembly than in.
  public var split = 0
  /// Out of the line, good or not.
  public var left = 0
  public var scrapped = 0
  /// Fewer parts out of an assembly than in.
  public var merged = 0
  /// In the line at the end of the span.
  public var after = 0
  public init() {}
}

/// Count, mean, standard deviation and extremes of a figure over parts.
public struct Spread: Sendable, Hashable, Codable {
  public var count = 0
  public var mean = 0.0
  /// n − 1 in the denominator; 0 below two.
  public var deviation = 0.0
  /// 0 where there is none.
  public var least = 0.0
  public var most = 0.0
  public init() {}
}

/// What one station did, all its machines together.
public struct StationResult: Sendable, Hashable, Codable {
  public var name: String
  /// Parts finished here, good or not (ISO 22400 produced quantity).
  public var produced: Int
  /// Parts rejected here, reworked or not.
  public var rejected: Int
  /// Of the rejected, those that were sent to be reworked.
  public var reworked = 0
  /// Set-ups done.
  public var setups = 0
  /// Machine seconds: they add up to span · machines.
  public var times: StateTimes
  /// How many unbroken spells of activity (working or stopped by itself, neither starved nor blocked nor closed) it had.
  public var activePeriods: Int
  /// Kilowatt hours by state, where its power is known.
  public var energy: Energy?
}

/// Kilowatt hours by what the station did with them.
public struct Energy: Sendable, Hashable, Codable {
  public var working: Double
  public var standing: Double
  public var stopped: Double
  public var closed: Double
  public init(working: Double, standing: Double, stopped: Double, closed: Double) {
    (self.working, self.standing, self.stopped, self.closed) = (working, standing, stopped, closed)
  }
  public var total: Double { working + standing + stopped + closed }
}

/// Seconds in each state; they add up to the span, times the machines.
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
  public var setup: Double
  public var maintenance: Double
  /// With its parts, but without the people, tools or cards that it needs.
  public var waiting: Double
  public init(
    working: Double, starved: Double, blocked: Double, failed: Double, microstopped: Double, closed: Double, setup: Double = 0,
    maintenance: Double = 0, waiting: Double = 0
  ) {
    (self.working, self.starved, self.blocked) = (working, starved, blocked)
    (self.failed, self.microstopped, self.closed) = (failed, microstopped, closed)
    (self.setup, self.maintenance, self.waiting) = (setup, maintenance, waiting)
  }
  public var total: Double { working + starved + blocked + failed + microstopped + closed + setup + maintenance + waiting }
}

/// What one buffer held.
public struct BufferResult: Sendable, Hashable, Codable {
  public var name: String
  /// Parts, averaged over time.
  public var meanLevel: Double
  /// The highest level reached, at most its capacity.
  public var mostParts: Int
  /// Parts taken out of it.
  public var taken: Int
  /// Of these, the parts that stayed longer than no time at all.
  public var waited: Int
  /// Seconds in it, of the parts taken out.
  public var meanWait: Double
}

/// What one source did.
public struct SourceResult: Sendable, Hashable, Codable {
  public var name: String
  /// Parts put into the line.
  public var delivered: Int
  /// Parts lost for want of room, where `SourceSpec.isLossy`.
  public var lost: Int
}

/// What became of one product.
public struct ProductResult: Sendable, Hashable, Codable {
  public var name: String
  public var good: Int
  public var scrapped: Int
  public var leadTime: Spread
}

/// How one order went, over the whole run.
public struct OrderResult: Sendable, Hashable, Codable {
  public var name: String
  public var product: Int
  public var quantity: Int
  public var good: Int
  public var scrapped: Int
  /// When its last part left or was scrapped; nil: not done by the horizon.
  public var completed: Double?
  public var due: Double?
  /// Seconds late at its end; nil where it is not done or has no due date.
  public var tardiness: Double? { completed.flatMap { done in due.map { max(0, done - $0) } } }
}

/// How busy a crew was.
public struct CrewResult: Sendable, Hashable, Codable {
  public var name: String
  /// Busy person seconds / present person seconds.
  public var utilisation: Double
}

/// What went over one way.
public struct TransportResult: Sendable, Hashable, Codable {
  public var name: String
  public var trips: Int
  public var parts: Int
  /// Vehicle seconds spent on it, approach included.
  public var busy: Double
}

/// How a card loop stood.
public struct CardLoopResult: Sendable, Hashable, Codable {
  public var name: String
  /// Cards in use, averaged over time.
  public var meanInUse: Double
}

/// What to note besides the totals.
public struct Recording: Sendable, Hashable, Codable {
  /// Instants (seconds from time 0, rising) at which the number of good parts is noted.
  public var instants: [Double]
  /// Whether to note when each part left.
  public var departures: Bool
  /// Whether to note what every station and buffer did, for a replay; at most `LineTrace.limit` entries.
  public var trace: Bool
  public init(instants: [Double] = [], departures: Bool = false, trace: Bool = false) {
    (self.instants, self.departures, self.trace) = (instants, departures, trace)
  }

  /// Totals only.
  public static let totals = Recording()
  /// The number of good parts every `step` seconds up to `horizon`.
  public static func curve(every step: Double, to horizon: Double) -> Recording {
    precondition(step > 0 && step.isFinite, "a step of \(step) s")
    return Recording(instants: (0..<max(0, Int((horizon / step).rounded(.down)))).map { Double($0 + 1) * step })
  }
}
