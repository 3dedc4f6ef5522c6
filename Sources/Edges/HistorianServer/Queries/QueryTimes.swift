internal import PromQL
internal import Quantities

/// Times and durations as query parameters carry them.
enum QueryTimes {
  /// Seconds since 1970 with a fraction, or RFC 3339; nil where it is neither.
  static func instant(_ text: String) -> Int64? {
    if let seconds = Double(text) {
      // Apart, so that a nanosecond is not lost in a double.
      let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
      if let whole = Int64(parts[0]), whole.magnitude < 9_000_000_000 {
        guard parts.count == 2 else { return whole * 1_000_000_000 }
        let digits = parts[1].prefix(9)
        guard let fraction = Int64(digits + String(repeating: "0", count: 9 - digits.count)), fraction >= 0 else { return nil }
        return whole * 1_000_000_000 + (text.hasPrefix("-") ? -fraction : fraction)
      }
      return seconds.magnitude < 9e9 ? Int64((seconds * 1e9).rounded()) : nil
    }
    return Instant(iso8601: text)?.nanoseconds
  }

  /// Seconds, or `5m`, `1h30m`.
  static func duration(_ text: String) -> Int64? {
    if let seconds = Double(text) { return seconds > 0 && seconds < 9e9 ? Int64((seconds * 1e9).rounded()) : nil }
    return PromQuery.duration(text)
  }
}
