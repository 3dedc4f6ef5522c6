/// Gorilla's value compression: XOR with the value before, only its meaningful bits.
///
/// For each value after the first: bit 0 if equal; else 1, then 0 and the bits within the last window, or 1, leading zeros
/// (5 bits, at most 31), length − 1 (6 bits) and the bits. Highest bit first, padded to a byte.
/// Source: Pelkonen et al. 2015, doi:10.14778/2824032.2824078, section 4.1.2.
enum XORCodec {
  static func encode(_ values: [Double], into writer: inout ByteWriter) {
    var bits = BitWriter()
    var previous: UInt64 = 0
    var window = (leading: 64, trailing: 0)
    for (i, value) in values.enumerated() {
      let pattern = value.bitPattern
      let xor = pattern ^ previous
      previous = pattern
      if i == 0 {
        bits.append(pattern, count: 64)
      } else if xor == 0 {
        bits.append(0, count: 1)
      } else {
        let leading = min(31, xor.leadingZeroBitCount)
        let trailing = xor.trailingZeroBitCount
        if leading >= window.leading, trailing >= window.trailing {
          bits.append(0b10, count: 2)
          bits.append(xor >> UInt64(window.trailing), count: 64 - window.leading - window.trailing)
        } else {
          window = (leading, trailing)
          let length = 64 - leading - trailing
          bits.append(0b11, count: 2)
          bits.append(UInt64(leading), count: 5)
          bits.append(UInt64(length - 1), count: 6)
          bits.append(xor >> UInt64(trailing), count: length)
        }
      }
    }
    writer.bytes += bits.finished()
  }

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

/// Bits to bytes, highest bit first.
private struct BitWriter {
  private var bytes: [UInt8] = []
  private var word: UInt64 = 0
  private var filled = 0

  /// The lowest `count` bits of `value`, 1...64 of them.
  mutating func append(_ value: UInt64, count: Int) {
    // At most 7 bits wait in the word, so 32 more always fit.
    if count > 32 { appendShort(value >> 32, count: count - 32) }
    appendShort(value, count: min(count, 32))
  }

  private mutating func appendShort(_ value: UInt64, count: Int) {
    word = word << UInt64(count) | (value & (1 << UInt64(count) - 1))
    filled += count
    while filled >= 8 {
      filled -= 8
      bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(filled)))
    }
  }

  func finished() -> [UInt8] { filled == 0 ? bytes : bytes + [UInt8(truncatingIfNeeded: word << UInt64(8 - filled))] }
}

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
