public import Quantities

/// The fencing token of one command: strictly increasing, first by the gateway's epoch (one per start), then by number.
///
/// It is per command, not per leader: the same leader's delayed write must not land after that leader recorded a rollback.
public struct WriteToken: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
  public var epoch: UInt64
  public var sequence: UInt64
  public init(epoch: UInt64, sequence: UInt64) { (self.epoch, self.sequence) = (epoch, sequence) }
  public static func < (a: WriteToken, b: WriteToken) -> Bool { (a.epoch, a.sequence) < (b.epoch, b.sequence) }
  public var description: String { "\(epoch).\(sequence)" }
}

/// One write that the governor has decided on; its `WriteIntended` fact is durable before anybody acts on it.
public struct WriteIntent: Hashable, Sendable, Codable {
  /// Forward, towards what a change wants; or back, to the last known good.
  public enum Purpose: String, Hashable, Sendable, Codable { case advance, restore }
  public var token: WriteToken
  public var change: ChangeID
  public var tag: String
  /// What the tag read when this was decided.
  public var from: Double
  public var value: Double
  public var purpose: Purpose
  /// Not to be sent after this instant (plant time).
  public var expires: Instant
  /// UCUM code of `value`; nil in facts of earlier versions, and then never written.
  public var unit: String?
  public init(
    token: WriteToken, change: ChangeID, tag: String, from: Double, value: Double, purpose: Purpose, expires: Instant, unit: String? = nil
  ) {
    (self.token, self.change, self.tag, self.from) = (token, change, tag, from)
    (self.value, self.purpose, self.expires, self.unit) = (value, purpose, expires, unit)
  }
}

/// Why a write was not let through. Nothing has reached the plant.
public struct WriteRefusal: Hashable, Sendable, Codable {
  public enum Reason: String, Hashable, Sendable, Codable {
    /// The gateway has opened a new epoch and is not unsealed yet; retry after.
    case sealed
    /// A person has the plant; retry after re-arming.
    case manual
    /// Token from another epoch or not above the last one; a retry needs a new token.
    case fenced
    /// The intent is past its expiry.
    case expired
    /// No limit in the envelope, or no actuator, for the tag; a retry cannot help.
    case notWritable
    case notFinite
    case outsideLimits
    case stepTooLarge
    /// The tag's allowance of the hour is spent; retry later.
    case rateExceeded
    /// An interlock holds, or what it watches is not known; retry later.
    case interlock
    /// The tag's own reading is bad, stale or missing; retry later.
    case staleReading
    /// An earlier write to the tag is not finished; retry after its read-back.
    case pending
    /// The governor has shown no sign of life for too long; retry after the next one.
    case noHeartbeat
    /// A person has overridden the tag at the machine; retry when they let go.
    case localOverride
    /// A negative zero or a subnormal number.
    case improperNumber
    /// The intent carries no unit, or not the tag's own.
    case wrongUnit
    /// A permissive does not certainly hold; retry later.
    case permissive
    /// The sum over several tags would be too high; retry when the others have moved.
    case coupledLimit
    /// A property is violated, not known, or too near to it; retry later.
    case property
    /// What the tag starts cannot be taken back.
    case irreversible
  }
  public var reason: Reason
  public var detail: String
  public init(_ reason: Reason, _ detail: String) { (self.reason, self.detail) = (reason, detail) }

  /// Whether the same write may pass later without a new decision.
  public var passes: Bool {
    switch reason {
    case .sealed, .manual, .rateExceeded, .interlock, .staleReading, .pending, .noHeartbeat, .localOverride, .permissive, .coupledLimit, .property:
      true
    case .fenced, .expired, .notWritable, .notFinite, .outsideLimits, .stepTooLarge, .improperNumber, .wrongUnit, .irreversible: false
    }
  }
}

/// Why a write that was sent did not become true.
public struct WriteFailure: Hashable, Sendable, Codable {
  public enum Reason: String, Hashable, Sendable, Codable {
    /// The plant made another value of it (its own limits).
    case clamped
    /// The read-back still shows something else at the deadline.
    case mismatch
    /// No reading of the tag since the write.
    case noReadBack
    /// Found unfinished after a restart, and the plant does not have it.
    case notApplied
    /// Never sent: a person took over in between.
    case withheld
  }
  public var reason: Reason
  public var readBack: Double?
  public init(_ reason: Reason, readBack: Double?) { (self.reason, self.readBack) = (reason, readBack) }

  /// The write may still land.
  var leavesDoubt: Bool {
    switch reason {
    case .mismatch, .noReadBack, .notApplied: true
    case .clamped, .withheld: false
    }
  }
}

/// What the gateway tells. `confirmed` and `failed` come once per token, `replayed` once per epoch, `stopped` once per stop.
public enum GatewayReport: Hashable, Sendable, Codable {
  case refused(WriteToken, WriteRefusal)
  /// Read back: the plant has the value.
  case confirmed(WriteToken, readBack: Double)
  case failed(WriteToken, WriteFailure)
  /// A command came again, too late or out of order, and was refused; however many follow, this is the one alarm.
  case replayed(WriteToken)
  /// No sign of life from the governor: nothing is written until a new epoch is opened, and each tag does what the envelope says.
  case stopped([TagHold])
}
