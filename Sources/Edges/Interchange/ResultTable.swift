public import Quantities

/// The answer to a query, ready to leave Takt as CSV or JSON.
public struct ResultTable: Sendable, Hashable {
  public enum Cell: Sendable, Hashable {
    /// Not known: empty in CSV, null in JSON. Never written as zero.
    case unknown
    case number(Double)
    case integer(Int64)
    case text(String)
    /// Written as RFC 3339 in UTC, with as many digits of the second as it needs.
    case instant(Instant)

    /// A number, or `unknown` for nil.
    public init(_ number: Double?) { self = number.map(Cell.number) ?? .unknown }
    /// An integer, or `unknown` for nil.
    public init(_ integer: Int?) { self = integer.map { .integer(Int64($0)) } ?? .unknown }
    /// A text, or `unknown` for nil.
    public init(_ text: String?) { self = text.map(Cell.text) ?? .unknown }
  }

  public var columns: [String]
  /// Each row has a cell for each column.
  public private(set) var rows: [[Cell]] = []

  public init(columns: [String]) { self.columns = columns }

  public mutating func append(_ row: [Cell]) {
    precondition(row.count == columns.count, "\(row.count) cells for \(columns.count) columns")
    rows.append(row)
  }

  /// A header and one line a row, by RFC 4180 with LF line ends.
  public func csv() -> [UInt8] {
    var bytes: [UInt8] = []
    func line(_ fields: [[UInt8]]) {
      bytes += fields.joined(separator: [UInt8(ascii: ",")])
      bytes.append(UInt8(ascii: "\n"))
    }
    line(columns.map(csvField))
    for row in rows {
      line(
        row.map { cell in
          switch cell {
          case .unknown: []
          case .number(let x): x.isNaN ? [] : Array(shortest(x).utf8)
          case .integer(let n): Array(String(n).utf8)
          case .text(let text): csvField(text)
          case .instant(let instant): Array(rfc3339(instant).utf8)
          }
        })
    }
    return bytes
  }

  /// An array with one object a row, by RFC 8259, a row on each line. NaN and infinity, which JSON does not have, are null.
  public func json() -> [UInt8] {
    var bytes: [UInt8] = Array("[".utf8)
    for (number, row) in rows.enumerated() {
      bytes += (number == 0 ? "\n" : ",\n").utf8
      bytes.append(UInt8(ascii: "{"))
      for (place, (column, cell)) in zip(columns, row).enumerated() {
        if place > 0 { bytes.append(UInt8(ascii: ",")) }
        bytes += jsonString(column)
        bytes.append(UInt8(ascii: ":"))
        switch cell {
        case .unknown: bytes += "null".utf8
        case .number(let x): bytes += (x.isFinite ? shortest(x) : "null").utf8
        case .integer(let n): bytes += String(n).utf8
        case .text(let text): bytes += jsonString(text)
        case .instant(let instant): bytes += jsonString(rfc3339(instant))
        }
      }
      bytes.append(UInt8(ascii: "}"))
    }
    bytes += (rows.isEmpty ? "]\n" : "\n]\n").utf8
    return bytes
  }
}

private func jsonString(_ text: String) -> [UInt8] {
  let digits = Array("0123456789abcdef".utf8)
  var bytes = [UInt8(ascii: "\"")]
  for byte in text.utf8 {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
    case UInt8(ascii: "\n"): bytes += "\\n".utf8
    case UInt8(ascii: "\t"): bytes += "\\t".utf8
    case 0..<0x20: bytes += Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    default: bytes.append(byte)
    }
  }
  return bytes + [UInt8(ascii: "\"")]
}
