internal import Quantities

/// Cuts a formula's text into words, numbers with their units, and signs.
struct FormulaLexer {
  enum Token: Equatable {
    /// A tag (with `/`), a keyword or a state's name.
    case name(String)
    case number(Quantity)
    case sign(String)
    case end

    var words: String {
      switch self {
      case .name(let text), .sign(let text): "`\(text)`"
      case .number(let quantity): "`\(quantity)`"
      case .end: "the end"
      }
    }
  }

  private let scalars: [Unicode.Scalar]
  private var position = 0

  init(_ text: String) { scalars = Array(text.unicodeScalars) }

  /// Every token with the place of its first character; the last is `end`.
  mutating func tokens() throws(FormulaError) -> [(token: Token, offset: Int)] {
    var found: [(Token, Int)] = []
    while true {
      skipSpace()
      let offset = position
      guard let next = peek() else {
        found.append((.end, offset))
        return found
      }
      found.append((try token(startingWith: next, at: offset), offset))
    }
  }

  private mutating func token(startingWith next: Unicode.Scalar, at offset: Int) throws(FormulaError) -> Token {
    if next.properties.isAlphabetic || next == "_" { return .name(word()) }
    if isDigit(next) || (next == "." && peek(1).map(isDigit) == true) { return .number(try quantity(at: offset)) }
    for sign in ["<=", ">=", "==", "!=", "->", "&&", "||"] where starts(with: sign) {
      position += 2
      return .sign(sign == "==" ? "=" : sign)
    }
    if "()[],<>=!+-*".unicodeScalars.contains(next) {
      position += 1
      return .sign(String(next))
    }
    throw .unexpected("`\(next)`", expected: "a tag, a number, a comparison or an operator", at: offset)
  }

  /// Letters, digits, `_`, `/`, `.` and `-`; but `->` is a sign of its own.
  private mutating func word() -> String {
    var text = String.UnicodeScalarView()
    while let next = peek(), next.properties.isAlphabetic || isDigit(next) || "_/.-".unicodeScalars.contains(next) {
      if next == "-", peek(1) == ">" { break }
      text.append(next)
      position += 1
    }
    return String(text)
  }

  private mutating func quantity(at offset: Int) throws(FormulaError) -> Quantity {
    var digits = String.UnicodeScalarView()
    while let next = peek() {
      let isExponentSign = (next == "+" || next == "-") && (digits.last == "e" || digits.last == "E")
      let isExponent = (next == "e" || next == "E") && (peek(1).map { isDigit($0) || $0 == "+" || $0 == "-" } ?? false)
      guard isDigit(next) || next == "." || isExponent || isExponentSign else { break }
      digits.append(next)
      position += 1
    }
    if let next = peek(), next.properties.isAlphabetic { throw .badNumber(.noSpaceBeforeUnit(String(digits) + String(next)), at: offset) }
    skipSpace()
    var unit = ""
    if let next = peek(), next.properties.isAlphabetic || isDigit(next) || "%[/'".unicodeScalars.contains(next), !keywordFollows { unit = unitText() }
    do { return try Quantity(parsing: unit.isEmpty ? String(digits) : "\(String(digits)) \(unit)") } catch { throw .badNumber(error, at: offset) }
  }

  /// A word that continues the formula stands where a unit might: `< 4 since[5 s]`.
  private var keywordFollows: Bool {
    var end = position
    while end < scalars.count, scalars[end].properties.isAlphabetic { end += 1 }
    var word = String.UnicodeScalarView()
    word.append(contentsOf: scalars[position..<end])
    return FormulaParser.keywords.contains(String(word))
  }

  /// Up to a space, a comma, or a bracket that was not opened in it (`kg/(m2.s)`, `[degF]`).
  private mutating func unitText() -> String {
    var text = String.UnicodeScalarView()
    var open = 0
    while let next = peek(), !next.properties.isWhitespace, next != "," {
      if next == "(" || next == "[" || next == "{" { open += 1 }
      if next == ")" || next == "]" || next == "}" {
        if open == 0 { break }
        open -= 1
      }
      if open == 0, next == "-", peek(1) == ">" { break }
      text.append(next)
      position += 1
    }
    return String(text)
  }

  private mutating func skipSpace() {
    while let next = peek(), next.properties.isWhitespace { position += 1 }
  }

  private func peek(_ ahead: Int = 0) -> Unicode.Scalar? { position + ahead < scalars.count ? scalars[position + ahead] : nil }
  private func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }
  private func starts(with sign: String) -> Bool {
    let signs = Array(sign.unicodeScalars)
    return peek() == signs[0] && peek(1) == signs[1]
  }
}
