public import Quantities

/// Events of many cases, in the order in which they began.
///
/// Events that began at one instant stand in the order of the file, so nothing depends on how a sort breaks ties.
public struct EventLog: Sendable, Hashable, Codable {
  public let events: [LogEvent]

  /// Sorts the events by the instant at which they began.
  public init(_ events: [LogEvent]) {
    self.events = events.enumerated().sorted { ($0.element.began, $0.offset) < ($1.element.began, $1.offset) }.map(\.element)
  }

  /// The names of the cases, by their first event.
  public var cases: [String] {
    var seen = Set<String>()
    return events.compactMap { seen.insert($0.caseID).inserted ? $0.caseID : nil }
  }

  /// The names of the activities, in alphabetical order.
  public var activities: [String] { Set(events.map(\.activity)).sorted() }

  /// From the first beginning to the last instant that the log holds. Nil for an empty log.
  public var span: (start: Instant, end: Instant)? {
    guard let first = events.first else { return nil }
    return (first.began, events.reduce(first.began) { max($0, $1.complete ?? $1.began) })
  }

  /// Whether its events last: whether any has a start of its own.
  public var hasDurations: Bool { events.contains { $0.start != nil } }

  /// What was known at an instant: events that began by then, those that completed later without their completion and without attributes,
  /// for a log writes quantities when an activity ends.
  public func known(at cut: Instant) -> EventLog {
    EventLog(
      events.compactMap { event in
        guard event.began <= cut else { return nil }
        guard let complete = event.complete, complete > cut else { return event }
        return LogEvent(caseID: event.caseID, activity: event.activity, resource: event.resource, start: event.start, complete: nil)
      })
  }

  /// The instant at a share of the span: 0 its start, 1 its end.
  ///
  /// - Precondition: the log is not empty.
  public func instant(atShare share: Double) -> Instant {
    guard let span else { preconditionFailure("an empty log has no span") }
    return Instant(seconds: span.start.seconds + share * (span.end.seconds - span.start.seconds))
  }
}
