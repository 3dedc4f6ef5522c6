/// Version 1's column of doubles, read only: as scaled decimals where the values are decimals (rounded sensors, counts, states),
/// else by XOR with the value before (Gorilla).
///
/// Layout: mode (1 byte). Mode 0, decimal: digits d (1 byte) · exceptions (count; each: distance to the one before, 8 bytes)
/// · m for each value, by `IntegerCodec`, where value = m / 10ᵈ. Mode 1: `XORCodec`. Mode 2: eight bytes each.
/// An exception (NaN, infinity, −0, a stray full-precision value) is stored whole; its m repeats its neighbour's.
enum NumberCodec {
  private static let powers: [Double] = (0...15).map { (0..<$0).reduce(1.0) { p, _ in p * 10 } }

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
}
