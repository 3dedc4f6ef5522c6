/// A column of whole numbers in few bytes: differences of order 0, 1 or 2 (whichever is smallest), zigzag, bit-packed in
/// groups of 128 with one width each.
///
/// Layout: order (1 byte) · the first `order` values (signed varints) · for each group: width (1 byte), packed residuals,
/// lowest bit first, padded to a byte. Differences wrap, so every Int64 comes back.
enum IntegerCodec {
  static let groupSize = 128

  static func encode(_ values: [Int64], into writer: inout ByteWriter) {
    var best = residuals(values, order: 0)
    var bestOrder = 0
    var bestSize = packedSize(best)
    for order in 1...2 where values.count > order {
      let candidate = residuals(values, order: order)
      let size = packedSize(candidate)
      if size < bestSize { (best, bestOrder, bestSize) = (candidate, order, size) }
    }
    writer.append(UInt8(bestOrder))
    for i in 0..<bestOrder { writer.appendSigned(values[i]) }
    for start in stride(from: 0, to: best.count, by: groupSize) {
      let group = start..<min(start + groupSize, best.count)
      let width = widest(best, group)
      writer.append(UInt8(width))
      pack(best, group, width: width, into: &writer)
    }
  }

  static func decode(count: Int, from reader: inout ByteReader) throws(Malformed) -> [Int64] {
    let order = Int(try reader.byte())
    guard order <= 2, order <= count else { throw Malformed() }
    var values: [Int64] = []
    values.reserveCapacity(count)
    for _ in 0..<order { values.append(try reader.signed()) }
    while values.count < count {
      let size = min(groupSize, count - values.count)
      let width = Int(try reader.byte())
      guard width <= 64 else { throw Malformed() }
      let start = try reader.skip((size * width + 7) / 8)
      for i in 0..<size {
        let residual = unzigzag(unpack(reader.bytes, bit: 8 * start + i * width, width: width))
        let n = values.count
        switch order {
        case 0: values.append(residual)
        case 1: values.append(values[n - 1] &+ residual)
        default: values.append(values[n - 1] &+ (values[n - 1] &- values[n - 2]) &+ residual)
        }
      }
    }
    return values
  }

  private static func residuals(_ values: [Int64], order: Int) -> [UInt64] {
    if order == 0 { return values.map(zigzag) }
    var residuals: [UInt64] = []
    residuals.reserveCapacity(values.count)
    for i in order..<values.count {
      let step = values[i] &- values[i - 1]
      let expected = order == 1 ? 0 : values[i - 1] &- values[i - 2]
      residuals.append(zigzag(step &- expected))
    }
    return residuals
  }

  private static func widest(_ residuals: [UInt64], _ group: Range<Int>) -> Int {
    var all: UInt64 = 0
    for i in group { all |= residuals[i] }
    return 64 - all.leadingZeroBitCount
  }

  private static func packedSize(_ residuals: [UInt64]) -> Int {
    var size = 0
    for start in stride(from: 0, to: residuals.count, by: groupSize) {
      let group = start..<min(start + groupSize, residuals.count)
      size += 1 + (group.count * widest(residuals, group) + 7) / 8
    }
    return size
  }

  private static func pack(_ residuals: [UInt64], _ group: Range<Int>, width: Int, into writer: inout ByteWriter) {
    var word: UInt64 = 0
    var filled = 0
    for i in group {
      word |= residuals[i] &<< UInt64(filled)
      filled += width
      if filled >= 64 {
        writer.append64(word)
        filled -= 64
        // The bits of this residual that did not fit; a shift by 64 must give zero, hence the smart shift.
        word = residuals[i] >> (width - filled)
      }
    }
    for shift in stride(from: 0, to: filled, by: 8) { writer.append(UInt8(truncatingIfNeeded: word >> shift)) }
  }

  private static func unpack(_ bytes: [UInt8], bit: Int, width: Int) -> UInt64 {
    if width == 0 { return 0 }
    let first = bit >> 3
    let shift = bit & 7
    var word: UInt64 = 0
    if first + 8 <= bytes.count {
      word = loadUInt64(bytes, at: first)
    } else {
      for i in first..<bytes.count { word |= UInt64(bytes[i]) << UInt64(8 * (i - first)) }
    }
    var value = word >> UInt64(shift)
    if shift + width > 64 { value |= UInt64(bytes[first + 8]) << UInt64(64 - shift) }
    return width == 64 ? value : value & (1 << UInt64(width) - 1)
  }
}
