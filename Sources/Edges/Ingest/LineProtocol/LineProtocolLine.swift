/// One line of InfluxDB line protocol, taken apart: `measurement,tag=value field=1.5,other="text" 1465839830100400200`.
///
/// The whole grammar, a line at a time: what `LineProtocolDecoder` of module Acquisition reads every line with, and `LineProtocolReader`
/// those that are not plain.
public struct LineProtocolLine: Sendable, Hashable {
  public enum FieldValue: Sendable, Hashable {
    case number(Double)
    case text(String)
    case boolean(Bool)
  }
  public struct Pair: Sendable, Hashable {
    public var key: String
    public var value: String
  }
  public struct Field: Sendable, Hashable {
    public var key: String
    public var value: FieldValue
  }
  public var measurement = ""
  public var tags: [Pair] = []
  public var fields: [Field] = []
  /// As sent, in the precision of the request.
  public var timestamp: Int64?

  public typealias Reason = LineProtocolError.Reason

  /// Reads one line, without its line end.
  public init(_ bytes: ArraySlice<UInt8>) throws(ReasonThrown) {
    var scanner = Scanner(bytes: bytes, position: bytes.startIndex)
    try readKey(&scanner)
    scanner.skipSpaces()
    if scanner.isAtEnd { throw ReasonThrown(.missingFields) }
    repeat {
      let key = try scanner.name(until: [.comma, .equals, .space], escapes: [.comma, .equals, .space])
      if key.isEmpty { throw ReasonThrown(.missingFieldKey) }
      guard scanner.take(.equals) else { throw ReasonThrown(.missingFieldValue) }
      fields.append(Field(key: key, value: try scanner.fieldValue()))
    } while scanner.take(.comma)
    if !scanner.isAtEnd && scanner.peek != .space { throw ReasonThrown(.invalidNumber(scanner.rest)) }
    scanner.skipSpaces()
    if !scanner.isAtEnd {
      guard let time = Int64(scanner.rest) else { throw ReasonThrown(.badTimestamp(scanner.rest)) }
      timestamp = time
    }
  }

  /// Reads a measurement with its tags, and nothing behind them.
  init(key bytes: [UInt8]) throws(ReasonThrown) {
    var scanner = Scanner(bytes: bytes[...], position: 0)
    try readKey(&scanner)
    if !scanner.isAtEnd { throw ReasonThrown(.missingFields) }
  }

  private mutating func readKey(_ scanner: inout Scanner) throws(ReasonThrown) {
    measurement = try scanner.name(until: [.comma, .space], escapes: [.comma, .space])
    if measurement.isEmpty { throw ReasonThrown(.missingMeasurement) }
    while scanner.take(.comma) {
      let key = try scanner.name(until: [.comma, .equals, .space], escapes: [.comma, .equals, .space])
      if key.isEmpty { throw ReasonThrown(.missingTagKey) }
      guard scanner.take(.equals) else { throw ReasonThrown(.missingTagValue) }
      let value = try scanner.name(until: [.comma, .equals, .space], escapes: [.comma, .equals, .space])
      if value.isEmpty { throw ReasonThrown(.missingTagValue) }
      tags.append(Pair(key: key, value: value))
    }
  }

  /// A reason on its way up to the decoder, which knows the line.
  public struct ReasonThrown: Error, Sendable {
    public var reason: Reason
    public init(_ reason: Reason) { self.reason = reason }
  }

  struct Scanner {
    let bytes: ArraySlice<UInt8>
    var position: Int

    var isAtEnd: Bool { position >= bytes.endIndex }
    var peek: UInt8? { isAtEnd ? nil : bytes[position] }
    /// What is left, without spaces around it, cut to 40 bytes.
    var rest: String {
      var part = bytes[position...]
      while part.last == .space { part.removeLast() }
      return String(decoding: part.prefix(40), as: UTF8.self)
    }

    mutating func take(_ byte: UInt8) -> Bool {
      guard peek == byte else { return false }
      position += 1
      return true
    }

    mutating func skipSpaces() { while peek == .space { position += 1 } }

    /// Reads up to an unescaped byte of `ends`; a backslash stands for itself before any other byte.
    mutating func name(until ends: [UInt8], escapes: [UInt8]) throws(ReasonThrown) -> String {
      var out: [UInt8] = []
      while let byte = peek, !ends.contains(byte) {
        position += 1
        if byte == .backslash, let next = peek, escapes.contains(next) {
          out.append(next)
          position += 1
        } else {
          out.append(byte)
        }
      }
      return try Self.text(out)
    }

    mutating func fieldValue() throws(ReasonThrown) -> FieldValue {
      if take(.quote) { return .text(try quoted()) }
      let start = position
      while let byte = peek, byte != .comma, byte != .space { position += 1 }
      let token = String(decoding: bytes[start..<position], as: UTF8.self)
      return try Self.value(token)
    }

    /// The text up to the closing quote; `\"` and `\\` are escapes, line ends may stand in it.
    private mutating func quoted() throws(ReasonThrown) -> String {
      var out: [UInt8] = []
      while let byte = peek {
        position += 1
        if byte == .quote { return try Self.text(out) }
        if byte == .backslash, let next = peek, next == .quote || next == .backslash {
          out.append(next)
          position += 1
        } else {
          out.append(byte)
        }
      }
      throw ReasonThrown(.unbalancedQuotes)
    }

    private static func text(_ bytes: [UInt8]) throws(ReasonThrown) -> String {
      guard let text = String(validating: bytes, as: UTF8.self) else { throw ReasonThrown(.notUTF8) }
      return text
    }

    static func value(_ token: String) throws(ReasonThrown) -> FieldValue {
      switch token {
      case "": throw ReasonThrown(.missingFieldValue)
      case "t", "T", "true", "True", "TRUE": return .boolean(true)
      case "f", "F", "false", "False", "FALSE": return .boolean(false)
      default: break
      }
      let shown = String(token.prefix(40))
      if token.hasSuffix("i") {
        guard let whole = Int64(token.dropLast()) else { throw ReasonThrown(.invalidNumber(shown)) }
        return .number(Double(whole))
      }
      if token.hasSuffix("u") {
        guard let whole = UInt64(token.dropLast()) else { throw ReasonThrown(.invalidNumber(shown)) }
        return .number(Double(whole))
      }
      // Swift also reads hexadecimal floats and names of infinity: neither is line protocol.
      let isDecimal = token.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || "+-.eE".utf8.contains($0) }
      guard isDecimal, let number = Double(token) else {
        let bare = token.lowercased().drop { $0 == "+" || $0 == "-" }
        throw ReasonThrown(["nan", "inf", "infinity"].contains(bare) ? .notFinite(shown) : .invalidNumber(shown))
      }
      guard number.isFinite else { throw ReasonThrown(.notFinite(shown)) }
      return .number(number)
    }
  }
}

extension UInt8 {
  static let comma = UInt8(ascii: ",")
  static let space = UInt8(ascii: " ")
  static let equals = UInt8(ascii: "=")
  static let backslash = UInt8(ascii: "\\")
  static let quote = UInt8(ascii: "\"")
  static let newline = UInt8(ascii: "\n")
  static let carriageReturn = UInt8(ascii: "\r")
  static let hash = UInt8(ascii: "#")
}
