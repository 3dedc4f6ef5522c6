/// The bytes are not what a writer of this format makes.
struct Malformed: Error {}

/// Reads what `ByteWriter` wrote; throws where bytes end early or a count is absurd, never traps.
struct ByteReader {
  let bytes: [UInt8]
  var offset: Int
  let end: Int

  init(_ bytes: [UInt8], in range: Range<Int>? = nil) {
    self.bytes = bytes
    offset = range?.lowerBound ?? 0
    end = range?.upperBound ?? bytes.count
  }

  var remaining: Int { end - offset }

  mutating func byte() throws(Malformed) -> UInt8 {
    guard offset < end else { throw Malformed() }
    defer { offset += 1 }
    return bytes[offset]
  }

  mutating func read32() throws(Malformed) -> UInt32 {
    let start = try skip(4)
    return (0..<4).reduce(0) { $0 | UInt32(bytes[start + $1]) << UInt32(8 * $1) }
  }

  mutating func read64() throws(Malformed) -> UInt64 {
    let start = try skip(8)
    return loadUInt64(bytes, at: start)
  }

  mutating func varint() throws(Malformed) -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: 0 as UInt64, to: 70, by: 7) {
      let next = try byte()
      if shift == 63 && next > 1 { throw Malformed() }
      value |= UInt64(next & 0x7F) &<< shift
      if next < 0x80 { return value }
    }
    throw Malformed()
  }

  mutating func signed() throws(Malformed) -> Int64 { unzigzag(try varint()) }

  /// A count of things of which each takes at least `leastBytes`; an absurd one throws before anything is allocated.
  mutating func count(leastBytes: Int = 1) throws(Malformed) -> Int {
    let value = try varint()
    guard value <= UInt64(Int32.max), Int(value) * leastBytes <= remaining else { throw Malformed() }
    return Int(value)
  }

  mutating func string() throws(Malformed) -> String {
    let length = try count()
    let start = try skip(length)
    guard let string = String(validating: bytes[start..<start + length], as: UTF8.self) else { throw Malformed() }
    return string
  }

  /// Passes over `length` bytes and returns where they begin.
  mutating func skip(_ length: Int) throws(Malformed) -> Int {
    guard length >= 0, length <= remaining else { throw Malformed() }
    defer { offset += length }
    return offset
  }
}
