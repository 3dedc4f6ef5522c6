/// Symbols of one byte in nearly as many bits as their entropy: range asymmetric numeral systems, four states in turn, each of 32 bits,
/// renormalised by words of 16.
///
/// Layout: table · length of the rest in bytes (varint) · the four states (4 bytes each) · words (2 bytes each). Symbol i belongs to state
/// i mod 4. Source: J. Duda 2013, arXiv:1311.2540; interleaving: F. Giesen 2014, arXiv:1402.3392.
enum EntropyCodec {
  private static let lowest: UInt32 = 1 << 16

  static func encode(_ symbols: [UInt8], table: SymbolTable, into writer: inout ByteWriter) {
    table.encode(into: &writer)
    let starts = table.starts
    let frequencies = table.frequencies
    var words: [UInt16] = []
    words.reserveCapacity(symbols.count / 2 + 16)
    var states = [UInt32](repeating: lowest, count: 4)
    // The decoder goes forwards, so the encoder goes backwards.
    for i in stride(from: symbols.count - 1, through: 0, by: -1) {
      let symbol = Int(symbols[i])
      let frequency = UInt32(frequencies[symbol])
      var x = states[i & 3]
      if UInt64(x) >= UInt64(frequency) << 20 {
        words.append(UInt16(truncatingIfNeeded: x))
        x >>= 16
      }
      states[i & 3] = (x / frequency) << 12 + x % frequency + UInt32(starts[symbol])
    }
    writer.appendVarint(16 + 2 * words.count)
    for state in states { writer.append32(state) }
    for word in words.reversed() {
      writer.append(UInt8(truncatingIfNeeded: word))
      writer.append(UInt8(truncatingIfNeeded: word >> 8))
    }
  }

  /// Fills `symbols`. Bytes of any content give some symbols or throw; none trap.
  static func decode(into symbols: inout [UInt8], from reader: inout ByteReader) throws(Malformed) {
    let slots = Self.slots(try SymbolTable(from: &reader))
    let length = try reader.count()
    guard length >= 16 else { throw Malformed() }
    let start = reader.offset
    var a = try reader.read32()
    var b = try reader.read32()
    var c = try reader.read32()
    var d = try reader.read32()
    let end = start + length
    _ = try reader.skip(length - 16)
    let count = symbols.count
    let isWhole = unsafe reader.bytes.withUnsafeBytes { bytes in
      unsafe slots.withUnsafeBufferPointer { slots in
        unsafe symbols.withUnsafeMutableBufferPointer { symbols in
          var at = start + 16
          var i = 0
          while i + 4 <= count, at + 8 <= end {
            unsafe symbols[i] = unsafe step(&a, slots, bytes, &at)
            unsafe symbols[i + 1] = unsafe step(&b, slots, bytes, &at)
            unsafe symbols[i + 2] = unsafe step(&c, slots, bytes, &at)
            unsafe symbols[i + 3] = unsafe step(&d, slots, bytes, &at)
            i += 4
          }
          // The last symbols, one by one, so that no word is read beyond the end.
          while i < count {
            if at + 2 > end, unsafe mayNeedWord(i & 3, a, b, c, d, unsafe slots) { return false }
            switch i & 3 {
            case 0: unsafe symbols[i] = unsafe step(&a, slots, bytes, &at)
            case 1: unsafe symbols[i] = unsafe step(&b, slots, bytes, &at)
            case 2: unsafe symbols[i] = unsafe step(&c, slots, bytes, &at)
            default: unsafe symbols[i] = unsafe step(&d, slots, bytes, &at)
            }
            i += 1
          }
          // The encoder began with all states at their lowest, and every word was for something.
          return at == end && a == lowest && b == lowest && c == lowest && d == lowest
        }
      }
    }
    guard isWhole else { throw Malformed() }
  }

  /// For each slot: symbol (bits 24–31), frequency − 1 (12–23), slot − start (0–11).
  private static func slots(_ table: SymbolTable) -> [UInt32] {
    var slots: [UInt32] = []
    slots.reserveCapacity(SymbolTable.scale)
    for (symbol, frequency) in table.frequencies.enumerated() where frequency > 0 {
      let entry = UInt32(symbol) << 24 | UInt32(frequency - 1) << 12
      for bias in 0..<UInt32(frequency) { slots.append(entry | bias) }
    }
    return slots
  }

  @inline(__always) private static func next(_ x: UInt32, _ slot: UInt32) -> UInt32 {
    ((slot &>> 12 & 0xFFF) &+ 1) &* (x &>> 12) &+ (slot & 0xFFF)
  }

  /// - Precondition: `slots` has 4096 entries, and two bytes stand at `at` if a word is needed.
  @inline(__always) private static func step(
    _ x: inout UInt32, _ slots: UnsafeBufferPointer<UInt32>, _ bytes: UnsafeRawBufferPointer, _ at: inout Int
  ) -> UInt8 {
    let slot = unsafe slots.baseAddress.unsafelyUnwrapped[Int(x & 0xFFF)]
    x = next(x, slot)
    if x < lowest {
      x = x &<< 16 | UInt32(unsafe bytes.baseAddress.unsafelyUnwrapped.loadUnaligned(fromByteOffset: at, as: UInt16.self))
      at &+= 2
    }
    return UInt8(truncatingIfNeeded: slot &>> 24)
  }

  private static func mayNeedWord(
    _ state: Int, _ a: UInt32, _ b: UInt32, _ c: UInt32, _ d: UInt32, _ slots: UnsafeBufferPointer<UInt32>
  ) -> Bool {
    let x = state == 0 ? a : state == 1 ? b : state == 2 ? c : d
    return next(x, unsafe slots[Int(x & 0xFFF)]) < lowest
  }
}
