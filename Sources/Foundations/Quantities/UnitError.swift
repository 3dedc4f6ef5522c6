/// Why a unit, or a number with a unit, could not be read or converted. A retry with the same text never helps.
public enum UnitError: Error, Hashable, Sendable {
  /// No such UCUM unit; `meant` is the nearest code, where one is near.
  case unknownUnit(String, meant: String?)
  /// The code breaks UCUM's grammar.
  case malformedUnit(String, problem: String)
  /// A unit with an offset (`Cel`, `[degF]`) inside a product, quotient or power, where UCUM forbids it.
  case offsetUnitInTerm(String)
  /// The two units measure different things.
  case differentDimensions(from: EngineeringUnit, to: EngineeringUnit)
  /// The text begins with no number.
  case notANumber(String)
  /// NaN or infinity, written out or by overflow.
  case notFinite(String)
  /// Number and unit stand together (`21/min` might be 21 /min or 2 1/min).
  case noSpaceBeforeUnit(String)
}

extension UnitError: CustomStringConvertible {
  /// One sentence that a person can act on.
  public var description: String {
    switch self {
    case .unknownUnit(let code, let meant): "`\(code)` is no UCUM unit" + (meant.map { "; did you mean `\($0)`?" } ?? "")
    case .malformedUnit(let code, let problem): "`\(code)` is no UCUM unit: \(problem)"
    case .offsetUnitInTerm(let code): "`\(code)` has an offset and cannot be multiplied, divided, prefixed or raised; write `K` there"
    case .differentDimensions(let from, let to): "`\(from.code)` is a \(from.dimension), `\(to.code)` is a \(to.dimension)"
    case .notANumber(let text): "`\(text)` does not begin with a number"
    case .notFinite(let text): "`\(text)` is not a finite number"
    case .noSpaceBeforeUnit(let text): "`\(text)` needs a space between number and unit"
    }
  }
}
