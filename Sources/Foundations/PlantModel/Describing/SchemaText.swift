/// A JSON value whose objects keep the order in which they were written.
indirect enum SchemaText {
  case text(String)
  case number(Double)
  case flag(Bool)
  case list([SchemaText])
  case object([(String, SchemaText)])

  /// Indented by two spaces; the same value always gives the same text.
  func rendered(_ indent: String = "") -> String {
    let inner = indent + "  "
    switch self {
    case .text(let s): return Self.quoted(s)
    case .number(let x): return plain(x)
    case .flag(let b): return b ? "true" : "false"
    case .list(let values):
      return values.isEmpty ? "[]" : "[\n" + values.map { inner + $0.rendered(inner) }.joined(separator: ",\n") + "\n\(indent)]"
    case .object(let pairs):
      return pairs.isEmpty
        ? "{}" : "{\n" + pairs.map { "\(inner)\(Self.quoted($0)): \($1.rendered(inner))" }.joined(separator: ",\n") + "\n\(indent)}"
    }
  }

  /// JSON string by RFC 8259, section 7.
  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case _ where scalar.value < 0x20:
        let hex = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
