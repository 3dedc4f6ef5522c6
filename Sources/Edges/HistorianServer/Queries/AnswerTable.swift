internal import Telemetry

/// Rows that are answered as JSON (`{"columns": […], "rows": [[…], …]}`) or as CSV with a header.
struct AnswerTable {
  enum Cell {
    case text(String)
    case number(Double)
    case nothing
    /// Nanoseconds since 1970, written as seconds.
    case instant(Int64)
    case quality(Quality)

    init(_ number: Double?) { self = number.map { .number($0) } ?? .nothing }

    init(_ value: SampleValue) {
      switch value {
      case .number(let x): self = .number(x)
      case .text(let text): self = .text(text)
      }
    }
  }

  private let columns: [String]
  private var cells: [Cell] = []

  init(columns: [String]) { self.columns = columns }

  mutating func append(_ row: [Cell]) { cells += row }

  var json: [UInt8] {
    var json = JSONText(capacity: 256 + 24 * cells.count)
    json.raw("{\"columns\":[")
    for (i, column) in columns.enumerated() {
      json.comma(unless: i == 0)
      json.string(column)
    }
    json.raw("],\"rows\":[")
    for (i, cell) in cells.enumerated() {
      let place = i % columns.count
      if place == 0 {
        json.comma(unless: i == 0)
        json.raw("[")
      } else {
        json.raw(",")
      }
      switch cell {
      case .text(let text): json.string(text)
      case .number(let x): json.number(x)
      case .nothing: json.raw("null")
      case .instant(let nanoseconds): json.seconds(nanoseconds)
      case .quality(let quality): json.integer(Int64(quality.rawValue))
      }
      if place == columns.count - 1 { json.raw("]") }
    }
    json.raw("]}")
    return json.finish()
  }

  var csv: [UInt8] {
    var text = JSONText(capacity: 256 + 24 * cells.count)
    text.plain(columns.joined(separator: ","))
    for (i, cell) in cells.enumerated() {
      text.raw(i % columns.count == 0 ? "\n" : ",")
      switch cell {
      case .text(let field):
        let needsQuotes = field.utf8.contains { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\"") || $0 == 10 || $0 == 13 }
        text.plain(needsQuotes ? "\"" + field.replacing("\"", with: "\"\"") + "\"" : field)
      case .number(let x): if x.isFinite { text.number(x) }
      case .nothing: break
      case .instant(let nanoseconds): text.seconds(nanoseconds)
      case .quality(let quality): text.integer(Int64(quality.rawValue))
      }
    }
    text.raw("\n")
    return text.finish()
  }
}
