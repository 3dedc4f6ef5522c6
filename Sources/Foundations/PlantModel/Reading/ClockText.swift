/// Hours of the day or the week, as people write them.
enum ClockText: Sendable {
  /// `06:00-14:00`, every day.
  case day
  /// `Mon 06:00-14:00`, `Mon-Fri 22:00-06:00`.
  case week
  /// `Mon 06:00`.
  case instant

  static let dayLength = 86_400.0
  static let weekLength = 604_800.0
  static let weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]

  var words: String {
    switch self {
    case .day: "hours of a day"
    case .week: "days and hours"
    case .instant: "a day and an hour"
    }
  }

  var example: String {
    switch self {
    case .day: "06:00-14:00"
    case .week: "Mon-Fri 06:00-14:00"
    case .instant: "Mon 06:00"
    }
  }

  /// For JSON Schema.
  var pattern: String {
    let day = "(\(Self.weekdays.joined(separator: "|")))", hour = "[0-9]{1,2}:[0-9]{2}"
    return switch self {
    case .day: "^\(hour) *- *\(hour)$"
    case .week: "^\(day)( *- *\(day))? +\(hour) *- *\(hour)$"
    case .instant: "^\(day) +\(hour)$"
    }
  }

  /// Spans in seconds from the start of the day or the week (past its end where they go over midnight), or the second; nil where it is none.
  func read(_ text: String) -> Reading.Content? {
    switch self {
    case .day: return Self.hours(text[...]).map { .spans([$0]) }
    case .week:
      guard let gap = text.lastIndex(where: { $0.isLetter }).map({ text.index(after: $0) }), let hours = Self.hours(text[gap...]) else { return nil }
      let days = text[..<gap].split(separator: "-", omittingEmptySubsequences: false).map(Self.trimmed).map(Self.weekday)
      guard days.count <= 2, let first = days.first ?? nil, let last = days.last ?? nil else { return nil }
      let count = (last - first + 7) % 7 + 1
      return .spans(
        (0..<count).map { k in
          let midnight = Double((first + k) % 7) * Self.dayLength
          return ClosedSpan(start: midnight + hours.start, end: midnight + hours.end)
        })
    case .instant:
      let parts = text.split(separator: " ")
      guard parts.count == 2, let day = Self.weekday(parts[0]), let second = Self.second(parts[1]), second < Self.dayLength else { return nil }
      return .number(Double(day) * Self.dayLength + second)
    }
  }

  /// `22:00-06:00` ends on the next day.
  private static func hours(_ text: Substring) -> ClosedSpan? {
    let ends = text.split(separator: "-", omittingEmptySubsequences: false).map(trimmed)
    guard ends.count == 2, let start = second(ends[0]), let end = second(ends[1]), start < dayLength, start != end else { return nil }
    return ClosedSpan(start: start, end: end > start ? end : end + dayLength)
  }

  private static func second(_ text: Substring) -> Double? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    let isDigits = parts.allSatisfy { part in (1...2).contains(part.count) && part.allSatisfy { ("0"..."9").contains($0) } }
    guard parts.count == 2, isDigits, parts[1].count == 2, let hour = Int(parts[0]), let minute = Int(parts[1]), minute < 60 else { return nil }
    let second = hour * 3600 + minute * 60
    return second <= 86_400 ? Double(second) : nil
  }

  private static func weekday(_ text: Substring) -> Int? { weekdays.firstIndex { $0.lowercased() == text.lowercased() } }

  private static func trimmed(_ text: Substring) -> Substring {
    let front = text.drop { $0 == " " }
    return front.lastIndex { $0 != " " }.map { front[...$0] } ?? ""
  }
}
