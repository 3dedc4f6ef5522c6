/// How residuals are cut into symbols and raw low bits: the shift that costs the fewest bits, table and escapes included.
struct EntropyPlan {
  private var shift = 0
  private var counts: [Int] = []
  /// What the coding will take, about.
  private(set) var bits = Double.infinity

  /// Enough for any width: beyond this the residuals are noise in all bits.
  private static let shiftLimit = 56

  init(_ residuals: [UInt64]) {
    var lengths = [Int](repeating: 0, count: 65)
    do {
      let residuals = residuals.span
      var lengths = lengths.mutableSpan
      for i in 0..<residuals.count { unsafe lengths[unchecked: 64 - residuals[unchecked: i].leadingZeroBitCount] += 1 }
    }
    // The shift at which all but one in 128 fit into a byte; then coarser ones, for smaller tables.
    var rare = residuals.count / 128
    var length = 64
    while length > 0, rare >= lengths[length] {
      rare -= lengths[length]
      length -= 1
    }
    let first = min(max(0, length - 8), Self.shiftLimit)
    var counts = [Int](repeating: 0, count: 256)
    var beyond: [UInt64] = []
    do {
      let residuals = residuals.span
      var counts = counts.mutableSpan
      for i in 0..<residuals.count {
        let u = unsafe residuals[unchecked: i]
        let symbol = u &>> UInt64(first)
        if symbol < UInt64(IntegerColumn.escape) { unsafe counts[unchecked: Int(symbol)] += 1 } else { beyond.append(u) }
      }
    }
    for shift in first...min(first + 6, Self.shiftLimit) {
      if shift > first {
        for i in 0..<128 { counts[i] = counts[2 * i] + (2 * i + 1 < IntegerColumn.escape ? counts[2 * i + 1] : 0) }
        for i in 128..<256 { counts[i] = 0 }
      }
      var all = counts
      var escapeBits = 0
      for u in beyond {
        let symbol = u >> UInt64(shift)
        if symbol < UInt64(IntegerColumn.escape) {
          all[Int(symbol)] += 1
        } else {
          all[IntegerColumn.escape] += 1
          escapeBits += 8 * ((64 - (symbol - UInt64(IntegerColumn.escape)).leadingZeroBitCount + 6) / 7)
        }
      }
      let total = Double(residuals.count)
      var cost = total * (roughLog2(total) + Double(shift)) + Double(escapeBits) + SymbolTable.roughBits(counts: all, total: residuals.count) + 160
      for count in all where count > 0 { cost -= Double(count) * roughLog2(Double(count)) }
      // Once coarser costs more, coarser still does too.
      if cost >= bits { break }
      (bits, self.shift, self.counts) = (cost, shift, all)
    }
  }

  func encode(_ residuals: [UInt64], into writer: inout ByteWriter) {
    writer.append(UInt8(shift))
    let escapes = counts[IntegerColumn.escape]
    writer.appendVarint(escapes)
    var symbols = [UInt8](repeating: UInt8(IntegerColumn.escape), count: residuals.count)
    do {
      let residuals = residuals.span
      var symbols = symbols.mutableSpan
      for i in 0..<residuals.count {
        let symbol = unsafe residuals[unchecked: i] &>> UInt64(shift)
        if symbol < UInt64(IntegerColumn.escape) {
          unsafe symbols[unchecked: i] = UInt8(truncatingIfNeeded: symbol)
        } else {
          writer.appendVarint(symbol - UInt64(IntegerColumn.escape))
        }
      }
    }
    writer.appendPacked(residuals.span, in: 0..<residuals.count, width: shift)
    EntropyCodec.encode(symbols, table: SymbolTable(counts: counts), into: &writer)
  }

  /// Fills `values` with the zigzag residuals.
  static func decode(into values: inout [Int64], from reader: inout ByteReader) throws(Malformed) {
    let shift = Int(try reader.byte())
    guard shift <= shiftLimit else { throw Malformed() }
    var escapes: [UInt64] = []
    for _ in 0..<(try reader.count()) { escapes.append(try reader.varint()) }
    let rawStart = reader.offset
    _ = try reader.skip((values.count * shift + 7) / 8)
    var symbols = [UInt8](repeating: 0, count: values.count)
    try EntropyCodec.decode(into: &symbols, from: &reader)
    join(symbols, shift: shift, rawAt: rawStart, in: reader.bytes, into: &values)
    var next = 0
    if !escapes.isEmpty {
      let low: UInt64 = (1 << UInt64(shift)) - 1
      for i in 0..<symbols.count where symbols[i] == UInt8(IntegerColumn.escape) {
        guard next < escapes.count else { throw Malformed() }
        let symbol = escapes[next] &+ UInt64(IntegerColumn.escape)
        values[i] = Int64(bitPattern: symbol &<< UInt64(shift) | UInt64(bitPattern: values[i]) & low)
        next += 1
      }
    }
    guard next == escapes.count else { throw Malformed() }
  }

  /// Puts symbols and raw low bits together: values[i] = symbols[i] · 2ˢ + raw[i].
  private static func join(_ symbols: [UInt8], shift: Int, rawAt start: Int, in bytes: [UInt8], into values: inout [Int64]) {
    let count = symbols.count
    let symbols = symbols.span
    var values = values.mutableSpan
    if shift == 0 {
      for i in 0..<count { unsafe values[unchecked: i] = Int64(symbols[unchecked: i]) }
      return
    }
    let up = UInt64(shift)
    let mask: UInt64 = (1 &<< up) &- 1
    // A load of eight bytes holds any 57 bits, wherever they begin; the last numbers may stand too near to the end for it.
    let fast = max(0, min(count, 8 * (bytes.count - start - 8) / shift))
    unsafe bytes.withUnsafeBytes { all in
      var bit = 8 &* start
      for i in 0..<fast {
        let raw = unsafe all.loadUnaligned(fromByteOffset: bit &>> 3, as: UInt64.self) &>> UInt64(truncatingIfNeeded: bit & 7) & mask
        unsafe values[unchecked: i] = Int64(bitPattern: UInt64(symbols[unchecked: i]) &<< up | raw)
        bit &+= shift
      }
    }
    for i in fast..<count { values[i] = Int64(bitPattern: UInt64(symbols[i]) &<< up | bitsAt(bytes, bit: 8 * start + i * shift, width: shift)) }
  }
}
