public import Quantities

/// How far a value may be trusted. The raw values order from worst to best, so `min` combines two qualities.
public enum Quality: UInt8, Sendable, Hashable, Comparable, Codable, CaseIterable {
  /// The source said so, or the value cannot be right (NaN, wrong type, out of the sensor's range).
  case bad = 0
  /// The last value that was known; the source is silent or disconnected.
  case stale = 32
  /// Usable with doubt: late beyond the tag's limit, substituted, or at a limit.
  case uncertain = 64
  case good = 192

  public static func < (a: Quality, b: Quality) -> Bool { a.rawValue < b.rawValue }
}

/// What a tag may hold. Integers and booleans travel as numbers (exact up to 2⁵³).
public enum SampleValue: Sendable, Hashable {
  case number(Double)
  case text(String)

  /// The number, or nil for text.
  public var number: Double? { if case .number(let x) = self { x } else { nil } }
}

/// One observation of one tag.
public struct Sample: Sendable, Hashable {
  /// When the source says that it was measured (plant time).
  public var instant: Instant
  /// When it reached Takt (plant time); `arrival - instant` is its lateness.
  public var arrival: Instant
  public var value: SampleValue
  public var quality: Quality

  public init(instant: Instant, arrival: Instant, value: SampleValue, quality: Quality) {
    (self.instant, self.arrival, self.value, self.quality) = (instant, arrival, value, quality)
  }

  /// How long the sample took to reach Takt.
  public var lateness: Duration { arrival - instant }
}
