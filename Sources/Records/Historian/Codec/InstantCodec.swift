/// Instants that ascend, and lateness behind them.
///
/// Layout: mode (1 byte) · unit (1 byte: 0 ns, 1 µs, 2 ms, 3 s, the coarsest that divides all) · then
/// - mode 0: the multiples, by `IntegerColumn`.
/// - mode 1, a clock that ticks with jitter: period p (varint) · ticks left out before each instant (`IntegerColumn`) · deviations
///   (`IntegerColumn`), where instant i = p · Σ_{j=1…i} (1 + left outⱼ) + deviationᵢ. The deviation is noise about the source's phase, and
///   costs less than the differences of neighbours, which hold that noise twice.
enum InstantCodec {
  static let units: [Int64] = [1, 1_000, 1_000_000, 1_000_000_000]

  static func encode(_ nanoseconds: [Int64], effort: Effort, into writer: inout ByteWriter) {
    let unit = commonUnit(nanoseconds)
    let multiples = unit == 0 ? nanoseconds : nanoseconds.map { $0 / units[unit] }
    if effort == .thorough, let clock = Clock(multiples) {
      var ticking = ByteWriter()
      ticking.appendVarint(UInt64(clock.period))
      IntegerColumn.encode(clock.leftOut, effort: effort, into: &ticking)
      IntegerColumn.encode(clock.deviations, effort: effort, into: &ticking)
      var plain = ByteWriter()
      IntegerColumn.encode(multiples, effort: effort, into: &plain)
      if ticking.count < plain.count {
        writer.append(1)
        writer.append(UInt8(unit))
        writer.bytes += ticking.bytes
      } else {
        writer.append(0)
        writer.append(UInt8(unit))
        writer.bytes += plain.bytes
      }
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
      if unit > 1 { for i in values.indices { values[i] = values[i] &* unit } }
      return values
    }
    let period = Int64(truncatingIfNeeded: try reader.varint())
    var leftOut = [Int64](repeating: 0, count: count)
    try IntegerColumn.decode(into: &leftOut, from: &reader)
    try IntegerColumn.decode(into: &values, from: &reader)
    var tick: Int64 = 0
    let ticks = leftOut.span
    for i in 0..<count {
      if i > 0 { tick = tick &+ period &* (1 &+ ticks[i]) }
      values[i] = (tick &+ values[i]) &* unit
    }
    return values
  }

  private static func commonUnit(_ nanoseconds: [Int64]) -> Int {
    var unit = units.count - 1
    for value in nanoseconds {
      // With constants, so that no division is left.
      switch unit {
      case 3:
        if value % 1_000_000_000 != 0 { fallthrough }
      case 2:
        unit = min(unit, 2)
        if value % 1_000_000 != 0 { fallthrough }
      case 1:
        unit = min(unit, 1)
        if value % 1_000 != 0 { unit = 0 }
      default: return 0
      }
    }
    return unit
  }

  /// Lateness, arrival − instant (wrapping). Layout: as mode 0 of the instants, without the mode.
  static func encodeLateness(arrivals: [Int64], instants: [Int64], effort: Effort, into writer: inout ByteWriter) {
    var lateness = [Int64](repeating: 0, count: instants.count)
    for i in instants.indices { lateness[i] = arrivals[i] &- instants[i] }
    let unit = commonUnit(lateness)
    writer.append(UInt8(unit))
    IntegerColumn.encode(unit == 0 ? lateness : lateness.map { $0 / units[unit] }, effort: effort, into: &writer)
  }

  static func decodeLateness(instants: [Int64], from reader: inout ByteReader) throws(Malformed) -> [Int64] {
    let code = Int(try reader.byte())
    guard code < units.count else { throw Malformed() }
    var values = [Int64](repeating: 0, count: instants.count)
    try IntegerColumn.decode(into: &values, from: &reader)
    for i in values.indices { values[i] = values[i] &* units[code] &+ instants[i] }
    return values
  }
}

/// A source that samples by a clock: its period, where it left out ticks, and how far each instant lies from its tick.
private struct Clock {
  var period: Int64
  var leftOut: [Int64]
  var deviations: [Int64]

  /// Nil where the instants are no clock's: few, or differences that are no multiples of one period, about.
  init?(_ instants: [Int64]) {
    guard instants.count >= 32, instants.last! &- instants.first! > 0 else { return nil }
    var steps: [Int64] = []
    for i in stride(from: 1, to: instants.count, by: max(1, instants.count / 512)) { steps.append(instants[i] &- instants[i - 1]) }
    steps.sort()
    let median = steps[steps.count / 2]
    guard median > 1 else { return nil }
    // The median of jittered steps is near the period; the whole span, counted in it, gives the period itself.
    var ticks: Int64 = 0
    for i in 1..<instants.count {
      let step = instants[i] &- instants[i - 1]
      guard step > 0 else { return nil }
      ticks += max(1, (step + median / 2) / median)
    }
    period = (instants.last! - instants.first! + ticks / 2) / ticks
    guard period > 1 else { return nil }
    leftOut = [0]
    deviations = [instants[0]]
    leftOut.reserveCapacity(instants.count)
    deviations.reserveCapacity(instants.count)
    var tick: Int64 = 0
    for i in 1..<instants.count {
      let steps = max(1, (instants[i] - instants[i - 1] + period / 2) / period)
      tick += steps * period
      leftOut.append(steps - 1)
      deviations.append(instants[i] - tick)
    }
  }
}
