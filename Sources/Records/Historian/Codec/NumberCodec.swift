/// A column of doubles, bit for bit: as scaled decimals where the values are decimals (rounded sensors, counts, states),
/// else by XOR with the value before (Gorilla).
///
/// Layout: mode (1 byte). Mode 0, decimal: digits d (1 byte) · exceptions (count; each: distance to the one before, 8 bytes)
/// · m for each value, by `IntegerCodec`, where value = m / 10ᵈ. Mode 1: `XORCodec`. Mode 2: eight bytes each.
/// An exception (NaN, infinity, −0, a stray full-precision value) is stored whole; its m repeats its neighbour's.
enum NumberCodec {
  private static let powers: [Double] = (0...15).map { (0..<$0).reduce(1.0) { p, _ in p * 10 } }
  private static let exactLimit = 9_007_199_254_740_992.0  // 2⁵³

  static func encode(_ values: [Double], into writer: inout ByteWriter) {
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
      IntegerCodec.encode(scaled, into: &writer)
      return
    }
    var packed = ByteWriter()
    XORCodec.encode(values, into: &packed)
    if packed.count < 8 * values.count {
      writer.append(1)
      writer.bytes += packed.bytes
    } else {
      writer.append(2)
      writer.appendColumn(values)
    }
  }

  static func decode(count: Int, from reader: inout ByteReader) throws(Malformed) -> [Double] {
    switch try reader.byte() {
    case 0: return try decodeDecimals(count: count, from: &reader)
    case 1: return try XORCodec.decode(count: count, from: &reader)
    case 2: return try reader.numbers(count)
    default: throw Malformed()
    }
  }

  private static func decodeDecimals(count: Int, from reader: inout ByteReader) throws(Malformed) -> [Double] {
    let digits = Int(try reader.byte())
    guard digits < powers.count else { throw Malformed() }
    var exceptions: [(Int, Double)] = []
    var at = 0
    for _ in 0..<(try reader.count(leastBytes: 9)) {
      at += Int(truncatingIfNeeded: try reader.varint())
      guard 0..<count ~= at else { throw Malformed() }
      exceptions.append((at, Double(bitPattern: try reader.read64())))
    }
    let scale = powers[digits]
    var values = try IntegerCodec.decode(count: count, from: &reader).map { Double($0) / scale }
    for (i, value) in exceptions { values[i] = value }
    return values
  }

  /// The fewest digits that give all values back but a few; nil where there is no such number, or too many exceptions.
  private static func asDecimals(_ values: [Double]) -> (digits: Int, scaled: [Int64], exceptions: [Int])? {
    let allowed = values.count / 16
    var digits = 0
    var strays = 0
    for value in values {
      var d = digits
      while d < powers.count, exact(value, digits: d) == nil { d += 1 }
      if d < powers.count { digits = d } else { strays += 1 }
      if strays > allowed { return nil }
    }
    // A value that was exact with fewer digits may not be with more (2⁵³ is passed), so all are tried again.
    var scaled: [Int64] = []
    var exceptions: [Int] = []
    scaled.reserveCapacity(values.count)
    for (i, value) in values.enumerated() {
      if let m = exact(value, digits: digits) {
        scaled.append(m)
      } else {
        exceptions.append(i)
        scaled.append(scaled.last ?? 0)
        if exceptions.count > allowed { return nil }
      }
    }
    return (digits, scaled, exceptions)
  }

  /// m with m / 10ᵈ equal to `value` to the last bit, or nil. The quotient of two exact numbers is rounded correctly, so
  /// every decimal of up to 15 figures has its m.
  @inline(__always) private static func exact(_ value: Double, digits: Int) -> Int64? {
    let product = (value * powers[digits]).rounded()
    guard product.magnitude < exactLimit else { return nil }
    let m = Int64(product)
    return (Double(m) / powers[digits]).bitPattern == value.bitPattern ? m : nil
  }
}
