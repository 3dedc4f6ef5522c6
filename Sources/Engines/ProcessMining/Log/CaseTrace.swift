import Quantities

/// The events of one case in the order in which they began, with names as numbers and instants as seconds since 1970.
struct CaseTrace: Sendable {
  struct Step: Sendable {
    var activity: Int
    var resource: Int?
    var start: Double
    /// Nil while it is still going on.
    var complete: Double?
  }
  var name: String
  var steps: [Step]
}

/// A log's cases as traces, with its names in alphabetical order.
struct TracedLog: Sendable {
  var activities: [String]
  var resources: [String]
  /// By their first event.
  var traces: [CaseTrace]
  /// The first and the last instant of the log, seconds since 1970.
  var start: Double
  var end: Double
  /// Whether events last, rather than happen at one instant.
  var hasDurations: Bool

  init(_ log: EventLog) throws(MiningError) {
    guard let span = log.span else { throw .emptyLog }
    (start, end, hasDurations) = (span.start.seconds, span.end.seconds, log.hasDurations)
    activities = log.activities
    resources = Set(log.events.compactMap(\.resource)).sorted()
    let activityIndex = Dictionary(uniqueKeysWithValues: activities.enumerated().map { ($1, $0) })
    let resourceIndex = Dictionary(uniqueKeysWithValues: resources.enumerated().map { ($1, $0) })
    var place: [String: Int] = [:]
    traces = []
    for event in log.events {
      let step = CaseTrace.Step(
        activity: activityIndex[event.activity]!, resource: event.resource.map { resourceIndex[$0]! }, start: event.began.seconds,
        complete: event.complete?.seconds)
      if let i = place[event.caseID] {
        traces[i].steps.append(step)
      } else {
        place[event.caseID] = traces.count
        traces.append(CaseTrace(name: event.caseID, steps: [step]))
      }
    }
  }
}
