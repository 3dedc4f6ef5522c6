/// Gorilla's value compression, as version 1 wrote it, read only: XOR with the value before, only its meaningful bits.
///
/// For each value after the first: bit 0 if equal; else 1, then 0 and the bits within the last window, or 1, leading zeros
/// (5 bits, at most 31), length − 1 (6 bits) and the bits. Highest bit first, padded to a byte.
/// Source: Pelkonen et al. 2015, doi:10.14778/2824032.2824078, section 4.1.2.
enum XORCodec {
  static func decode(count: Int, from reader: inout ByteReader) throws(Malformed) -> [Double] {
    var bits = BitReader(reader)
    var values: [Double] = []
    values.reserveCapacity(count)
    var previous: UInt64 = 0
    var window: (leading: Int, trailing: Int)?
    for i in 0..<count {
      if i == 0 {
        previous = try bits.read(64)
      } else if try bits.read(1) == 1 {
        if try bits.read(1) == 1 {
          let leading = Int(try bits.read(5))
          let length = Int(try bits.read(6)) + 1
          guard leading + length <= 64 else { throw Malformed() }
          window = (leading, 64 - leading - length)
        }
        guard let (leading, trailing) = window else { throw Malformed() }
        previous ^= try bits.read(64 - leading - trailing) << UInt64(trailing)
      }
      values.append(Double(bitPattern: previous))
    }
    _ = try reader.skip(bits.bytesUsed)
    return values
  }
}

/// Bits from bytes, highest bit first.
private struct BitReader {
  private let bytes: [UInt8]
  private let start: Int
  private let end: Int
  private var position = 0

  init(_ reader: ByteReader) { (bytes, start, end) = (reader.bytes, reader.offset, reader.end) }

  var bytesUsed: Int { (position + 7) / 8 }

  mutating func read(_ count: Int) throws(Malformed) -> UInt64 {
    guard start + (position + count + 7) / 8 <= end else { throw Malformed() }
    var value: UInt64 = 0
    var left = count
    while left > 0 {
      let take = min(left, 8 - position & 7)
      let byte = UInt64(bytes[start + position >> 3])
      value = value << UInt64(take) | (byte >> UInt64(8 - position & 7 - take)) & (1 << UInt64(take) - 1)
      position += take
      left -= take
    }
    return value
  }
}
