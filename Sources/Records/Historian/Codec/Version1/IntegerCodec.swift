/// Version 1's column of whole numbers, read only: differences of order 0, 1 or 2 (whichever is smallest), zigzag, bit-packed in
/// groups of 128 with one width each.
///
/// Layout: order (1 byte) · the first `order` values (signed varints) · for each group: width (1 byte), packed residuals,
/// lowest bit first, padded to a byte. Differences wrap, so every Int64 comes back.
enum IntegerCodec {
  static let groupSize = 128

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
        let residual = unzigzag(bitsAt(reader.bytes, bit: 8 * start + i * width, width: width))
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
}
