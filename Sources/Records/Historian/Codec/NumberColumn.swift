/// A column of doubles, bit for bit: as scaled decimals where the values are decimals (rounded sensors, counts, states), else as the whole
/// numbers that their bits are, in the order of their values.
///
/// Layout: mode (1 byte).
/// - 0 decimal: digits d (1 byte) · exceptions: count (varint), each: distance to the one before (varint), 8 bytes · m for each value
///   (`IntegerColumn`), where value = m / 10ᵈ. An exception (NaN, infinity, −0, a stray) is stored whole; its m repeats its neighbour's.
/// - 1 bits: trailing zeros z (1 byte) · for each value its bits, mapped so that they rise with the value, shifted right by z
///   (`IntegerColumn`).
enum NumberColumn {
  private static let powers: [Double] = (0...15).map { (0..<$0).reduce(1.0) { p, _ in p * 10 } }
  private static let roundingLimit = 0x1p51
  private static let rounder = 0x1.8p52

  static func encode(_ values: [Double], effort: Effort, into writer: inout ByteWriter) {
    if let (digits, scaled, exceptions) = asDecimals(values) {
      writer.append(0)
      writer.append(UInt8(digits))
      writer.appendVarint(exceptions.count)
      var previous = 0
      for i in exceptions {
        writer.appendVarint(i - previous)
        writer.append64(values[i].bitPattern)
        previous = i
      }
      IntegerColumn.encode(scaled, effort: effort, into: &writer)
      return
    }
    var all: UInt64 = 0
    for value in values { all |= value.bitPattern }
    let zeros = min(63, all.trailingZeroBitCount)
    writer.append(1)
    writer.append(UInt8(zeros))
    IntegerColumn.encode(values.map { ordered($0.bitPattern) >> Int64(zeros) }, effort: effort, into: &writer)
  }

  static func decode(count: Int, from reader: inout ByteReader) throws(Malformed) -> [Double] {
    switch try reader.byte() {
    case 0: return try decodeDecimals(count: count, from: &reader)
    case 1:
      let zeros = Int(try reader.byte())
      guard zeros < 64 else { throw Malformed() }
      var column = [Int64](repeating: 0, count: count)
      try IntegerColumn.decode(into: &column, from: &reader)
      return column.map { Double(bitPattern: bits($0, zeros: Int64(zeros))) }
    default: throw Malformed()
    }
  }

  /// Rises with the value: the bits as a signed number, those of a negative value, but for the sign, turned. Of negative ones trailing zeros so
  /// become ones.
  private static func ordered(_ bits: UInt64) -> Int64 {
    let signed = Int64(bitPattern: bits)
    return signed ^ (signed >> 63 & Int64.max)
  }

  /// The bits of what `ordered` gave after `zeros` trailing bits were shifted out.
  private static func bits(_ shifted: Int64, zeros: Int64) -> UInt64 {
    let ordered = shifted &<< zeros | (shifted >> 63 & ((1 &<< zeros) &- 1))
    return UInt64(bitPattern: ordered ^ (ordered >> 63 & Int64.max))
  }

  /// The scaled decimals m of a column of which each value is m / `scale`; nil where some are not.
  static func decodeScaled(count: Int, from reader: inout ByteReader) throws(Malformed) -> (numbers: [Int64], scale: Double)? {
    guard try reader.byte() == 0 else { return nil }
    let digits = Int(try reader.byte())
    guard digits < powers.count else { throw Malformed() }
    guard try reader.varint() == 0 else { return nil }
    var column = [Int64](repeating: 0, count: count)
    try IntegerColumn.decode(into: &column, from: &reader)
    return (column, powers[digits])
  }

  private static func decodeDecimals(count: Int, from reader: inout ByteReader) throws(Malformed) -> [Double] {
    let digits = Int(try reader.byte())
    guard digits < powers.count else { throw Malformed() }
    var exceptions: [(Int, Double)] = []
    var at: UInt64 = 0
    for _ in 0..<(try reader.count(leastBytes: 9)) {
      at &+= try reader.varint()
      guard at < UInt64(count) else { throw Malformed() }
      exceptions.append((Int(at), Double(bitPattern: try reader.read64())))
    }
    let scale = powers[digits]
    var column = [Int64](repeating: 0, count: count)
    try IntegerColumn.decode(into: &column, from: &reader)
    var values = [Double](repeating: 0, count: count)
    do {
      let scaled = column.span
      var values = values.mutableSpan
      if digits == 0 {
        for i in 0..<count { unsafe values[unchecked: i] = unsafe Double(scaled[unchecked: i]) }
      } else {
        for i in 0..<count { unsafe values[unchecked: i] = unsafe Double(scaled[unchecked: i]) / scale }
      }
    }
    for (i, value) in exceptions { values[i] = value }
    return values
  }

  /// The fewest digits that give all values back but a few; nil where there is no such number, or too many exceptions.
  private static func asDecimals(_ values: [Double]) -> (digits: Int, scaled: [Int64], exceptions: [Int])? {
    let allowed = values.count / 16
    var digits = 0
    // What a few values need, most need.
    for i in stride(from: 0, to: values.count, by: max(1, values.count / 16)) {
      if let enough = (digits..<powers.count).first(where: { exact(values[i], powers[$0]) != nil }) { digits = enough }
    }
    var (scaled, exceptions) = scale(values, digits: digits)
    while !exceptions.isEmpty {
      // Would more digits take the first exception? If none do, it stays one, and the next is asked.
      guard let more = moreDigits(values, exceptions, above: digits) else { break }
      let (next, left) = scale(values, digits: more)
      // A value that was exact with fewer digits may not be with more (2⁵¹ is passed).
      if left.count >= exceptions.count { break }
      (digits, scaled, exceptions) = (more, next, left)
    }
    return exceptions.count > allowed ? nil : (digits, scaled, exceptions)
  }

  /// The fewest digits above `digits` that make one of the first exceptions a decimal.
  private static func moreDigits(_ values: [Double], _ exceptions: [Int], above digits: Int) -> Int? {
    for i in exceptions.prefix(8) {
      for more in digits + 1..<max(digits + 1, powers.count) where exact(values[i], powers[more]) != nil { return more }
    }
    return nil
  }

  /// m for each value, its neighbour's where it has none, and the places of these.
  private static func scale(_ values: [Double], digits: Int) -> (scaled: [Int64], exceptions: [Int]) {
    var scaled = [Int64](repeating: 0, count: values.count)
    var exceptions: [Int] = []
    let power = powers[digits]
    var last: Int64 = 0
    let values = values.span
    var span = scaled.mutableSpan
    for i in 0..<values.count {
      if let m = unsafe exact(values[unchecked: i], power) { last = m } else { exceptions.append(i) }
      unsafe span[unchecked: i] = last
    }
    return (scaled, exceptions)
  }

  /// m with m / 10ᵈ equal to `value` to the last bit, or nil. The quotient of two exact numbers is rounded correctly, so
  /// every decimal of up to 15 figures has its m.
  @inline(__always) private static func exact(_ value: Double, _ power: Double) -> Int64? {
    let product = value * power
    guard product.magnitude < roundingLimit else { return nil }
    // To the nearest whole number: the sum has no bits left for a fraction.
    let whole = product + rounder - rounder
    // −0 is no whole number's quotient.
    return (whole / power).bitPattern == value.bitPattern && whole.bitPattern != 1 &<< 63 ? Int64(whole) : nil
  }
}
