/// Writes JSON into bytes, without values in between.
struct JSONText {
  /// What is written, and room behind it.
  var storage: [UInt8]
  /// So much is written.
  var count = 0

  init(capacity: Int = 256) { storage = [UInt8](repeating: 0, count: capacity) }

  /// What was written; then the text is empty.
  mutating func finish() -> [UInt8] {
    var all: [UInt8] = []
    swap(&all, &storage)
    all.removeLast(all.count - count)
    count = 0
    return all
  }

  /// A text of the program itself, as it stands.
  mutating func raw(_ text: StaticString) { unsafe append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)) }

  mutating func raw(_ json: [UInt8]) { unsafe json.withUnsafeBytes { unsafe append($0) } }

  /// A text as it stands, without quotes.
  mutating func plain(_ text: String) {
    var text = text
    text.withUTF8 { unsafe append(UnsafeRawBufferPointer($0)) }
  }

  mutating func comma(unless isFirst: Bool) { if !isFirst { raw(",") } }

  /// A text with its quotes, escaped where it must be.
  mutating func string(_ text: String) {
    raw("\"")
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) {
      plain(text)
    } else {
      for byte in text.utf8 { escaped(byte) }
    }
    raw("\"")
  }

  private mutating func escaped(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "\""): raw("\\\"")
    case UInt8(ascii: "\\"): raw("\\\\")
    case 0x20...: fill(atMost: 1) { $0.byte(byte) }
    case UInt8(ascii: "\n"): raw("\\n")
    case UInt8(ascii: "\r"): raw("\\r")
    case UInt8(ascii: "\t"): raw("\\t")
    default:
      raw("\\u00")
      fill(atMost: 2) {
        $0.byte(byte >> 4 &+ 48)
        $0.byte((byte & 15) + (byte & 15 < 10 ? 48 : 87))
      }
    }
  }

  /// A number; null where JSON has none for it.
  mutating func number(_ x: Double) {
    guard x.isFinite else { return raw("null") }
    fill(atMost: DecimalCursor.numberLength) { $0.number(x) }
  }

  mutating func integer(_ x: Int64) { fill(atMost: DecimalCursor.numberLength) { $0.integer(x) } }

  /// Seconds since 1970 with as many decimals as there are, as Prometheus writes instants.
  mutating func seconds(_ nanoseconds: Int64) { fill(atMost: DecimalCursor.numberLength) { $0.seconds(nanoseconds) } }

  /// An instant and a value as Prometheus writes them: `[1767312000.25,"21.5"]`. The value is a text, so that infinity and NaN have one.
  mutating func pair(_ nanoseconds: Int64, _ x: Double) {
    fill(atMost: 2 * DecimalCursor.numberLength + 5) {
      $0.byte(UInt8(ascii: "["))
      $0.seconds(nanoseconds)
      $0.byte(UInt8(ascii: ","))
      $0.byte(UInt8(ascii: "\""))
      if x.isFinite { $0.number(x) } else { $0.notFinite(x) }
      $0.byte(UInt8(ascii: "\""))
      $0.byte(UInt8(ascii: "]"))
    }
  }
}
