internal import Foundation

/// The functions that are answered.
enum Functions {
  /// Of one number.
  static let ofNumber: [String: @Sendable (Double) -> Double] = [
    "abs": { $0.magnitude }, "ceil": { $0.rounded(.up) }, "floor": { $0.rounded(.down) }, "sqrt": { $0.squareRoot() },
    "exp": { Foundation.exp($0) }, "ln": { Foundation.log($0) }, "log2": { Foundation.log2($0) }, "log10": { Foundation.log10($0) },
    "sgn": { $0 > 0 ? 1 : $0 < 0 ? -1 : $0 }, "sin": { Foundation.sin($0) }, "cos": { Foundation.cos($0) }, "tan": { Foundation.tan($0) },
    "deg": { $0 * 180 / .pi }, "rad": { $0 * .pi / 180 },
  ]
  /// Of a time in seconds, in UTC.
  static let ofTime: [String: @Sendable (CivilTime) -> Int] = [
    "minute": { $0.minute }, "hour": { $0.hour }, "day_of_week": { $0.dayOfWeek }, "day_of_month": { $0.day }, "month": { $0.month },
    "year": { $0.year },
  ]
  private static let others: Set<String> = [
    "absent", "absent_over_time", "clamp", "clamp_max", "clamp_min", "label_join", "label_replace", "pi", "quantile_over_time", "round", "scalar",
    "sort", "sort_desc", "time", "timestamp", "vector",
  ]

  static func isKnown(_ name: String) -> Bool {
    RangeFunction(rawValue: name) != nil || ofNumber[name] != nil || ofTime[name] != nil || others.contains(name)
  }
}

/// A moment of the Gregorian calendar, in UTC.
struct CivilTime {
  var (year, month, day, hour, minute, dayOfWeek) = (1970, 1, 1, 0, 0, 4)

  /// - Source: H. Hinnant, "chrono-compatible low-level date algorithms", civil_from_days.
  init?(seconds: Double) {
    guard seconds.magnitude < 1e13 else { return nil }
    let whole = Int(seconds.rounded(.down))
    let days = whole >= 0 ? whole / 86_400 : (whole - 86_399) / 86_400
    let rest = whole - days * 86_400
    (hour, minute) = (rest / 3600, rest / 60 % 60)
    dayOfWeek = ((days + 4) % 7 + 7) % 7
    let z = days + 719_468
    let era = (z >= 0 ? z : z - 146_096) / 146_097
    let dayOfEra = z - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * shifted + 2) / 5 + 1
    month = shifted < 10 ? shifted + 3 : shifted - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }
}
