import Historian
import Ingest
import Quantities

/// A small generator, so that a failure is named by its seed.
struct Seeded: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

let now = Instant(milliseconds: 1_767_592_800_000)

/// Numbers tags as they come.
struct Directory {
  private(set) var tags: [String] = []
  private var numbers: [String: UInt32] = [:]
  var limit = Int.max

  mutating func series(_ tag: String) -> SeriesID? {
    if let known = numbers[tag] { return SeriesID(index: known) }
    guard tags.count < limit else { return nil }
    tags.append(tag)
    numbers[tag] = UInt32(tags.count - 1)
    return SeriesID(index: UInt32(tags.count - 1))
  }
}

/// Bytes of line protocol, right and wrong in every way that senders know.
struct BodyMaker {
  var random: Seeded
  private let names = ["Pressure", "Count", "my\\ name", "a,b", "x\\,y", "ü", "cpu", "m\"q", "back\\\\slash", "e\\=q"]
  private let keys = ["station", "line", "host", "unit", "sp\\ ace", "", "station", "q\"uote"]
  private let values = ["Filler", "Capper", "St\\,\\ 1\\=a", "y\\z", "0", "", "ü", "\"q\"", "a\\\\"]
  private let fields = ["value", "value", "value", "other", "quality", "note", "long_field_name", "exactly8", "f\\ g", "", "seven77"]
  private let numbers = [
    "1", "2.5", "-1.5e-3", "0", "-0", "7i", "-7i", "9u", "1e999", "NaN", "-Inf", "t", "F", "true", "False", "FALSE", "abc", "1.2.3", "", ".5", "1.",
    "+2", "0x1p3", "123456789012345678901234567890", "0.1234567890123456789", "9007199254740993", "9223372036854775807i", "9223372036854775808i",
    "-1u", "18446744073709551615u", "100000000000000000000u", "1e22", "123456789.123456789", "3.3", "192i", "64i", "192", "68i",
    "0.30000000000000004",
    "\"text\"", "\"two \\\" words\"", "\"a, b=c\"", "\"line\nend\"", "\"open", "5f", "--1", "1i2", "i", "-", "5e", "1e5", "00012.50", "12345678",
    "1\"2",
  ]
  private let times = [
    "", " 1767592800000000000", " 1767592799999999999", " 0", " -1", " 12x", " 9223372036854775807", " 9223372036854775808", " 1767592800",
    "  1767592800000000000 ", " 1767593000000000000", " 1767602800000000000", " +5", " 00000000000000000000012", " 12345678", " 1234567", " ", "\t5",
    " 7258118400000000000", " 7258118400000000001",
  ]
  private let ends = ["\n", "\n", "\n", "\r\n", "\n\n", "\r", ""]

  mutating func body() -> [UInt8] {
    var text = ""
    for _ in 0..<Int.random(in: 0...12, using: &random) { text += line() }
    var bytes = [UInt8](text.utf8)
    let alphabet = [UInt8](" ,=\\\"\n\r#\u{0}tTfFiu0123456789.eE+-naNinf".utf8) + [0x80, 0xC3, 0xFF]
    for _ in 0..<Int.random(in: 0...2, using: &random) where !bytes.isEmpty {
      let at = Int.random(in: 0..<bytes.count, using: &random)
      switch Int.random(in: 0..<4, using: &random) {
      case 0: bytes[at] = alphabet.randomElement(using: &random)!
      case 1: bytes.remove(at: at)
      case 2: bytes.insert(alphabet.randomElement(using: &random)!, at: at)
      default: break
      }
    }
    return bytes
  }

  /// A line as most senders write it.
  private mutating func goodLine() -> String {
    let fields = (0..<Int.random(in: 1...3, using: &random)).map { "f\($0)=\(Double(Int.random(in: -99999...99999, using: &random)) / 100)" }
    let station = ["Filler", "Capper", "Labeller"].randomElement(using: &random)!
    return "\(names[0]),station=\(station),line=\(Int.random(in: 0..<3, using: &random)) \(fields.joined(separator: ",")) 1767592800123456789\n"
  }

  private mutating func line() -> String {
    switch Int.random(in: 0..<24, using: &random) {
    case 0: return "# comment \"x\n"
    case 1: return "\n"
    case 2: return "   "
    case 3...11: return goodLine()
    default: break
    }
    var text = names.randomElement(using: &random)!
    for _ in 0..<Int.random(in: 0...2, using: &random) {
      text += ",\(keys.randomElement(using: &random)!)=\(values.randomElement(using: &random)!)"
    }
    text += Int.random(in: 0..<16, using: &random) == 0 ? "  " : " "
    let count = Int.random(in: 1...3, using: &random)
    // Most values are fine, so that most lines are.
    text += (0..<count).map { _ in
      let value =
        Bool.random(using: &random) ? "\(Double(Int.random(in: -99999...99999, using: &random)) / 100)" : numbers.randomElement(using: &random)!
      return "\(fields.randomElement(using: &random)!)=\(value)"
    }.joined(separator: ",")
    return text + (Bool.random(using: &random) ? " 1767592800123456789" : times.randomElement(using: &random)!) + ends.randomElement(using: &random)!
  }
}
