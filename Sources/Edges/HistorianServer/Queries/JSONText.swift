/// Writes JSON into bytes, without values in between.
struct JSONText {
  private(set) var bytes: [UInt8] = []

  init(capacity: Int = 0) { bytes.reserveCapacity(capacity) }

  mutating func raw(_ text: StaticString) {
    text.withUTF8Buffer { unsafe bytes.append(contentsOf: $0) }
  }

  mutating func raw(_ text: String) { bytes.append(contentsOf: text.utf8) }

  mutating func raw(_ json: [UInt8]) { bytes += json }

  mutating func comma(unless isFirst: Bool) { if !isFirst { bytes.append(UInt8(ascii: ",")) } }

  /// A text with its quotes, escaped where it must be.
  mutating func string(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(byte)
      case 0x20...: bytes.append(byte)
      case UInt8(ascii: "\n"): raw("\\n")
      case UInt8(ascii: "\r"): raw("\\r")
      case UInt8(ascii: "\t"): raw("\\t")
      default:
        raw("\\u00")
        bytes.append(byte >> 4 &+ 48)
        bytes.append((byte & 15) + (byte & 15 < 10 ? 48 : 87))
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// A number; null where JSON has none for it.
  mutating func number(_ x: Double) { if x.isFinite { plain(x) } else { raw("null") } }

  mutating func integer(_ x: Int64) {
    if x < 0 { bytes.append(UInt8(ascii: "-")) }
    digits(x.magnitude, atLeast: 1)
  }

  /// Seconds since 1970 with as many decimals as there are, as Prometheus writes instants.
  mutating func seconds(_ nanoseconds: Int64) {
    if nanoseconds < 0 { bytes.append(UInt8(ascii: "-")) }
    var (whole, rest) = nanoseconds.magnitude.quotientAndRemainder(dividingBy: 1_000_000_000)
    digits(whole, atLeast: 1)
    guard rest != 0 else { return }
    bytes.append(UInt8(ascii: "."))
    var count = 9
    while rest % 10 == 0 { (rest, count) = (rest / 10, count - 1) }
    whole = rest
    digits(whole, atLeast: count)
  }

  /// From the last digit to the first, for division by a constant is quick.
  private mutating func digits(_ x: UInt64, atLeast count: Int) {
    var buffer = InlineArray<20, UInt8>(repeating: UInt8(ascii: "0"))
    var (rest, start) = (x, 20)
    while rest > 0 || start > 20 - count {
      start -= 1
      let quotient = rest / 10
      buffer[start] = UInt8(truncatingIfNeeded: rest &- quotient &* 10) &+ 48
      rest = quotient
    }
    for i in start..<20 { bytes.append(buffer[i]) }
  }

  /// A value as Prometheus writes it: a text, so that infinity and NaN have one.
  mutating func value(_ x: Double) {
    bytes.append(UInt8(ascii: "\""))
    if x.isNaN { raw("NaN") } else if x.isInfinite { raw(x < 0 ? "-Inf" : "+Inf") } else { plain(x) }
    bytes.append(UInt8(ascii: "\""))
  }

  /// The shortest text that reads back to the same double.
  private mutating func plain(_ x: Double) {
    if x == x.rounded(), x.magnitude < 1e15, !(x == 0 && x.sign == .minus) { return integer(Int64(x)) }
    // A sensor's rounded value is a whole number of thousandths: with fewer than sixteen figures no other text is shorter.
    let thousandths = (x * 1000).rounded()
    guard thousandths.magnitude < 1e12, x.magnitude >= 1e-3, thousandths / 1000 == x else { return raw(x.description) }
    let whole = Int64(thousandths).magnitude
    if x < 0 { bytes.append(UInt8(ascii: "-")) }
    digits(whole / 1000, atLeast: 1)
    bytes.append(UInt8(ascii: "."))
    var (rest, count) = (whole % 1000, 3)
    while rest % 10 == 0 { (rest, count) = (rest / 10, count - 1) }
    digits(rest, atLeast: count)
  }
}
