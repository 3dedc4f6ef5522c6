/// Instants that ascend, and lateness behind them.
///
/// Layout: mode (1 byte) · unit (1 byte: 0 ns, 1 µs, 2 ms, 3 s, the coarsest that divides all) · then
/// - mode 0: the multiples, by `IntegerColumn`.
/// - mode 1, a clock that ticks with jitter: period p (varint) · least deviation (signed) · greatest less least (varint) · ticks left out before
///   each instant (`IntegerColumn`) · deviations (`IntegerColumn`), where instant i = p · Σ_{j=1…i} (1 + left outⱼ) + deviationᵢ. The deviation is noise about the source's phase, and
///   costs less than the differences of neighbours, which hold that noise twice.
enum InstantCodec {
  static let units: [Int64] = [1, 1_000, 1_000_000, 1_000_000_000]

  static func encode(_ nanoseconds: [Int64], effort: Effort, into writer: inout ByteWriter) {
    let unit = commonUnit(nanoseconds)
    let multiples = multiples(nanoseconds, of: unit)
    if effort == .thorough, let clock = Clock(multiples) {
      writer.append(1)
      writer.append(UInt8(unit))
      writer.appendVarint(UInt64(clock.period))
      let least = clock.deviations.min()!
      writer.appendSigned(least)
      writer.appendVarint(UInt64(bitPattern: clock.deviations.max()! &- least))
      IntegerColumn.encode(clock.leftOut, effort: effort, into: &writer)
      IntegerColumn.encode(clock.deviations, effort: effort, into: &writer)
      return
    }
    writer.append(0)
    writer.append(UInt8(unit))
    IntegerColumn.encode(multiples, effort: effort, into: &writer)
  }

  static func decode(count: Int, from reader: inout ByteReader) throws(Malformed) -> [Int64] {
    let mode = try reader.byte()
    let code = Int(try reader.byte())
    guard mode <= 1, code < units.count else { throw Malformed() }
    let unit = units[code]
    var values = [Int64](repeating: 0, count: count)
    if mode == 0 {
      try IntegerColumn.decode(into: &values, from: &reader)
      if unit > 1 {
        var span = values.mutableSpan
        for i in 0..<count { unsafe span[unchecked: i] = unsafe span[unchecked: i] &* unit }
      }
      return values
    }
    let period = Int64(truncatingIfNeeded: try reader.varint())
    _ = try reader.signed()
    _ = try reader.varint()
    var leftOut = [Int64](repeating: 0, count: count)
    try IntegerColumn.decode(into: &leftOut, from: &reader)
    try IntegerColumn.decode(into: &values, from: &reader)
    // The first instant lies at tick 0, whatever stands before it.
    var tick = -period &* (1 &+ (leftOut.first ?? 0))
    let ticks = leftOut.span
    var span = values.mutableSpan
    for i in 0..<count {
      tick = unsafe tick &+ period &* (1 &+ ticks[unchecked: i])
      unsafe span[unchecked: i] = unsafe (tick &+ span[unchecked: i]) &* unit
    }
    return values
  }

  /// Where the instants must lie, without decoding them: nil unless a clock made them and left out no tick.
  static func ticks(from reader: ByteReader) throws(Malformed) -> Ticks? {
    var reader = reader
    let mode = try reader.byte()
    let code = Int(try reader.byte())
    guard mode == 1, code < units.count else { return nil }
    let period = try reader.varint()
    let least = try reader.signed()
    let spread = try reader.varint()
    // No tick left out: a sparse column (0) without a change, about 0.
    guard try reader.byte() == 0, try reader.byte() <= 1, try reader.signed() == 0, try reader.varint() == 0 else { return nil }
    return Ticks(period: period, least: least, spread: spread, unit: units[code])
  }

  private static func commonUnit(_ nanoseconds: [Int64]) -> Int {
    // With constants, so that no division is left.
    if nanoseconds.allSatisfy({ $0 % 1_000_000_000 == 0 }) { return 3 }
    if nanoseconds.allSatisfy({ $0 % 1_000_000 == 0 }) { return 2 }
    return nanoseconds.allSatisfy { $0 % 1_000 == 0 } ? 1 : 0
  }

  private static func multiples(_ nanoseconds: [Int64], of unit: Int) -> [Int64] {
    switch unit {
    case 3: nanoseconds.map { $0 / 1_000_000_000 }
    case 2: nanoseconds.map { $0 / 1_000_000 }
    case 1: nanoseconds.map { $0 / 1_000 }
    default: nanoseconds
    }
  }

  /// Lateness, arrival − instant (wrapping). Layout: as mode 0 of the instants, without the mode.
  static func encodeLateness(arrivals: [Int64], instants: [Int64], effort: Effort, into writer: inout ByteWriter) {
    var lateness = [Int64](repeating: 0, count: instants.count)
    do {
      let (arrivals, instants) = (arrivals.span, instants.span)
      var lateness = lateness.mutableSpan
      for i in 0..<instants.count { lateness[i] = arrivals[i] &- instants[i] }
    }
    let unit = commonUnit(lateness)
    writer.append(UInt8(unit))
    IntegerColumn.encode(multiples(lateness, of: unit), effort: effort == .quick ? .quick : .thoroughAndPeriodic, into: &writer)
  }

  static func decodeLateness(instants: [Int64], from reader: inout ByteReader) throws(Malformed) -> [Int64] {
    let code = Int(try reader.byte())
    guard code < units.count else { throw Malformed() }
    var values = [Int64](repeating: 0, count: instants.count)
    try IntegerColumn.decode(into: &values, from: &reader)
    let unit = units[code]
    let instants = instants.span
    var span = values.mutableSpan
    for i in 0..<instants.count { span[i] = span[i] &* unit &+ instants[i] }
    return values
  }
}

/// A clock without a gap: instant i lies between `period`·i + `least` and `spread` above that, in units.
struct Ticks {
  private let period: Int64
  private let least: Int64
  private let greatest: Int64

  /// Nil where the numbers are beyond what multiplying them by a chunk's count may reach.
  init?(period: UInt64, least: Int64, spread: UInt64, unit: Int64) {
    let limit: UInt64 = 1 << 40
    guard period > 0, period < limit, spread < limit else { return nil }
    let (periodNanoseconds, first) = Int64(period).multipliedReportingOverflow(by: unit)
    let (leastNanoseconds, second) = least.multipliedReportingOverflow(by: unit)
    let (spreadNanoseconds, third) = Int64(spread).multipliedReportingOverflow(by: unit)
    guard !first, !second, !third, leastNanoseconds.magnitude < 1 << 62, spreadNanoseconds < 1 << 60 else { return nil }
    (self.period, self.least, greatest) = (periodNanoseconds, leastNanoseconds, leastNanoseconds + spreadNanoseconds)
  }

  /// The first of `count` indices whose instant is not before `instant`; nil where only the instants themselves can tell.
  func firstIndex(atOrAfter instant: Int64, count: Int) -> Int? {
    // All from here on are surely not before; all before the other surely are.
    let notBefore = min(count, Self.quotientUp(instant.subtractingReportingOverflow(least), period))
    let before = min(count, Self.quotientUp(instant.subtractingReportingOverflow(greatest), period))
    return notBefore == before ? notBefore : nil
  }

  /// ⌈difference / period⌉, at least 0; the greatest number where the difference is none.
  private static func quotientUp(_ difference: (partialValue: Int64, overflow: Bool), _ period: Int64) -> Int {
    if difference.overflow { return difference.partialValue < 0 ? .max : 0 }
    if difference.partialValue <= 0 { return 0 }
    return Int((difference.partialValue - 1) / period) + 1
  }
}

/// A source that samples by a clock: its period, where it left out ticks, and how far each instant lies from its tick.
private struct Clock {
  var period: Int64
  var leftOut: [Int64]
  var deviations: [Int64]

  /// Nil where the instants are no clock's: few, or ticks that stray by more than a quarter of the period in more than one of eight steps.
  init?(_ instants: [Int64]) {
    guard instants.count >= 32, instants.last! &- instants.first! > 0 else { return nil }
    var steps: [Int64] = []
    for i in stride(from: 1, to: instants.count, by: max(1, instants.count / 512)) { steps.append(instants[i] &- instants[i - 1]) }
    steps.sort()
    let median = steps[steps.count / 2]
    guard median > 1 else { return nil }
    // The median of jittered steps is near the period; the whole span, counted in it, gives the period itself.
    var ticks: Int64 = 0
    var strays = 0
    for i in 1..<instants.count {
      let step = instants[i] &- instants[i - 1]
      guard step > 0 else { return nil }
      // Nearly every step is one period, which saves the division.
      let count = step < median + median / 2 && step >= median - median / 2 ? 1 : max(1, (step &+ median / 2) / median)
      ticks += count
      if (step - count &* median).magnitude > UInt64(median / 4) { strays += 1 }
    }
    guard 8 * strays <= instants.count else { return nil }
    period = (instants.last! - instants.first! + ticks / 2) / ticks
    guard period > 1 else { return nil }
    leftOut = [0]
    deviations = [instants[0]]
    leftOut.reserveCapacity(instants.count)
    deviations.reserveCapacity(instants.count)
    var tick: Int64 = 0
    for i in 1..<instants.count {
      let step = instants[i] - instants[i - 1]
      let steps = step < period + period / 2 ? 1 : (step &+ period / 2) / period
      tick = tick &+ steps &* period
      leftOut.append(steps - 1)
      deviations.append(instants[i] &- tick)
    }
  }
}
