/// Numbers of one width side by side, lowest bit first.
extension ByteWriter {
  /// The low `width` bits of each number, padded to a byte.
  mutating func appendPacked(_ values: Span<UInt64>, in range: Range<Int>, width: Int) {
    if width == 0 { return }
    let mask = width == 64 ? UInt64.max : 1 << UInt64(width) - 1
    var word: UInt64 = 0
    var filled = 0
    for i in range {
      let value = values[i] & mask
      word |= value &<< UInt64(filled)
      filled += width
      if filled >= 64 {
        append64(word)
        filled -= 64
        // The bits of this number that did not fit; a shift by 64 must give zero, hence the smart shift.
        word = value >> (width - filled)
      }
    }
    for shift in stride(from: 0, to: filled, by: 8) { append(UInt8(truncatingIfNeeded: word >> shift)) }
  }
}

extension ByteReader {
  /// Unpacks `count` numbers into `values` from `place` on.
  mutating func unpack(_ count: Int, width: Int, into values: inout [Int64], at place: Int) throws(Malformed) {
    guard width <= 64 else { throw Malformed() }
    let start = try skip((count * width + 7) / 8)
    var values = values.mutableSpan
    precondition(place >= 0 && place + count <= values.count, "no room for \(count) numbers at \(place)")
    if width == 0 {
      for i in place..<place + count { unsafe values[unchecked: i] = 0 }
      return
    }
    // A load of eight bytes holds any 57 bits, wherever they begin; the last numbers may stand too near to the end for it.
    let fast = width <= 57 ? max(0, min(count, (8 * (bytes.count - start - 8)) / width)) : 0
    let mask: UInt64 = width == 64 ? .max : (1 &<< UInt64(width)) &- 1
    unsafe bytes.withUnsafeBytes { all in
      var bit = 8 &* start
      for i in 0..<fast {
        let word = unsafe all.loadUnaligned(fromByteOffset: bit &>> 3, as: UInt64.self)
        unsafe values[unchecked: place &+ i] = Int64(bitPattern: word &>> UInt64(truncatingIfNeeded: bit & 7) & mask)
        bit &+= width
      }
    }
    for i in fast..<count { values[place + i] = Int64(bitPattern: bitsAt(bytes, bit: 8 * start + i * width, width: width)) }
  }
}

/// The number of `width` bits at `bit`; what lies beyond the end is zero.
func bitsAt(_ bytes: [UInt8], bit: Int, width: Int) -> UInt64 {
  if width == 0 { return 0 }
  let first = bit >> 3
  let shift = bit & 7
  var word: UInt64 = 0
  for i in first..<min(first + 8, bytes.count) { word |= UInt64(bytes[i]) << UInt64(8 * (i - first)) }
  var value = word >> UInt64(shift)
  if shift + width > 64, first + 8 < bytes.count { value |= UInt64(bytes[first + 8]) << UInt64(64 - shift) }
  return width == 64 ? value : value & (1 << UInt64(width) - 1)
}
