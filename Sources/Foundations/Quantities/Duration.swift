/// A span of time: whole nanoseconds, signed.
///
/// Takt's own rather than the standard library's 128-bit one: it is what records and events store, in eight bytes.
public struct Duration: Hashable, Comparable, Sendable {
  public var nanoseconds: Int64

  public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  /// From seconds, rounded to the nearest nanosecond.
  public init(seconds: Double) { nanoseconds = Int64((seconds * 1e9).rounded()) }

  public var seconds: Double { Double(nanoseconds) / 1e9 }
  public var minutes: Double { seconds / 60 }
  public var hours: Double { seconds / 3600 }

  public static let zero = Duration(nanoseconds: 0)
  public static func nanoseconds(_ n: Int64) -> Duration { Duration(nanoseconds: n) }
  public static func milliseconds(_ n: Int64) -> Duration { Duration(nanoseconds: n * 1_000_000) }
  public static func seconds(_ s: Double) -> Duration { Duration(seconds: s) }
  public static func minutes(_ m: Double) -> Duration { Duration(seconds: m * 60) }
  public static func hours(_ h: Double) -> Duration { Duration(seconds: h * 3600) }

  public static func < (a: Duration, b: Duration) -> Bool { a.nanoseconds < b.nanoseconds }
  public static func + (a: Duration, b: Duration) -> Duration { Duration(nanoseconds: a.nanoseconds + b.nanoseconds) }
  public static func - (a: Duration, b: Duration) -> Duration { Duration(nanoseconds: a.nanoseconds - b.nanoseconds) }
  public static func * (a: Duration, k: Double) -> Duration { Duration(seconds: a.seconds * k) }
  public static func / (a: Duration, b: Duration) -> Double { Double(a.nanoseconds) / Double(b.nanoseconds) }
  public static prefix func - (a: Duration) -> Duration { Duration(nanoseconds: -a.nanoseconds) }
  public static func += (a: inout Duration, b: Duration) { a = a + b }
}

extension Duration: Codable {
  public init(from decoder: any Decoder) throws { nanoseconds = try decoder.singleValueContainer().decode(Int64.self) }
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(nanoseconds)
  }
}
