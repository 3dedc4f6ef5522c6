import Foundation

/// Colour on a terminal, plain text elsewhere (and where NO_COLOR is set).
enum Style: String {
  case red = "31"
  case green = "32"
  case yellow = "33"
  case bold = "1"

  static let isTerminal = isatty(STDOUT_FILENO) == 1 && ProcessInfo.processInfo.environment["NO_COLOR"] == nil

  static func colour(_ style: Style, _ text: String) -> String { isTerminal ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text }
}

/// What programs read: one JSON value, keys sorted.
enum JSONOutput {
  static func print(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    Swift.print(String(decoding: try encoder.encode(value), as: UTF8.self))
  }
}

/// Columns as wide as their widest cell; text left-aligned, numbers (— among them) right-aligned.
struct TextTable {
  var header: [String]
  var rows: [[String]] = []

  func lines() -> [String] {
    let widths = header.indices.map { column in ([header] + rows).map { $0[column].count }.max() ?? 0 }
    let numeric = header.indices.map { column in
      let words = rows.map { $0[column].split(separator: " ").first ?? "" }
      return words.contains { Double($0) != nil } && words.allSatisfy { Double($0) != nil || $0 == "—" }
    }
    return ([header] + rows).map { row in
      row.indices.map { column in
        let blanks = String(repeating: " ", count: widths[column] - row[column].count)
        return numeric[column] ? blanks + row[column] : row[column] + blanks
      }.joined(separator: "  ").replacing(#/\s+$/#, with: "")
    }
  }

  func print() { for line in lines() { Swift.print(line) } }
}

/// A bar on standard error, on a terminal only: done share, and time left.
struct ProgressBar {
  let title: String
  private let started = ContinuousClock.now
  private let isTerminal = isatty(STDERR_FILENO) == 1

  init(_ title: String) { self.title = title }

  func show(_ done: Int, of total: Int) {
    guard isTerminal, total > 0 else { return }
    let share = Double(done) / Double(total)
    let elapsed = (ContinuousClock.now - started) / .seconds(1)
    let left = share > 0 ? elapsed * (1 - share) / share : 0
    let filled = Int(share * 30)
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 30 - filled)
    let text =
      "\r\(title) \(bar) \(Int(100 * share)) % \(done < total ? "\(Int(left.rounded(.up))) s left " : "done      ")\(done == total ? "\n" : "")"
    FileHandle.standardError.write(Data(text.utf8))
  }
}

/// A number with so many decimals, or — where it is not known.
func fixed(_ value: Double?, _ decimals: Int = 1) -> String {
  guard let value, value.isFinite, abs(value) < 1e15 else { return "—" }
  return String(format: "%.\(decimals)f", value)
}
