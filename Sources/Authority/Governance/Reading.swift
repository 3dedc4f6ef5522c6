public import Quantities
public import Telemetry

/// The latest value of a set-point or interlock tag, as the governor and the gateway see it.
public struct Reading: Hashable, Sendable, Codable {
  public var value: Double
  public var quality: Quality
  /// When the source measured it (plant time).
  public var instant: Instant
  /// What the source says besides; a value with a remark never passes.
  public var remark: SourceRemark?
  /// The sensor has repeated itself for so long that it may have stopped measuring. That stops nothing that is under way (see `Quality` for what is known
  /// to be wrong), and lets nothing go on to its next stage.
  public var isSuspect: Bool

  public init(value: Double, quality: Quality, instant: Instant, remark: SourceRemark? = nil, isSuspect: Bool = false) {
    (self.value, self.quality, self.instant, self.remark, self.isSuspect) = (value, quality, instant, remark, isSuspect)
  }

  /// Good, a proper number, not older than `freshness`, and not from the future by more than half of it.
  public func isFresh(at now: Instant, within freshness: Duration) -> Bool {
    isUsable && now - instant <= freshness && !isDatedAhead(of: now, within: freshness)
  }

  /// From the future by more than half of what it may age.
  func isDatedAhead(of now: Instant, within freshness: Duration) -> Bool { instant - now > freshness * 0.5 }

  /// Good, without a remark, finite and not subnormal: whatever its age.
  var isUsable: Bool { quality == .good && remark == nil && value.isFinite && !value.isSubnormal }
}

extension Double {
  /// What may be written, proposed or claimed: finite, and neither −0 nor subnormal, which no set-point is and many a parser makes.
  var isProper: Bool { isFinite && !isSubnormal && !(self == 0 && sign == .minus) }
}
