public import Quantities

/// A comparison as it was written: signals by name, a bound with its unit or a state by its name, and its place.
public struct WrittenPredicate: Hashable, Sendable {
  public enum Bound: Hashable, Sendable {
    case quantity(Quantity)
    /// A machine state, `true` or `false`.
    case word(String)
  }
  /// Signals of both sides, those of the right side with the sign turned.
  public var terms: [LinearTerm]
  public var comparison: Comparison
  public var bound: Bound
  /// Of its first character, in Unicode scalars from the start of the text.
  public var offset: Int
}

/// Reads the text form of signal temporal logic by recursive descent.
///
/// ```
/// formula    = or [ "->" formula ]
/// or         = and { ("or" | "||") and }
/// and        = binary { ("and" | "&&") binary }
/// binary     = unary [ ("since" [window] | "until" window) unary ]
/// unary      = ("not" | "!") unary
///            | ("historically" | "always" | "eventually") window unary | "once" [window] unary
///            | "(" formula ")" | "true" | "false" | comparison
/// comparison = sum ("<" | "<=" | ">" | ">=" | "=" | "!=") (sum | number [unit] | word)
/// sum        = ["-"] [number "*"] tag { ("+" | "-") [number "*"] tag }
/// window     = "[" time [ "," (time | "inf") ] "]"                    `[5 min]` is `[0, 5 min]`
/// ```
///
/// A tag holds `/`; a minus needs a space before it, because `-` may stand in a tag. Units are UCUM codes.
public struct FormulaParser {
  static let keywords: Set<String> = [
    "and", "or", "not", "true", "false", "once", "historically", "since", "always", "eventually", "until", "inf",
  ]
  /// How deep a formula may be nested.
  public static let deepest = 60

  private let tokens: [(token: FormulaLexer.Token, offset: Int)]
  private var position = 0
  private var depth = 0

  /// - Throws: `FormulaError` with the place of the first fault.
  public static func parse(_ text: String) throws(FormulaError) -> Formula<WrittenPredicate> {
    var lexer = FormulaLexer(text)
    var parser = FormulaParser(tokens: try lexer.tokens())
    let formula = try parser.formula()
    guard parser.next == .end else { throw parser.unexpected("`and`, `or`, `->`, or nothing more") }
    return formula
  }

  private init(tokens: [(token: FormulaLexer.Token, offset: Int)]) { self.tokens = tokens }

  // MARK: Operators

  private mutating func formula() throws(FormulaError) -> Formula<WrittenPredicate> {
    try descend()
    defer { depth -= 1 }
    let left = try disjunction()
    guard take("->") else { return left }
    return .or(.not(left), try formula())
  }

  private mutating func disjunction() throws(FormulaError) -> Formula<WrittenPredicate> {
    var left = try conjunction()
    while take("or") || take("||") { left = .or(left, try conjunction()) }
    return left
  }

  private mutating func conjunction() throws(FormulaError) -> Formula<WrittenPredicate> {
    var left = try binary()
    while take("and") || take("&&") { left = .and(left, try binary()) }
    return left
  }

  private mutating func binary() throws(FormulaError) -> Formula<WrittenPredicate> {
    let left = try unary()
    if take("since") {
      let window = next == .sign("[") ? try window(mayBeEndless: true) : TimeWindow(.zero, nil)
      return .since(window, left, try unary())
    }
    if take("until") {
      let window = try window()
      return .until(window, left, try unary())
    }
    return left
  }

  private mutating func unary() throws(FormulaError) -> Formula<WrittenPredicate> {
    try descend()
    defer { depth -= 1 }
    if take("not") || take("!") { return .not(try unary()) }
    if take("historically") { return .historically(try window(), try unary()) }
    if take("always") { return .always(try window(), try unary()) }
    if take("eventually") { return .eventually(try window(), try unary()) }
    if take("once") {
      let window = next == .sign("[") ? try window(mayBeEndless: true) : TimeWindow(.zero, nil)
      return .once(window, try unary())
    }
    if take("true") { return .truth(true) }
    if take("false") { return .truth(false) }
    if take("(") {
      let inner = try formula()
      guard take(")") else { throw unexpected("`)`") }
      return inner
    }
    return .atom(try comparison())
  }

  private mutating func window(mayBeEndless: Bool = false) throws(FormulaError) -> TimeWindow {
    let offset = here
    guard take("[") else { throw .badWindow("a window of time is missing", at: offset) }
    let first = try time()
    var from = Duration.zero
    var to: Duration? = first
    if take(",") {
      from = first
      if mayBeEndless, take("inf") { to = nil } else { to = try time() }
    }
    guard take("]") else { throw unexpected("`]`") }
    guard from <= to ?? from else { throw .badWindow("the window ends before it begins", at: offset) }
    guard max(from, to ?? .zero) <= TimeWindow.longest else { throw .badWindow("the window is longer than a year", at: offset) }
    return TimeWindow(from, to)
  }

  private mutating func time() throws(FormulaError) -> Duration {
    guard case .number(let quantity) = next else { throw unexpected("a time, e.g. `5 min`") }
    let offset = here
    position += 1
    if quantity.value == 0, quantity.unit == .one { return .zero }
    do {
      let seconds = try quantity.value(in: .second)
      guard seconds < 1e9 else { throw FormulaError.badWindow("the window is longer than a year", at: offset) }
      return .seconds(seconds)
    } catch let error as UnitError { throw .badNumber(error, at: offset) } catch { throw .badWindow("the window is longer than a year", at: offset) }
  }

  // MARK: Comparisons

  private mutating func comparison() throws(FormulaError) -> WrittenPredicate {
    let offset = here
    let left = try sum()
    guard case .sign(let sign) = next, let comparison = Comparison(rawValue: sign) else { throw unexpected("a comparison: <, <=, >, >=, = or !=") }
    position += 1
    if let bound = try bound() { return WrittenPredicate(terms: left, comparison: comparison, bound: bound, offset: offset) }
    let right = try sum().map { LinearTerm($0.signal, -$0.coefficient) }
    return WrittenPredicate(terms: left + right, comparison: comparison, bound: .quantity(Quantity(0, .one)), offset: offset)
  }

  /// A number or a word; nil, and nothing taken, where a sum of tags begins.
  private mutating func bound() throws(FormulaError) -> WrittenPredicate.Bound? {
    if case .name(let word) = next, !word.contains("/") {
      if Self.keywords.contains(word), word != "true", word != "false" { throw unexpected("a number, a tag or a state") }
      position += 1
      return .word(word)
    }
    let isNegative = next == .sign("-")
    guard case .number(var quantity) = tokens[position + (isNegative ? 1 : 0)].token else { return nil }
    if case .sign("*") = tokens[min(position + (isNegative ? 2 : 1), tokens.count - 1)].token { return nil }
    position += isNegative ? 2 : 1
    if isNegative { quantity.value = -quantity.value }
    return .quantity(quantity)
  }

  private mutating func sum() throws(FormulaError) -> [LinearTerm] {
    var terms = [try term(sign: take("-") ? -1 : 1)]
    while true {
      if take("+") { terms.append(try term(sign: 1)) } else if take("-") { terms.append(try term(sign: -1)) } else { return terms }
    }
  }

  private mutating func term(sign: Double) throws(FormulaError) -> LinearTerm {
    var coefficient = sign
    if case .number(let factor) = next {
      guard factor.unit == .one else { throw unexpected("a plain number before `*`, or a tag first") }
      position += 1
      guard take("*") else { throw unexpected("`*` and a tag") }
      coefficient *= factor.value
    }
    guard case .name(let tag) = next, tag.contains("/") else { throw unexpected("a tag, e.g. `Filler/FillPressure`") }
    position += 1
    return LinearTerm(tag, coefficient)
  }

  // MARK: Tokens

  private var next: FormulaLexer.Token { tokens[position].token }
  private var here: Int { tokens[position].offset }

  private mutating func take(_ text: String) -> Bool {
    guard next == .name(text) || next == .sign(text) else { return false }
    position += 1
    return true
  }

  private mutating func descend() throws(FormulaError) {
    depth += 1
    if depth > Self.deepest { throw .tooDeep(at: here) }
  }

  private func unexpected(_ expected: String) -> FormulaError { .unexpected(next.words, expected: expected, at: here) }
}
