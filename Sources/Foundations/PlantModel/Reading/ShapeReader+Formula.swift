import TemporalLogic
internal import Yams

extension ShapeReader {
  /// A formula with the place of its first character, or nil with an issue at the place of its fault.
  mutating func formula(_ text: String, _ node: Node, isTemporal: Bool, at path: String) -> Reading.Content? {
    let start = textPlace(node)
    do throws(FormulaError) {
      let formula = try FormulaParser.parse(text)
      if !isTemporal, formula.isTemporal {
        report(start, path, "`\(path)` speaks of other times than now", "write comparisons with `and`, `or`, `not`, or make it one of `properties`")
        return nil
      }
      return .formula(formula, start)
    } catch {
      report(start.advanced(by: error.offset, in: text), path, "`\(path)` is no formula: \(error.problem)", error.remedy)
      return nil
    }
  }

  /// Where a scalar's text begins: after its quote.
  private func textPlace(_ node: Node) -> Place {
    var place = place(node)
    if let style = node.scalar?.style, style == .singleQuoted || style == .doubleQuoted { place.column += 1 }
    return place
  }
}

extension Place {
  /// The place `offset` characters into a text that begins here; a text of several lines has only its beginning.
  func advanced(by offset: Int, in text: String) -> Place {
    text.contains(where: \.isNewline) ? self : Place(file: file, line: line, column: column + offset)
  }
}
