internal import PlantModel
public import Quantities

extension Twin {
  /// What machines did in spans of the record: span by span, machine by machine as asked. A span of which the record holds no whole minute, because
  /// it is too old or too young, is left out.
  ///
  /// - Parameter spans: oldest first.
  public func machineReports(of stations: [String], in spans: [(start: Instant, end: Instant)]) -> [MachineReport] {
    let asked = stations.compactMap { name in plant.stations.firstIndex { $0.name == name } }
    let minutes = record.minutes
    var reports: [MachineReport] = []
    var first = 0
    for span in spans {
      let from = Int64((span.start.seconds / 60).rounded(.up)), to = Int64((span.end.seconds / 60).rounded(.down))
      while first < minutes.count, minutes[first].minute < from { first += 1 }
      let inside = minutes[first...].prefix { $0.minute < to }
      // One that is under way would be told twice, and each time otherwise.
      guard !inside.isEmpty, let last = minutes.last, last.minute >= to - 1, inside.count == Int(to - from) else { continue }
      for s in asked {
        var report = MachineReport(station: plant.stations[s].name, start: span.start, end: span.end)
        for minute in inside { report.add(minute.stations[s]) }
        reports.append(report)
      }
    }
    return reports
  }

  /// How far the record reaches: nothing after it is known yet. Nil before the first minute.
  public var recordEnds: Instant? { record.minutes.last.map { Instant(seconds: Double($0.minute + 1) * 60) } }
}

extension MachineReport {
  mutating func add(_ minute: LineMinute.Station) {
    good += minute.processed - minute.rejected
    rejected += minute.rejected
    breakdowns += minute.failures
    own += minute.seconds.running + minute.seconds.microstopped
    waiting += minute.seconds.waiting
    down += minute.seconds.failed
    unknown += minute.seconds.unknown
  }
}
