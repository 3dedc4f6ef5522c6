public import Quantities

/// Why a text is no formula, and where: `offset` counts Unicode scalars from its start. A retry with the same text never helps.
public enum FormulaError: Error, Hashable, Sendable {
  case unexpected(String, expected: String, at: Int)
  case badNumber(UnitError, at: Int)
  case badWindow(String, at: Int)
  /// Parentheses and operators more than `FormulaParser.deepest` deep.
  case tooDeep(at: Int)

  /// Where, in Unicode scalars from the start of the text.
  public var offset: Int {
    switch self {
    case .unexpected(_, _, let offset), .badNumber(_, let offset), .badWindow(_, let offset), .tooDeep(let offset): offset
    }
  }

  /// What is wrong, as the end of a sentence that begins with the formula's place.
  public var problem: String {
    switch self {
    case .unexpected(let found, _, _): "\(found) is out of place"
    case .badNumber(let error, _): "\(error)"
    case .badWindow(let problem, _): problem
    case .tooDeep: "it is nested too deeply"
    }
  }

  /// What would be right.
  public var remedy: String {
    switch self {
    case .unexpected(_, let expected, _): "write \(expected)"
    case .badNumber: "write a number and its unit, e.g. `4 bar`"
    case .badWindow: "write e.g. `[0, 5 min]` or `[5 min]`"
    case .tooDeep: "split it into several properties"
    }
  }
}

extension FormulaError: CustomStringConvertible {
  public var description: String { "at character \(offset + 1): \(problem): \(remedy)" }
}
