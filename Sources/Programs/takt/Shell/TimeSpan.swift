import ArgumentParser
import Quantities

/// A span of time as it is typed: `90s`, `30m`, `8h` or `2d`; also `8 h` and `30 min`.
struct TimeSpan: ExpressibleByArgument, Hashable, Comparable {
  let duration: Quantities.Duration

  init(_ duration: Quantities.Duration) { self.duration = duration }

  init?(argument text: String) {
    let digits = text.prefix { $0.isNumber || $0 == "." }
    let unit = text.dropFirst(digits.count).drop { $0 == " " }
    let units = ["s": 1.0, "m": 60, "min": 60, "h": 3600, "d": 86_400]
    guard let seconds = units[String(unit)], let count = Double(digits), count > 0, count * seconds <= 1e8 else { return nil }
    duration = .seconds(count * seconds)
  }

  static func < (a: TimeSpan, b: TimeSpan) -> Bool { a.duration < b.duration }

  var isWholeMinutes: Bool { duration.nanoseconds.isMultiple(of: 60_000_000_000) }

  /// As short as it can be typed.
  var defaultValueDescription: String {
    let seconds = duration.seconds
    let (size, unit) = seconds >= 3600 ? (3600.0, "h") : seconds >= 60 ? (60.0, "m") : (1.0, "s")
    let count = seconds / size
    return (count == count.rounded() ? "\(Int(count))" : "\(count)") + unit
  }
}

/// Several spans, joined by commas: `1h,8h`.
struct TimeSpans: ExpressibleByArgument {
  let all: [TimeSpan]

  init?(argument text: String) {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    let spans = parts.compactMap { TimeSpan(argument: String($0.drop { $0 == " " })) }
    guard spans.count == parts.count else { return nil }
    all = Set(spans).sorted()
  }
}
