/// A point in plant time: whole nanoseconds since 1970-01-01T00:00:00Z, without leap seconds.
///
/// The range is ±292 years around 1970. Arithmetic traps on overflow.
public struct Instant: Hashable, Comparable, Sendable {
  public var nanoseconds: Int64

  public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  /// From milliseconds since 1970, as Sparkplug carries them.
  public init(milliseconds: Int64) { nanoseconds = milliseconds * 1_000_000 }

  /// From seconds since 1970, rounded to the nearest nanosecond.
  public init(seconds: Double) { nanoseconds = Int64((seconds * 1e9).rounded()) }

  /// Milliseconds since 1970, rounded down.
  public var milliseconds: Int64 { (nanoseconds - (nanoseconds < 0 ? 999_999 : 0)) / 1_000_000 }

  /// Seconds since 1970.
  public var seconds: Double { Double(nanoseconds) / 1e9 }

  public static let distantPast = Instant(nanoseconds: .min)
  public static let distantFuture = Instant(nanoseconds: .max)

  public static func < (a: Instant, b: Instant) -> Bool { a.nanoseconds < b.nanoseconds }
  public static func + (a: Instant, d: Duration) -> Instant { Instant(nanoseconds: a.nanoseconds + d.nanoseconds) }
  public static func - (a: Instant, d: Duration) -> Instant { Instant(nanoseconds: a.nanoseconds - d.nanoseconds) }
  public static func - (a: Instant, b: Instant) -> Duration { Duration(nanoseconds: a.nanoseconds - b.nanoseconds) }
  public static func += (a: inout Instant, d: Duration) { a = a + d }
}

extension Instant: Codable {
  public init(from decoder: any Decoder) throws { nanoseconds = try decoder.singleValueContainer().decode(Int64.self) }
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(nanoseconds)
  }
}
