public import Quantities

/// An alarm: its axes are independent, as in ISA-18.2.
public struct AlarmView: Sendable, Hashable, Codable {
  public enum Priority: String, Sendable, Hashable, Codable, CaseIterable { case critical, high, medium, low }
  public var id: String
  public var priority: Priority
  public var message: String
  /// The station or tag it is about.
  public var source: String
  public var since: Instant
  public var active: Bool
  public var acknowledged: Bool
  public init(id: String, priority: Priority, message: String, source: String, since: Instant, active: Bool, acknowledged: Bool) {
    (self.id, self.priority, self.message, self.source) = (id, priority, message, source)
    (self.since, self.active, self.acknowledged) = (since, active, acknowledged)
  }
}

/// The end of the ledger.
public struct LedgerView: Sendable, Hashable, Codable {
  /// Facts in all.
  public var count: Int
  /// Hash of the newest fact, as lower-case hex; nil while empty.
  public var head: String?
  /// Newest last.
  public var tail: [FactView]
  public init(count: Int, head: String?, tail: [FactView]) { (self.count, self.head, self.tail) = (count, head, tail) }
}

/// One fact of the ledger.
public struct FactView: Sendable, Hashable, Codable {
  /// Counts from 1 without gaps.
  public var seq: Int
  public var instant: Instant
  /// What happened, in the past tense, e.g. `SetpointWritten`.
  public var kind: String
  /// One line for people.
  public var summary: String
  /// Hash of the fact chained to the one before, as hex; at least its first 12 digits.
  public var hash: String
  /// The change it belongs to, if any.
  public var change: String?
  public init(seq: Int, instant: Instant, kind: String, summary: String, hash: String, change: String? = nil) {
    (self.seq, self.instant, self.kind, self.summary, self.hash, self.change) = (seq, instant, kind, summary, hash, change)
  }
}

/// How well the data comes in.
public struct DataView: Sendable, Hashable, Codable {
  public var tags: [TagHealthView]
  /// Counts since the start, by name, e.g. `samples accepted`, `payloads malformed`; shown in the order given.
  public var counters: [CounterView]
  public init(tags: [TagHealthView], counters: [CounterView]) { (self.tags, self.counters) = (tags, counters) }
}

/// Whether one tag can be trusted now. How it came over the last day says `TagView`.
public struct TagHealthView: Sendable, Hashable, Codable {
  public var tag: String
  public var unit: String
  /// Samples per minute of plant time; nil before it can be told.
  public var perMinute: Double?
  /// The last value as text with as many digits as matter; nil when there has been none.
  public var value: String?
  public var quality: QualityView
  public var lastAt: Instant?
  /// Arrival less source instant of the last sample.
  public var lateness: Duration?
  /// What is wrong with it, if anything.
  public var reason: String?

  public init(
    tag: String, unit: String, perMinute: Double? = nil, value: String? = nil, quality: QualityView, lastAt: Instant? = nil,
    lateness: Duration? = nil, reason: String? = nil
  ) {
    (self.tag, self.unit, self.perMinute, self.value, self.quality) = (tag, unit, perMinute, value, quality)
    (self.lastAt, self.lateness, self.reason) = (lastAt, lateness, reason)
  }
}

/// A named count.
public struct CounterView: Sendable, Hashable, Codable {
  public var name: String
  public var count: Int
  /// True where a count above zero means that something is wrong.
  public var isFault: Bool
  public init(name: String, count: Int, isFault: Bool = false) { (self.name, self.count, self.isFault) = (name, count, isFault) }
}
