/// Reads a view from front to back; nil where there is too little left.
struct ByteCursor {
  let view: ByteView
  private(set) var position: Int
  let end: Int

  @inline(__always) init(_ view: ByteView) { (self.view, position, end) = (view, 0, view.count) }

  /// Part of a view; nil where it is not within.
  @inline(__always) init?(_ view: ByteView, from: Int, count: Int) {
    guard from >= 0, count >= 0, count <= view.count - from else { return nil }
    (self.view, position, end) = (view, from, from + count)
  }

  var isAtEnd: Bool { position >= end }
  var left: Int { end - position }

  @inline(__always) mutating func byte() -> UInt8? {
    guard position < end else { return nil }
    position &+= 1
    return view[position &- 1]
  }

  /// Passes over `count` bytes. Returns where they began.
  @inline(__always) mutating func take(_ count: Int) -> Int? {
    guard count >= 0, count <= left else { return nil }
    position &+= count
    return position &- count
  }

  /// Up to eight bytes, the lowest first.
  @inline(__always) mutating func littleEndian(bytes count: Int) -> UInt64? {
    guard let from = take(count) else { return nil }
    let word = view.word(at: from)
    return count == 8 ? word : word & ((1 &<< UInt64(8 &* count)) &- 1)
  }

  /// A number in groups of seven bits, the lowest first; at most ten bytes.
  @inline(__always) mutating func varint() -> UInt64? {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while let byte = byte() {
      guard shift < 64 else { return nil }
      value |= UInt64(byte & 0x7F) &<< shift
      if byte < 0x80 { return value }
      shift &+= 7
    }
    return nil
  }
}
