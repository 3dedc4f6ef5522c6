extension Instant {
  /// ISO 8601 in UTC to the millisecond, e.g. `2026-01-05T06:00:00.250Z`; finer digits only where they are not zero.
  public var iso8601: String {
    let nanosPerDay: Int64 = 86_400_000_000_000
    let day = nanoseconds.flooredQuotient(nanosPerDay)
    let rest = nanoseconds &- day &* nanosPerDay  // wraps for instants within a day of the ends, and comes out right
    let date = CivilDate(daysSince1970: day)
    let second = rest / 1_000_000_000, fraction = rest % 1_000_000_000
    let digits = fraction % 1_000_000 == 0 ? padded(fraction / 1_000_000, 3) : padded(fraction, 9)
    let clock = "\(padded(second / 3600, 2)):\(padded(second / 60 % 60, 2)):\(padded(second % 60, 2)).\(digits)"
    return "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))T\(clock)Z"
  }

  /// Reads `2026-01-05T06:00:00Z`, with any number of decimals (cut after the ninth) and `Z` or an offset such as `+01:00`.
  ///
  /// Nil for anything else: a missing zone, a date that does not exist, an instant beyond 1678…2261. A leap second (`:60`) is refused.
  public init?(iso8601 text: String) {
    var scan = DigitScanner(text)
    guard let year = scan.number(4), scan.take("-"), let month = scan.number(2), scan.take("-"), let day = scan.number(2),
      scan.take("T") || scan.take("t") || scan.take(" "),
      let hour = scan.number(2), scan.take(":"), let minute = scan.number(2), scan.take(":"), let second = scan.number(2),
      (1...12).contains(month), (1...CivilDate.days(inMonth: month, year: year)).contains(day), hour < 24, minute < 60, second < 60
    else { return nil }
    var fraction: Int64 = 0
    if scan.take(".") || scan.take(",") {
      guard let parsed = scan.fraction() else { return nil }
      fraction = parsed
    }
    var shift: Int64 = 0
    if !(scan.take("Z") || scan.take("z")) {
      let sign: Int64
      if scan.take("+") { sign = 1 } else if scan.take("-") { sign = -1 } else { return nil }
      guard let h = scan.number(2), scan.take(":"), let m = scan.number(2), h < 24, m < 60 else { return nil }
      shift = sign * (h * 3600 + m * 60)
    }
    guard scan.isAtEnd else { return nil }
    var seconds = CivilDate(year: year, month: month, day: day).daysSince1970 * 86_400 + hour * 3600 + minute * 60 + second - shift
    // Towards zero first, so that the earliest instants do not overflow on the way.
    if seconds < 0, fraction > 0 {
      seconds += 1
      fraction -= 1_000_000_000
    }
    let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, more) = whole.addingReportingOverflow(fraction)
    guard !overflow, !more else { return nil }
    self.init(nanoseconds: sum)
  }
}

extension Instant: CustomStringConvertible {
  public var description: String { iso8601 }
}

/// A day of the proleptic Gregorian calendar.
///
/// - Source: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil and civil_from_days.
private struct CivilDate {
  var year: Int64
  var month: Int64
  var day: Int64

  init(year: Int64, month: Int64, day: Int64) { (self.year, self.month, self.day) = (year, month, day) }

  init(daysSince1970 days: Int64) {
    let z = days + 719_468
    let era = z.flooredQuotient(146_097)
    let dayOfEra = z - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * shifted + 2) / 5 + 1
    month = shifted < 10 ? shifted + 3 : shifted - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }

  var daysSince1970: Int64 {
    let y = month <= 2 ? year - 1 : year
    let era = y.flooredQuotient(400)
    let yearOfEra = y - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  static func days(inMonth month: Int64, year: Int64) -> Int64 {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}

private struct DigitScanner {
  private let bytes: [UInt8]
  private var position = 0
  init(_ text: String) { bytes = Array(text.utf8) }
  var isAtEnd: Bool { position == bytes.count }

  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard position < bytes.count, UInt32(bytes[position]) == character.value else { return false }
    position += 1
    return true
  }

  mutating func number(_ count: Int) -> Int64? {
    guard position + count <= bytes.count else { return nil }
    var value: Int64 = 0
    for byte in bytes[position..<position + count] {
      guard (48...57).contains(byte) else { return nil }
      value = value * 10 + Int64(byte - 48)
    }
    position += count
    return value
  }

  /// Decimals as nanoseconds.
  mutating func fraction() -> Int64? {
    var value: Int64 = 0
    var count = 0
    while position < bytes.count, (48...57).contains(bytes[position]) {
      if count < 9 { value = value * 10 + Int64(bytes[position] - 48) }
      count += 1
      position += 1
    }
    guard count > 0 else { return nil }
    for _ in min(count, 9)..<9 { value *= 10 }
    return value
  }
}

extension Int64 {
  /// Division rounded towards minus infinity, for a positive divisor.
  fileprivate func flooredQuotient(_ divisor: Int64) -> Int64 { self / divisor - (self % divisor < 0 ? 1 : 0) }
}

private func padded(_ number: Int64, _ width: Int) -> String {
  let text = String(number)
  return text.count >= width ? text : String(repeating: "0", count: width - text.count) + text
}
