public import Quantities

/// One line of an event log: something was done to a case, or a sensor saw an item.
///
/// An event with `start` is an activity that lasts until `complete`; without it, something that happened at one instant. An activity that
/// was still going on when the log was cut has no `complete`.
public struct LogEvent: Sendable, Hashable, Codable {
  /// The work order, item or object that it happened to. For a signal, the value that it took.
  public var caseID: String
  /// The activity, or the sensor.
  public var activity: String
  /// Who or what did it.
  public var resource: String?
  public var start: Instant?
  public var complete: Instant?
  /// What else the log says, by column.
  public var attributes: [String: String]

  public init(
    caseID: String, activity: String, resource: String? = nil, start: Instant? = nil, complete: Instant?, attributes: [String: String] = [:]
  ) {
    (self.caseID, self.activity, self.resource) = (caseID, activity, resource)
    (self.start, self.complete, self.attributes) = (start, complete, attributes)
  }

  /// When it began; the one instant of an event without a start.
  ///
  /// - Precondition: it has a start or a completion.
  public var began: Instant {
    guard let instant = start ?? complete else { preconditionFailure("event \(activity) of case \(caseID) has no instant") }
    return instant
  }
}
