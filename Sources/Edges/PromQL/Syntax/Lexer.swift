internal import Foundation

/// The words of a query.
enum Token: Sendable, Hashable {
  case identifier(String)
  case number(Double)
  /// Nanoseconds.
  case duration(Int64)
  case string(String)
  /// Operators and brackets, as written.
  case symbol(String)
  case end
}

/// Cuts a query's text into words.
struct Lexer {
  private let bytes: [UInt8]
  private(set) var position = 0

  init(_ text: String) { bytes = Array(text.utf8) }

  /// The next word and where it begins.
  mutating func next() throws(PromQLError) -> (token: Token, place: Int) {
    skipBlanks()
    let place = position
    guard position < bytes.count else { return (.end, place) }
    let byte = bytes[position]
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`"): return (.string(try string(byte)), place)
    case _ where isDigit(byte) || (byte == UInt8(ascii: ".") && position + 1 < bytes.count && isDigit(bytes[position + 1])):
      return (try number(), place)
    case _ where isLetter(byte): return (.identifier(word()), place)
    default: break
    }
    for symbol in ["==", "!=", "<=", ">=", "=~", "!~"] where bytes[position...].starts(with: symbol.utf8) {
      position += 2
      return (.symbol(symbol), place)
    }
    guard "+-*/%^<>=(){}[],:@".utf8.contains(byte) else {
      throw .syntax("unexpected \(String(decoding: bytes[position...].prefix(10), as: UTF8.self))", at: place)
    }
    position += 1
    return (.symbol(String(UnicodeScalar(byte))), place)
  }

  private mutating func skipBlanks() {
    while position < bytes.count {
      if bytes[position] == UInt8(ascii: "#") {
        while position < bytes.count, bytes[position] != UInt8(ascii: "\n") { position += 1 }
      } else if " \t\r\n".utf8.contains(bytes[position]) {
        position += 1
      } else {
        return
      }
    }
  }

  /// A name; colons may stand in names of recording rules, but not after a duration in brackets.
  private mutating func word() -> String {
    let start = position
    while position < bytes.count, isLetter(bytes[position]) || isDigit(bytes[position]) || bytes[position] == UInt8(ascii: ":") { position += 1 }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func number() throws(PromQLError) -> Token {
    let start = position
    if bytes[position...].starts(with: "0x".utf8) || bytes[position...].starts(with: "0X".utf8) {
      position += 2
      let digits = position
      while position < bytes.count, isLetter(bytes[position]) || isDigit(bytes[position]) { position += 1 }
      guard let value = UInt64(String(decoding: bytes[digits..<position], as: UTF8.self), radix: 16) else {
        throw .syntax("no hexadecimal number", at: start)
      }
      return .number(Double(value))
    }
    if let duration = try durationHere() { return .duration(duration) }
    while position < bytes.count {
      let byte = bytes[position]
      let isSign = (byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")) && (bytes[position - 1] | 0x20) == UInt8(ascii: "e") && position > start
      guard isDigit(byte) || byte == UInt8(ascii: ".") || byte | 0x20 == UInt8(ascii: "e") || isSign else { break }
      position += 1
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    guard let value = Double(text), position >= bytes.count || !isLetter(bytes[position]) else { throw .syntax("\(text) is no number", at: start) }
    return .number(value)
  }

  /// `1h30m`, `500ms`; nil where a plain number stands, which then is not passed over.
  private mutating func durationHere() throws(PromQLError) -> Int64? {
    let units: [(String, Int64)] = [
      ("ms", 1_000_000), ("s", 1_000_000_000), ("m", 60_000_000_000), ("h", 3_600_000_000_000), ("d", 86_400_000_000_000),
      ("w", 604_800_000_000_000), ("y", 31_536_000_000_000_000),
    ]
    var at = position
    var total: Int64 = 0
    var isDuration = false
    while at < bytes.count, isDigit(bytes[at]) {
      var end = at
      while end < bytes.count, isDigit(bytes[end]) { end += 1 }
      var letters = end
      while letters < bytes.count, isLetter(bytes[letters]) { letters += 1 }
      let unit = String(decoding: bytes[end..<letters], as: UTF8.self)
      guard let length = units.first(where: { $0.0 == unit })?.1 else { break }
      let count = Int64(String(decoding: bytes[at..<end], as: UTF8.self))
      let (part, overflow) = (count ?? .max).multipliedReportingOverflow(by: length)
      let (sum, carry) = total.addingReportingOverflow(part)
      if count == nil || overflow || carry { throw .syntax("the duration is too long", at: position) }
      (total, at, isDuration) = (sum, letters, true)
    }
    guard isDuration else { return nil }
    position = at
    return total
  }

  private mutating func string(_ quote: UInt8) throws(PromQLError) -> String {
    let start = position
    position += 1
    var out: [UInt8] = []
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if byte == quote {
        guard let text = String(validating: out, as: UTF8.self) else { throw .syntax("the text is not UTF-8", at: start) }
        return text
      }
      guard byte == UInt8(ascii: "\\"), quote != UInt8(ascii: "`") else {
        out.append(byte)
        continue
      }
      guard position < bytes.count else { break }
      switch bytes[position] {
      case UInt8(ascii: "n"): out.append(10)
      case UInt8(ascii: "t"): out.append(9)
      case UInt8(ascii: "r"): out.append(13)
      case let other where "\\\"'`".utf8.contains(other): out.append(other)
      default: throw .syntax("unknown escape", at: position - 1)
      }
      position += 1
    }
    throw .syntax("the text is not closed", at: start)
  }

  private func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }
  private func isLetter(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "_") || UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 }
}
