/// Builds little-endian records.
struct ByteWriter {
  var bytes: [UInt8] = []

  var count: Int { bytes.count }

  mutating func append(_ byte: UInt8) { bytes.append(byte) }

  mutating func append32(_ value: UInt32) {
    for shift in stride(from: 0 as UInt32, to: 32, by: 8) { bytes.append(UInt8(truncatingIfNeeded: value &>> shift)) }
  }

  mutating func append64(_ value: UInt64) {
    for shift in stride(from: 0 as UInt64, to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: value &>> shift)) }
  }

  /// Unsigned LEB128: seven bits a byte, lowest first, the high bit says that more follow.
  mutating func appendVarint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest &>>= 7
    }
    bytes.append(UInt8(rest))
  }

  mutating func appendVarint(_ value: Int) { appendVarint(UInt64(value)) }

  mutating func appendSigned(_ value: Int64) { appendVarint(zigzag(value)) }

  mutating func appendString(_ string: String) {
    appendVarint(string.utf8.count)
    appendText(string)
  }

  mutating func overwrite32(_ value: UInt32, at offset: Int) {
    for i in 0..<4 { bytes[offset + i] = UInt8(truncatingIfNeeded: value &>> UInt32(8 * i)) }
  }
}

/// Maps small magnitudes of either sign to small unsigned numbers: 0, −1, 1, −2 … to 0, 1, 2, 3 …
@inline(__always) func zigzag(_ value: Int64) -> UInt64 { UInt64(bitPattern: value &<< 1 ^ value &>> 63) }

@inline(__always) func unzigzag(_ value: UInt64) -> Int64 { Int64(bitPattern: value &>> 1) ^ -Int64(bitPattern: value & 1) }
