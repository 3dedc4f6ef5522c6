import Quantities
import Telemetry

/// What is known of a station as samples come in, in order of time.
struct StationTracker: Sendable, Hashable {
  var state: MachineState?
  var since: Instant?
  var activity = Activity.unknown
  var activitySince: Instant?
  /// Up to when seconds have been added to the open minute.
  var accrued: Instant?
  var processed = Counter()
  var rejected = Counter()
  /// When the last part was finished, and whether the station has run without a break since, with parts at hand and room ahead.
  var lastPart: Instant?
  var unbroken = false
  /// Working seconds since the last failure and the last short stop.
  var sinceFailure = 0.0
  var sinceMicrostop = 0.0
  var ratio = 1.0
  var product = 0
  /// Products that the line releases already, in their order.
  var coming: [ComingProduct] = []
  /// Parts since the tool was replaced; nil: not known yet.
  var toolParts: Double?

  /// The group of a state, given what the station did: a machine on its way back to work goes on doing what it was stopped for.
  static func activity(in state: MachineState, after activity: Activity) -> Activity {
    switch state {
    case .execute: .running
    case .suspended, .suspending, .unsuspending: .waiting
    case .aborting, .aborted: .failed
    case .clearing: .failed
    case .holding, .held: activity == .failed ? .failed : .microstopped
    case .stopping, .stopped, .completing, .complete: activity == .failed ? .failed : .closed
    case .unholding, .resetting, .idle, .starting: activity == .running || activity == .waiting || activity == .unknown ? .closed : activity
    case .undefined: .unknown
    }
  }

  /// Whether a machine that is closed begins another closure: it had come up already and stops again, as after a break when the next part is of
  /// another product or the tool is used up; or an order ends (which no closure that has lasted can have been for).
  static func beginsAnotherClosure(_ state: MachineState, after previous: MachineState?, inChangeover: Bool) -> Bool {
    switch state {
    case .completing, .complete: !inChangeover || isComingUp(previous)
    case .stopping, .stopped: isComingUp(previous)
    default: false
    }
  }

  private static func isComingUp(_ state: MachineState?) -> Bool { state == .resetting || state == .idle || state == .starting }
}
