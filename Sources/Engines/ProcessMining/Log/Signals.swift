/// What in a log is no case: sensors whose values are numbers, such as a break, a lock, a count.
extension EventLog {
  /// The sensors of which every value is a number, in alphabetical order. None in a log whose every sensor is one: there the cases are
  /// merely numbered.
  public var signals: [String] {
    var numeric: [String: Bool] = [:]
    for event in events { numeric[event.activity] = (numeric[event.activity] ?? true) && Double(event.caseID) != nil }
    let names = numeric.filter(\.value).map(\.key).sorted()
    return names.count == numeric.count ? [] : names
  }

  /// Whether it is a log of sensors: events at one instant each, items that pass, and no resources.
  public var isSensorLog: Bool { !hasDurations && !events.contains { $0.resource != nil } }
}
