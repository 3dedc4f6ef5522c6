public import Quantities

/// Joins start and complete events of one activity into one event that lasts.
///
/// A `complete` belongs to the oldest open `start` of the same case, activity and instance (first in, first out). `suspend`, `resume`,
/// `assign` and `schedule` are passed over: they are counted, not taken.
///
/// - Source: IEEE 1849-2016, lifecycle extension, standard transitional model.
public struct LifecyclePairing: Sendable {
  private struct Key: Hashable {
    var caseID: String
    var activity: String
    var instance: String
  }
  private var open: [Key: [Int]] = [:]
  private var events: [LogEvent?] = []
  /// Transitions that say neither start nor end, by name.
  public private(set) var passedOver: [String: Int] = [:]
  /// Completions without a start: events at one instant.
  public private(set) var unpairedCompletions = 0

  public init() {}

  /// Takes one transition in.
  /// - Parameters: transition: `start`, `complete` and so on, in any case of letters; nil for a log without lifecycle; instance: which
  ///   occurrence of the activity it belongs to, where the log says so.
  public mutating func add(_ event: LogEvent, at instant: Instant, transition: String?, instance: String = "") {
    let key = Key(caseID: event.caseID, activity: event.activity, instance: instance)
    switch (transition ?? "complete").lowercased() {
    case "start":
      var opened = event
      (opened.start, opened.complete) = (instant, nil)
      open[key, default: []].append(events.count)
      events.append(opened)
    case "complete", "ate_abort", "pi_abort", "withdraw", "autoskip", "manualskip":
      if var waiting = open[key], !waiting.isEmpty {
        let index = waiting.removeFirst()
        open[key] = waiting
        guard var started = events[index] else { preconditionFailure("an open start was dropped") }
        started.complete = instant
        if started.resource == nil { started.resource = event.resource }
        started.attributes.merge(event.attributes) { _, new in new }
        events[index] = started
      } else {
        var point = event
        if point.start == nil { unpairedCompletions += transition == nil ? 0 : 1 }
        point.complete = instant
        events.append(point)
      }
    case let other: passedOver[other, default: 0] += 1
    }
  }

  /// The joined events, in the order of their first transition. A start without an end stays open.
  public func finished() -> [LogEvent] { events.compactMap(\.self) }
}
