import Quantities

/// Reads the instants that event logs carry.
///
/// - ISO 8601 with or without a zone (`2012-01-30T06:24:00.000`); without one it is taken as UTC, so local times keep their hour of day.
/// - The same with `/` between the parts of the date and a space before the time (`2012/01/30 06:24`), seconds optional.
/// - A plain number: seconds or milliseconds, as the unit says.
///
/// A date that begins with the day or the month is refused: `03/04/2012` is two different days.
enum LogTimestamp {
  /// What a plain number counts.
  enum Unit: Sendable { case seconds, milliseconds, microseconds, nanoseconds }

  static let remedy = "write year first, as 2026-03-01T06:00:00Z, or a number of seconds (of milliseconds in a column that ends with _ms)"

  static func instant(_ text: String, unit: Unit) -> Instant? {
    if let number = decimal(text, unit) { return number }
    if let exact = Instant(iso8601: text) { return exact }
    var bytes = Array(text.utf8)
    guard bytes.count >= 10, bytes[4] == bytes[7], bytes[4] == UInt8(ascii: "/") || bytes[4] == UInt8(ascii: "-") else { return nil }
    (bytes[4], bytes[7]) = (UInt8(ascii: "-"), UInt8(ascii: "-"))
    if bytes.count == 10 { bytes += Array("T00:00".utf8) }
    if bytes.count == 16 { bytes += Array(":00".utf8) }
    let standard = String(decoding: bytes, as: UTF8.self)
    return Instant(iso8601: standard) ?? Instant(iso8601: standard + "Z")
  }

  private static func decimal(_ text: String, _ unit: Unit) -> Instant? {
    guard let first = text.utf8.first, (48...57).contains(first) || first == UInt8(ascii: "-"), let value = Double(text), value.isFinite else {
      return nil
    }
    let scale: Double =
      switch unit {
      case .seconds: 1
      case .milliseconds: 1e-3
      case .microseconds: 1e-6
      case .nanoseconds: 1e-9
      }
    let seconds = value * scale
    return abs(seconds) < 9e9 ? Instant(seconds: seconds) : nil
  }
}
