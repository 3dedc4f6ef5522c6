internal import Yams

/// One file's YAML, composed, with what was wrong with its syntax.
///
/// Yams stops at the first mapping with a repeated key. To find every error in one pass, the first of the repeated keys is given
/// another name in the text (one character, so that places stay right) and the text is composed again; `renamed` remembers it.
struct YamlText {
  struct Spot: Hashable {
    var line: Int
    var column: Int
  }

  let file: String
  private(set) var root: Node?
  /// What the keys at these places are really called.
  private(set) var renamed: [Spot: String] = [:]
  private(set) var issues: [PlantIssue] = []

  init(file: String, text: String) {
    self.file = file
    var lines = Self.lines(of: text)
    for (index, line) in lines.enumerated() {
      if let column = line.firstIndex(of: "\u{FFFD}") {
        report(index + 1, column + 1, "the file is not UTF-8 text", "save it as UTF-8")
        return
      }
    }
    while true {
      do {
        root = try Yams.compose(yaml: Self.text(of: lines), .basic, .default, .utf8)
        if root == nil { report(1, 1, "the file is empty", "describe it as in docs/plant-folder.md") }
        return
      } catch let error as YamlError {
        guard case .duplicatedKeysInMapping(let names, let context) = error, let name = names.first, rename(name, context.mark, in: &lines) else {
          report(error, lines)
          return
        }
      } catch {
        report(1, 1, "the file is no YAML (\(error))", "mend its syntax")
        return
      }
    }
  }

  /// Gives the key at `mark` a name that stands nowhere else. False where that is impossible.
  private mutating func rename(_ name: String, _ mark: Mark, in lines: inout [[Unicode.Scalar]]) -> Bool {
    let spot = Spot(line: mark.line, column: mark.column)
    guard renamed[spot] == nil, renamed.count < 1000, lines.indices.contains(mark.line - 1), let stand = Unicode.Scalar(0xE000 + renamed.count) else {
      return false
    }
    var column = mark.column - 1
    let quotes: [Unicode.Scalar] = ["\"", "'"]
    if lines[mark.line - 1].indices.contains(column), quotes.contains(lines[mark.line - 1][column]) { column += 1 }
    guard lines[mark.line - 1].indices.contains(column) else { return false }
    lines[mark.line - 1][column] = stand
    renamed[spot] = name
    return true
  }

  private mutating func report(_ error: YamlError, _ lines: [[Unicode.Scalar]]) {
    let nothingAfter = "mend the YAML here; what follows was not read"
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _), .composer(_, let problem, let mark, _):
      let line = lines.indices.contains(mark.line - 1) ? lines[mark.line - 1] : []
      let indentation = line.prefix { $0 == " " || $0 == "\t" }
      if indentation.contains("\t") {
        report(mark.line, mark.column, "a tab indents this line", "indent with spaces")
      } else if problem.contains("another document") {
        report(mark.line, mark.column, "a second YAML document begins here", "keep one document in a file")
      } else {
        report(mark.line, mark.column, "the YAML is broken (\(problem))", nothingAfter)
      }
    case .reader(let problem, let offset, _, let yaml):
      let before = yaml.prefix(offset ?? 0)
      let last = before.lastIndex(where: \.isNewline).map { before[before.index(after: $0)...] } ?? before[...]
      report(before.count(where: \.isNewline) + 1, last.unicodeScalars.count + 1, "the YAML holds a forbidden character (\(problem))", nothingAfter)
    case .duplicatedKeysInMapping(let names, let context):
      report(context.mark.line, context.mark.column, "`\(names.first ?? "")` stands twice", "keep one of them")
    default:
      report(1, 1, "the file is no YAML (\(error))", "mend its syntax")
    }
  }

  private mutating func report(_ line: Int, _ column: Int, _ problem: String, _ remedy: String) {
    issues.append(PlantIssue(Place(file: file, line: line, column: column), "", problem, remedy))
  }

  private static func lines(of text: String) -> [[Unicode.Scalar]] {
    text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map(Array.init)
  }

  private static func text(of lines: [[Unicode.Scalar]]) -> String {
    var text: [UInt8] = []
    for (index, line) in lines.enumerated() {
      if index > 0 { text.append(UInt8(ascii: "\n")) }
      for scalar in line { text.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter) }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
