/// Writes numbers as decimal digits, eight at a time, into room that the caller has made.
///
/// Eight digits are computed side by side in one word: halves of four, quarters of two, then single digits, each division a multiplication by a
/// reciprocal. A word is stored whole and the place moved on by what counts of it, so numbers of any length need no loop.
@safe struct DecimalCursor {
  /// The most bytes that one number takes, the word that is stored over its end included.
  static let numberLength = 40

  private var place: UnsafeMutableRawPointer

  /// - Parameter place: behind it there is room for all that will be written.
  @unsafe init(_ place: UnsafeMutableRawPointer) { unsafe self.place = place }

  @unsafe var end: UnsafeMutableRawPointer { unsafe place }

  @inline(__always) mutating func byte(_ byte: UInt8) {
    unsafe place.storeBytes(of: byte, as: UInt8.self)
    unsafe place += 1
  }

  /// Stores eight bytes and moves on by `length`.
  @inline(__always) private mutating func word(_ word: UInt64, length: Int) {
    unsafe place.storeBytes(of: word, as: UInt64.self)
    unsafe place += length
  }

  /// The eight digits of x < 10⁸ as text, the first one lowest.
  @inline(__always) private static func eightDigits(_ x: UInt32) -> UInt64 {
    let upper = x / 10_000
    var v = UInt64(upper) | UInt64(x &- upper &* 10_000) &<< 32
    // x / 100 = x · 10486 / 2²⁰ below 10⁴, and x / 10 = x · 103 / 2¹⁰ below 100.
    let hundreds = (v &* 10_486) &>> 20 & 0x7F_0000_007F
    v = hundreds | (v &- 100 &* hundreds) &<< 16
    let tens = (v &* 103) &>> 10 & 0x000F_000F_000F_000F
    v = tens | (v &- 10 &* tens) &<< 8
    return v | zeros
  }

  private static let zeros: UInt64 = 0x3030_3030_3030_3030

  mutating func natural(_ x: UInt64) {
    if x < 100_000_000 {
      let digits = Self.eightDigits(UInt32(truncatingIfNeeded: x))
      // Zeros in front are left out, but the last.
      let leading = min(7, (digits ^ Self.zeros).trailingZeroBitCount / 8)
      word(digits &>> UInt64(8 * leading), length: 8 - leading)
    } else {
      let upper = x / 100_000_000
      natural(upper)
      word(Self.eightDigits(UInt32(truncatingIfNeeded: x &- upper &* 100_000_000)), length: 8)
    }
  }

  /// A point and the digits of `x` / 10⁸ without the zeros behind; 0 < x < 10⁸.
  @inline(__always) private mutating func fraction(hundredMillionths x: UInt32) {
    byte(UInt8(ascii: "."))
    let digits = Self.eightDigits(x)
    word(digits, length: 8 - (digits ^ Self.zeros).leadingZeroBitCount / 8)
  }

  mutating func integer(_ x: Int64) {
    if x < 0 { byte(UInt8(ascii: "-")) }
    natural(x.magnitude)
  }

  mutating func seconds(_ nanoseconds: Int64) {
    if nanoseconds < 0 { byte(UInt8(ascii: "-")) }
    let (whole, rest) = nanoseconds.magnitude.quotientAndRemainder(dividingBy: 1_000_000_000)
    natural(whole)
    if rest == 0 { return }
    let (tens, last) = rest.quotientAndRemainder(dividingBy: 10)
    if last == 0 { return fraction(hundredMillionths: UInt32(tens)) }
    byte(UInt8(ascii: "."))
    word(Self.eightDigits(UInt32(tens)), length: 8)
    byte(UInt8(last) &+ 48)
  }

  /// The shortest text that reads back to the same double, which must be finite.
  mutating func number(_ x: Double) {
    let magnitude = x.magnitude
    if magnitude < 1e9 {
      // A sensor's rounded value is a whole number of thousandths: with fewer than sixteen figures no other text is shorter.
      let thousandths = Int64(magnitude * 1000 + 0.5)
      if Double(thousandths) / 1000 == magnitude, thousandths > 0 || x.sign == .plus {
        if x.sign == .minus { byte(UInt8(ascii: "-")) }
        let (whole, rest) = UInt64(thousandths).quotientAndRemainder(dividingBy: 1000)
        natural(whole)
        if rest > 0 { fraction(hundredMillionths: UInt32(rest) &* 100_000) }
        return
      }
    } else if magnitude < 1e15, x == x.rounded() {
      return integer(Int64(x))
    }
    ascii(x.description)
  }

  /// Infinity and NaN as Prometheus names them.
  mutating func notFinite(_ x: Double) { ascii(x.isNaN ? "NaN" : x < 0 ? "-Inf" : "+Inf") }

  /// - Precondition: at most 32 bytes; Swift's shortest text of a double takes 24.
  private mutating func ascii(_ text: String) {
    var text = text
    text.withUTF8 {
      precondition($0.count <= 32, "a number of \($0.count) figures")
      unsafe place.copyMemory(from: $0.baseAddress!, byteCount: $0.count)
      unsafe place += $0.count
    }
  }
}

extension JSONText {
  /// Lets `body` write at most `room` bytes.
  @inline(__always)
  mutating func fill(atMost room: Int, _ body: (inout DecimalCursor) -> Void) {
    if storage.count &- count < room &+ 8 { makeRoom(for: room &+ 8) }
    let written = count
    count = unsafe storage.withUnsafeMutableBytes { bytes in
      let start = unsafe bytes.baseAddress.unsafelyUnwrapped
      var cursor = unsafe DecimalCursor(start + written)
      body(&cursor)
      return unsafe cursor.end - start
    }
    precondition(count <= storage.count, "more was written than there was room for")
  }

  mutating func append(_ bytes: UnsafeRawBufferPointer) {
    guard let source = bytes.baseAddress, bytes.count > 0 else { return }
    if storage.count - count < bytes.count { makeRoom(for: bytes.count) }
    let written = count
    unsafe storage.withUnsafeMutableBytes { unsafe ($0.baseAddress! + written).copyMemory(from: source, byteCount: bytes.count) }
    count += bytes.count
  }

  @inline(never)
  private mutating func makeRoom(for more: Int) { storage += [UInt8](repeating: 0, count: max(more, storage.count)) }
}
