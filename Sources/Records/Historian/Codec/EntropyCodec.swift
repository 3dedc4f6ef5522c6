/// Symbols of one byte in nearly as many bits as their entropy: range asymmetric numeral systems, four states in turn, each of 32 bits,
/// renormalised by words of 16.
///
/// Layout: table · length of the rest in bytes (varint) · the four states (4 bytes each) · words (2 bytes each). Symbol i belongs to state
/// i mod 4. Source: J. Duda 2013, arXiv:1311.2540; interleaving: F. Giesen 2014, arXiv:1402.3392.
enum EntropyCodec {
  private static let lowest: UInt32 = 1 << 16

  /// What coding a symbol needs: x becomes x + `bias` + ⌊x / f⌋ · `gap`, after a word was put out where x is not below `limit`.
  private struct Step {
    /// ⌈2⁶⁴ / f⌉, whose product with x has the quotient in its upper half; for f = 1, where it does not fit, 2⁶⁴ − 1, which gives x − 1.
    var reciprocal: UInt64 = 0
    var limit: UInt64 = 0
    var bias: UInt32 = 0
    var gap: UInt32 = 0

    init() {}

    init(frequency: UInt32, start: UInt32) {
      reciprocal = frequency == 1 ? .max : UInt64.max / UInt64(frequency) + 1
      limit = UInt64(frequency) << 20
      bias = frequency == 1 ? start + UInt32(SymbolTable.scale - 1) : start
      gap = UInt32(SymbolTable.scale) - frequency
    }
  }

  static func encode(_ symbols: [UInt8], table: SymbolTable, into writer: inout ByteWriter) {
    table.encode(into: &writer)
    var steps = [Step](repeating: Step(), count: 256)
    for (symbol, start) in table.starts.enumerated() where table.frequencies[symbol] > 0 {
      steps[symbol] = Step(frequency: UInt32(table.frequencies[symbol]), start: UInt32(start))
    }
    // A word at most for each symbol. The decoder goes forwards, so the encoder goes backwards, and so do its words.
    var words = [UInt16](repeating: 0, count: symbols.count + 1)
    var free = symbols.count + 1
    var (a, b, c, d) = (lowest, lowest, lowest, lowest)
    do {
      let (symbols, steps) = (symbols.span, steps.span)
      var words = words.mutableSpan
      var i = symbols.count
      while i & 3 != 0 {
        i -= 1
        switch i & 3 {
        case 0: push(symbols[i], &a, steps, &words, &free)
        case 1: push(symbols[i], &b, steps, &words, &free)
        default: push(symbols[i], &c, steps, &words, &free)
        }
      }
      while i > 0 {
        i -= 4
        unsafe push(symbols[unchecked: i + 3], &d, steps, &words, &free)
        unsafe push(symbols[unchecked: i + 2], &c, steps, &words, &free)
        unsafe push(symbols[unchecked: i + 1], &b, steps, &words, &free)
        unsafe push(symbols[unchecked: i], &a, steps, &words, &free)
      }
    }
    writer.appendVarint(16 + 2 * (words.count - free))
    for state in [a, b, c, d] { writer.append32(state) }
    unsafe words.withUnsafeBytes { unsafe writer.bytes += $0[(2 * free)...] }
  }

  /// - Precondition: `steps` has 256 entries, and `words` has a free one below `free`.
  @inline(__always) private static func push(
    _ symbol: UInt8, _ x: inout UInt32, _ steps: Span<Step>, _ words: inout MutableSpan<UInt16>, _ free: inout Int
  ) {
    let step = unsafe steps[unchecked: Int(symbol)]
    // Without a branch: the word is written in any case, and kept if it is needed.
    let needs = UInt64(x) >= step.limit
    unsafe words[unchecked: free &- 1] = UInt16(truncatingIfNeeded: x)
    free &-= needs ? 1 : 0
    let y = needs ? x &>> 16 : x
    let quotient = UInt32(truncatingIfNeeded: UInt64(y).multipliedFullWidth(by: step.reciprocal).high)
    x = y &+ step.bias &+ quotient &* step.gap
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
            unsafe symbols[i] = unsafe smoothStep(&a, slots, bytes, &at)
            unsafe symbols[i + 1] = unsafe smoothStep(&b, slots, bytes, &at)
            unsafe symbols[i + 2] = unsafe smoothStep(&c, slots, bytes, &at)
            unsafe symbols[i + 3] = unsafe smoothStep(&d, slots, bytes, &at)
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
    var slots = [UInt32](repeating: 0, count: SymbolTable.scale)
    var all = slots.mutableSpan
    var place = 0
    for (symbol, frequency) in table.frequencies.enumerated() where frequency > 0 {
      let entry = UInt32(symbol) << 24 | UInt32(frequency - 1) << 12
      // The frequencies sum to 4096.
      for bias in 0..<Int(frequency) { all[place + bias] = entry | UInt32(truncatingIfNeeded: bias) }
      place += Int(frequency)
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

  /// The same without a branch that nobody can predict: a word is read in any case, and kept if it is needed.
  ///
  /// - Precondition: two bytes stand at `at`.
  @inline(__always) private static func smoothStep(
    _ x: inout UInt32, _ slots: UnsafeBufferPointer<UInt32>, _ bytes: UnsafeRawBufferPointer, _ at: inout Int
  ) -> UInt8 {
    let slot = unsafe slots.baseAddress.unsafelyUnwrapped[Int(x & 0xFFF)]
    let y = next(x, slot)
    let word = UInt32(unsafe bytes.baseAddress.unsafelyUnwrapped.loadUnaligned(fromByteOffset: at, as: UInt16.self))
    let needs = y < lowest
    x = needs ? y &<< 16 | word : y
    at &+= needs ? 2 : 0
    return UInt8(truncatingIfNeeded: slot &>> 24)
  }

  private static func mayNeedWord(
    _ state: Int, _ a: UInt32, _ b: UInt32, _ c: UInt32, _ d: UInt32, _ slots: UnsafeBufferPointer<UInt32>
  ) -> Bool {
    let x = state == 0 ? a : state == 1 ? b : state == 2 ? c : d
    return next(x, unsafe slots[Int(x & 0xFFF)]) < lowest
  }
}
