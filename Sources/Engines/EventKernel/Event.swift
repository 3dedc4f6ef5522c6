/// What a pending event is: 16 bytes, ordered by time, then priority, then first in first out.
///
/// `key` holds, from its top bit down, the priority (3 bits), the order of scheduling (35), the kind (6) and the slot (20).
@frozen public struct Event: Sendable, BitwiseCopyable {
  /// The bits of `time`: times are not negative, so these order as they do.
  @usableFromInline let timeBits: UInt64
  /// Unique among the events of one calendar.
  public let key: UInt64

  /// No event: later than every other.
  @inlinable public static var none: Event { Event(time: .infinity, key: .max) }

  @inlinable @inline(__always) init(time: Double, key: UInt64) { (timeBits, self.key) = (time.bitPattern, key) }

  @inlinable @inline(__always) init(timeBits: UInt64, key: UInt64) { (self.timeBits, self.key) = (timeBits, key) }

  /// Seconds from the start of the run, not negative; infinite for no event.
  @inlinable @inline(__always) public var time: Double { Double(bitPattern: timeBits) }

  /// The slot of the calendar that it was scheduled in.
  @inlinable @inline(__always) public var slot: Int { Int(truncatingIfNeeded: key & Event.slotMask) }
  /// The code of its kind.
  @inlinable @inline(__always) public var code: UInt8 { UInt8(truncatingIfNeeded: (key >> 20) & 0x3f) }

  @inlinable @inline(__always) public static func < (a: Event, b: Event) -> Bool { a.differenceSign(b) != 0 }

  /// All ones where this event comes before another, else 0: the sign of the difference of 128 bits.
  @inlinable @inline(__always) func differenceSign(_ other: Event) -> UInt64 {
    let low = key.subtractingReportingOverflow(other.key)
    let high = timeBits &- other.timeBits &- (low.overflow ? 1 : 0)
    return UInt64(bitPattern: Int64(bitPattern: high) >> 63)
  }

  /// The earlier of two events, by arithmetic alone: which one it is cannot be foretold, so a branch would be a guess.
  @inlinable @inline(__always) func earlier(_ other: Event) -> Event {
    let mask = other.differenceSign(self)
    return Event(timeBits: timeBits ^ (timeBits ^ other.timeBits) & mask, key: key ^ (key ^ other.key) & mask)
  }

  /// The most slots of a calendar.
  public static let slotLimit = 1 << 20
  @usableFromInline static let slotMask: UInt64 = 0xf_ffff
  /// How many events a calendar can order before their numbers run out.
  public static let orderLimit: UInt64 = 1 << 35
}

/// A kind of event: a code to dispatch on, and what happens first at one instant.
@frozen public struct EventKind: Sendable, BitwiseCopyable {
  @usableFromInline let bits: UInt64

  /// - Parameters: code: 0 … 63; priority: 0 (first) … 7 (last) among the events of one instant.
  @inlinable public init(code: UInt8, priority: UInt8) {
    precondition(code < 64 && priority < 8, "an event kind of code \(code), priority \(priority)")
    bits = UInt64(priority) << 61 | UInt64(code) << 20
  }

  @inlinable public var code: UInt8 { UInt8(truncatingIfNeeded: (bits >> 20) & 0x3f) }
}
