public import Quantities

/// An instant as RFC 3339 writes it in UTC: `2026-03-01T06:00:00.25Z`.
///
/// Days to dates by Howard Hinnant's algorithm (chrono-compatible low-level date algorithms, civil_from_days).
public func rfc3339(_ instant: Instant) -> String {
  let (seconds, fraction) = floorDivide(instant.nanoseconds, 1_000_000_000)
  let (days, second) = floorDivide(seconds, 86_400)
  let (era, dayOfEra) = floorDivide(days + 719_468, 146_097)
  let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
  let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
  let shiftedMonth = (5 * dayOfYear + 2) / 153
  let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
  let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
  let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  var text = "\(digits(year, 4))-\(digits(month, 2))-\(digits(day, 2))"
  text += "T\(digits(second / 3600, 2)):\(digits(second / 60 % 60, 2)):\(digits(second % 60, 2))"
  if fraction > 0 {
    var part = digits(fraction, 9)
    while part.hasSuffix("0") { part.removeLast() }
    text += ".\(part)"
  }
  return text + "Z"
}

private func floorDivide(_ a: Int64, _ b: Int64) -> (quotient: Int64, remainder: Int64) {
  let (quotient, remainder) = a.quotientAndRemainder(dividingBy: b)
  return remainder < 0 ? (quotient - 1, remainder + b) : (quotient, remainder)
}

private func digits(_ number: Int64, _ count: Int) -> String {
  let text = String(number)
  return String(repeating: "0", count: max(0, count - text.count)) + text
}
