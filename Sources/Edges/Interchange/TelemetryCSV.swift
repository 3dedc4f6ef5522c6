/// Telemetry as comma-separated values: a header `tag,timestamp_ms,value,quality`, then one sample a line, in order of arrival.
///
/// - `tag`: the tag's path.
/// - `timestamp_ms`: the source's instant, milliseconds since 1970; a fraction gives nanoseconds.
/// - `value`: a number, or any other text. An empty value is a bad sample of which nothing is known (NaN).
/// - `quality`: 0 bad, 32 stale, 64 uncertain, 192 good; other OPC quality bytes by their class: from 192 good, 64...127
///   uncertain, all else bad.
///
/// Arrival is not in the file, but order is: a sample arrives at the greatest instant read so far, so one that is out of order
/// counts as late by what it lags behind. Quoting is RFC 4180's.
public enum TelemetryCSV {
  /// The columns, in order.
  public static let header = ["tag", "timestamp_ms", "value", "quality"]

  /// A line that was not taken, and why.
  public struct Problem: Sendable, Hashable, CustomStringConvertible {
    /// The line on which the record begins, from 1.
    public var line: Int
    public var reason: String

    public init(line: Int, reason: String) { (self.line, self.reason) = (line, reason) }

    public var description: String { "line \(line): \(reason)" }
  }
}
