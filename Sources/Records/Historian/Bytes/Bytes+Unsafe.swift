internal import Quantities

// Columns go to and from bytes as they lie in memory; each function checks its bounds first.
#if _endian(big)
  #error("The historian's formats are little-endian, as every machine that Takt runs on.")
#endif

/// The eight bytes at `offset`, lowest first.
@inline(__always) func loadUInt64(_ bytes: [UInt8], at offset: Int) -> UInt64 {
  precondition(offset >= 0 && offset + 8 <= bytes.count, "eight bytes at \(offset) of \(bytes.count)")
  return unsafe bytes.withUnsafeBytes { unsafe $0.loadUnaligned(fromByteOffset: offset, as: UInt64.self) }
}

extension ByteWriter {
  /// The bytes of a text in one copy.
  mutating func appendText(_ text: String) {
    var text = text
    text.withUTF8 { unsafe bytes += UnsafeRawBufferPointer($0) }
  }

  mutating func appendColumn(_ column: [Instant]) {
    unsafe column.withUnsafeBytes { unsafe bytes += $0 }
  }

  mutating func appendColumn(_ column: [Double]) {
    unsafe column.withUnsafeBytes { unsafe bytes += $0 }
  }
}

extension ByteReader {
  mutating func instants(_ count: Int) throws(Malformed) -> [Instant] {
    let start = try skip(8 * count)
    return unsafe bytes.withUnsafeBytes { all in
      (0..<count).map { unsafe Instant(nanoseconds: all.loadUnaligned(fromByteOffset: start + 8 * $0, as: Int64.self)) }
    }
  }

  mutating func numbers(_ count: Int) throws(Malformed) -> [Double] {
    let start = try skip(8 * count)
    return unsafe bytes.withUnsafeBytes { all in
      (0..<count).map { unsafe Double(bitPattern: all.loadUnaligned(fromByteOffset: start + 8 * $0, as: UInt64.self)) }
    }
  }
}
