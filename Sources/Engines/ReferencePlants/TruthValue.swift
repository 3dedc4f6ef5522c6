/// A JSON value whose objects keep their order, so that a truth log is the same to the byte for the same seed.
public indirect enum TruthValue: Sendable, Hashable {
  case null
  case flag(Bool)
  case integer(Int64)
  /// A number that is not finite is written as null.
  case number(Double)
  case text(String)
  case array([TruthValue])
  case object([Field])
  /// Text that is JSON already.
  case json(String)

  public struct Field: Sendable, Hashable {
    public var name: String
    public var value: TruthValue
    public init(_ name: String, _ value: TruthValue) { (self.name, self.value) = (name, value) }
  }

  /// `x` rounded to so many decimals.
  static func rounded(_ x: Double, _ decimals: Int) -> TruthValue {
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    return .number((x * scale).rounded() / scale)
  }

  /// On one line, without spaces that JSON does not need.
  public var text: String {
    switch self {
    case .null: "null"
    case .flag(let x): x ? "true" : "false"
    case .integer(let x): String(x)
    case .number(let x): x.isFinite ? (x == x.rounded() && abs(x) < 1e15 ? String(Int64(x)) : x.description) : "null"
    case .text(let s): Self.quoted(s)
    case .array(let values): "[" + values.map(\.text).joined(separator: ",") + "]"
    case .object(let fields): "{" + fields.map { Self.quoted($0.name) + ":" + $0.value.text }.joined(separator: ",") + "}"
    case .json(let s): s
    }
  }

  private static func quoted(_ s: String) -> String {
    var out = "\""
    for c in s.unicodeScalars {
      switch c {
      case "\"": out += "\\\""
      case "\\": out += "\\\\"
      case "\n": out += "\\n"
      case "\r": out += "\\r"
      case "\t": out += "\\t"
      case _ where c.value < 0x20:
        let hex = String(c.value, radix: 16)
        out += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      default: out.unicodeScalars.append(c)
      }
    }
    return out + "\""
  }
}

/// One line of the truth log: what really happened, for acceptance tests only.
public struct TruthRecord: Sendable, Hashable {
  /// Simulated seconds since the start.
  public var seconds: Double
  /// Milliseconds since 1970, plant time.
  public var milliseconds: Int64
  public var kind: String
  public var fields: [TruthValue.Field]

  /// The line, without its end.
  public var line: String {
    TruthValue.object(
      [.init("t", .rounded(seconds, 3)), .init("ts", .integer(milliseconds)), .init("kind", .text(kind))] + fields
    ).text
  }

  /// The text of an announcement where this record is one (`event`).
  public var announcement: String? {
    guard kind == "event", case .text(let s)? = fields.first(where: { $0.name == "text" })?.value else { return nil }
    return s
  }
}
