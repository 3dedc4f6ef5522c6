/// Reads a UCUM code by recursive descent.
///
/// ```
/// code      = ["/"] term
/// term      = component { ("." | "/") component }          left to right
/// component = "(" term ")" [note] | atom [exponent] [note] | digits [note] | note
/// exponent  = ["+" | "-"] digits
/// note      = "{" text "}"                                  no meaning
/// ```
struct UnitParser {
  private struct Value {
    var dimension = Dimension.one
    var factor = 1.0
    var offset = 0.0
  }

  private let code: String
  private let characters: [Character]
  private var position = 0

  init(_ code: String) {
    self.code = code
    characters = Array(code)
  }

  mutating func parse() throws(UnitError) -> EngineeringUnit {
    guard !code.isEmpty else { throw .malformedUnit(code, problem: "it is empty") }
    var value = Value()
    if take("/") {
      value = try divide(value, component())
    } else {
      value = try component()
    }
    value = try rest(of: value)
    guard position == characters.count else { throw .malformedUnit(code, problem: "`\(characters[position])` is out of place") }
    guard value.factor.isFinite, value.factor > 0 else { throw .malformedUnit(code, problem: "it is not a finite multiple of SI units") }
    return EngineeringUnit(code: code, dimension: value.dimension, factor: value.factor, offset: value.offset)
  }

  private mutating func term() throws(UnitError) -> Value { try rest(of: component()) }

  private mutating func rest(of first: Value) throws(UnitError) -> Value {
    var value = first
    while true {
      if take(".") {
        let next = try component()
        try refuseOffset(value, next)
        value = Value(dimension: value.dimension * next.dimension, factor: value.factor * next.factor)
      } else if take("/") {
        value = try divide(value, component())
      } else {
        return value
      }
    }
  }

  private func divide(_ a: Value, _ b: Value) throws(UnitError) -> Value {
    try refuseOffset(a, b)
    return Value(dimension: a.dimension / b.dimension, factor: a.factor / b.factor)
  }

  private func refuseOffset(_ values: Value...) throws(UnitError) {
    if values.contains(where: { $0.offset != 0 }) { throw .offsetUnitInTerm(code) }
  }

  private mutating func component() throws(UnitError) -> Value {
    guard let next = peek else { throw .malformedUnit(code, problem: "it ends too early") }
    if next == "{" {
      try note()
      return Value()
    }
    var value: Value
    if take("(") {
      value = try term()
      guard take(")") else { throw .malformedUnit(code, problem: "a `)` is missing") }
    } else if next.isNumber, !startsPowerOfTen {
      guard let number = Double(digits()), number > 0 else { throw .malformedUnit(code, problem: "its factor is no whole positive number") }
      value = Value(factor: number)
    } else {
      value = try atom()
    }
    if peek == "{" { try note() }
    return value
  }

  private mutating func atom() throws(UnitError) -> Value {
    let text = atomText()
    guard !text.isEmpty else { throw .malformedUnit(code, problem: "`\(characters[position])` is out of place") }
    guard let atom = UnitAtoms.find(text) else {
      throw .unknownUnit(code, meant: Spelling.nearest(to: code, among: UnitAtoms.suggestions))
    }
    var value = Value(dimension: atom.dimension, factor: atom.factor, offset: atom.offset)
    // A prefix before an offset unit scales the reading, which no plant means: mCel is refused with the rest.
    if atom.offset != 0, UnitAtoms.all[text] == nil { throw .offsetUnitInTerm(code) }
    var sign = 1
    let hasSign = peek == "+" || peek == "-"
    if hasSign {
      sign = peek == "-" ? -1 : 1
      position += 1
    }
    let exponentDigits = digits()
    if hasSign || !exponentDigits.isEmpty {
      guard let size = Int(exponentDigits), (1...99).contains(size) else {
        throw .malformedUnit(code, problem: "an exponent is no whole number from 1 to 99")
      }
      try refuseOffset(value)
      let power = sign * size
      var factor = 1.0
      for _ in 0..<size { factor *= value.factor }
      value = Value(dimension: value.dimension.raised(to: power), factor: sign < 0 ? 1 / factor : factor)
    }
    return value
  }

  /// Letters and signs up to an operator, a digit or a note; what stands in brackets belongs to it whole.
  private mutating func atomText() -> String {
    if startsPowerOfTen {
      position += 3
      return String(characters[position - 3..<position])
    }
    var text = ""
    while let next = peek, !next.isNumber, !"./(){}+-".contains(next), !next.isWhitespace {
      if next == "[", let close = characters[position...].firstIndex(of: "]") {
        text += String(characters[position...close])
        position = close + 1
      } else {
        text.append(next)
        position += 1
      }
    }
    return text
  }

  private mutating func note() throws(UnitError) {
    guard let close = characters[position...].firstIndex(of: "}") else { throw .malformedUnit(code, problem: "a `}` is missing") }
    position = close + 1
  }

  private mutating func digits() -> String {
    var text = ""
    while let next = peek, next.isASCII, next.isNumber {
      text.append(next)
      position += 1
    }
    return text
  }

  /// UCUM's `10*` and `10^`: ten, as an atom that takes an exponent.
  private var startsPowerOfTen: Bool {
    position + 2 < characters.count && characters[position] == "1" && characters[position + 1] == "0" && "*^".contains(characters[position + 2])
  }

  private var peek: Character? { position < characters.count ? characters[position] : nil }

  private mutating func take(_ character: Character) -> Bool {
    guard peek == character else { return false }
    position += 1
    return true
  }
}
