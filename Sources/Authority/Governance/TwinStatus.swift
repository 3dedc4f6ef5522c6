public import Quantities
public import Telemetry

/// How the twin stands against reality.
public struct TwinStatus: Hashable, Sendable, Codable {
  /// The plant revision that the twin was built from.
  public var revision: String
  /// Names the calibration in force.
  public var calibration: String
  public var valid: Bool
  /// 0 (useless) … 1 (cannot be told from the plant).
  public var score: Double
  /// Why it is not valid, or what limits it, in words for a person.
  public var reason: String
  public init(revision: String, calibration: String, valid: Bool, score: Double, reason: String) {
    (self.revision, self.calibration, self.valid, self.score, self.reason) = (revision, calibration, valid, score, reason)
  }
}

/// The latest value of a set-point or interlock tag, as the governor and the gateway see it.
public struct Reading: Hashable, Sendable, Codable {
  public var value: Double
  public var quality: Quality
  /// When the source measured it (plant time).
  public var instant: Instant
  public init(value: Double, quality: Quality, instant: Instant) { (self.value, self.quality, self.instant) = (value, quality, instant) }

  /// Good, finite, not older than `freshness`, and not from the future by more than half of it.
  public func isFresh(at now: Instant, within freshness: Duration) -> Bool {
    quality == .good && value.isFinite && now - instant <= freshness && instant - now <= freshness * 0.5
  }
}
