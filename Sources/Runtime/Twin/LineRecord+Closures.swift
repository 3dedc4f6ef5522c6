import LineModel
import PlantModel
import Quantities

/// Why a station is closed.
enum ClosurePurpose: Sendable, Hashable {
  /// As its calendar says.
  case planned
  /// Another product.
  case changeover
  /// A new tool.
  case replacement
  /// Nobody has told.
  case other
}

extension LineRecord {
  /// Seconds since Monday 00:00 UTC.
  static func moment(_ t: Instant) -> Duration {
    // 1970-01-01 was a Thursday.
    Duration(seconds: (t.seconds + 3 * 86_400).truncatingRemainder(dividingBy: 604_800))
  }

  /// The calendar that a station works by and that telemetry's clock can be held against.
  func calendar(of s: Int) -> WorkCalendar? {
    plant.stations[s].calendar.flatMap(plant.calendar(named:)).flatMap { $0.followsWeek && $0.period != nil ? $0 : nil }
  }

  /// The planned span in which `t` lies, or which begins within a minute after it: machines finish their part first, people leave early.
  func plannedSpan(_ s: Int, at t: Instant) -> (left: Double, length: Double)? {
    calendar(of: s)?.closedSpan(at: Self.moment(t), within: .minutes(1))
  }

  /// A station with a tool is closed for a new one where neither its calendar nor a changeover says otherwise.
  func purpose(of stop: Stop, at s: Int) -> ClosurePurpose {
    guard stop.activity == .closed else { return .other }
    if stop.isChangeover { return .changeover }
    if plannedSpan(s, at: stop.start) != nil { return .planned }
    return plant.stations[s].wear != nil ? .replacement : .other
  }

  /// How much longer planned closures were than the calendar says, in seconds: people come late, machines start up.
  func overrun(of s: Int) -> Double {
    var (sum, n) = (0.0, 0.0)
    for stop in stops[s] where stop.activity == .closed && !stop.isChangeover && stop.isSeenFromStart {
      guard let end = stop.end, let span = plannedSpan(s, at: stop.start) else { continue }
      let late = (end - stop.start).seconds - span.length
      if abs(late) < 0.5 * span.length { (sum, n) = (sum + late, n + 1) }
    }
    return n > 0 ? sum / (n + 1) : 0
  }

  /// Whether a new tool or another product came so recently that the cycle is not known again yet: that it differs was to be expected.
  func isRunningIn(_ s: Int, at now: Instant) -> Bool {
    stops[s].suffix(while: { stop in stop.end.map { now - $0 < Self.runningIn } ?? true }).contains { stop in
      let purpose = purpose(of: stop, at: s)
      return purpose == .replacement || purpose == .changeover
    }
  }

  private static let runningIn = Duration.minutes(40)

  /// Lengths of a station's ended closures of one purpose that were seen from their beginning.
  func closureLengths(_ s: Int, _ purpose: ClosurePurpose) -> [(length: Double, start: Instant)] {
    stops[s].compactMap { stop in
      guard stop.activity == .closed, stop.isSeenFromStart, let end = stop.end, self.purpose(of: stop, at: s) == purpose else { return nil }
      return ((end - stop.start).seconds, stop.start)
    }
  }
}
