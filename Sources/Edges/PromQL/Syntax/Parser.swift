/// Reads a query. The grammar is Prometheus's; precedence as there: `^`, then `* / % atan2`, `+ -`, comparisons, `and unless`, `or`.
///
/// - Source: https://prometheus.io/docs/prometheus/latest/querying/basics/ and …/operators/.
struct Parser {
  private var lexer: Lexer
  private(set) var token: Token
  private(set) var place: Int
  private var depth = 0

  init(_ text: String) throws(PromQLError) {
    lexer = Lexer(text)
    (token, place) = try lexer.next()
  }

  /// The whole text as one expression.
  static func parse(_ text: String) throws(PromQLError) -> Expression {
    guard text.utf8.count <= 64 << 10 else { throw .syntax("the query is longer than 64 KiB", at: 0) }
    var parser = try Parser(text)
    let expression = try parser.expression(atLeast: 1)
    guard parser.token == .end else { throw parser.unexpected("the end of the query") }
    return expression
  }

  // MARK: - Words

  mutating func advance() throws(PromQLError) { (token, place) = try lexer.next() }

  func isSymbol(_ symbol: String) -> Bool { token == .symbol(symbol) }

  func isWord(_ word: String) -> Bool { if case .identifier(let text) = token { text.lowercased() == word } else { false } }

  mutating func take(_ symbol: String) throws(PromQLError) -> Bool {
    guard isSymbol(symbol) else { return false }
    try advance()
    return true
  }

  mutating func takeWord(_ word: String) throws(PromQLError) -> Bool {
    guard isWord(word) else { return false }
    try advance()
    return true
  }

  mutating func expect(_ symbol: String) throws(PromQLError) { if try !take(symbol) { throw unexpected("\"\(symbol)\"") } }

  func unexpected(_ wanted: String) -> PromQLError {
    let found =
      switch token {
      case .identifier(let text): "\"\(text)\""
      case .number(let x): "number \(x)"
      case .duration: "a duration"
      case .string(let text): "text \"\(text)\""
      case .symbol(let text): "\"\(text)\""
      case .end: "the end"
      }
    return .syntax("found \(found) where \(wanted) should be", at: place)
  }

  // MARK: - Operators

  /// An expression of operators that bind at least so tightly.
  mutating func expression(atLeast least: Int) throws(PromQLError) -> Expression {
    // Brackets and signs nest; a query that nests too deep must not end the process.
    depth += 1
    defer { depth -= 1 }
    guard depth <= 100 else { throw .syntax("the query nests too deep", at: place) }
    var left = try unary()
    while let operation = binaryOperator, operation.precedence >= least {
      try advance()
      var node = BinaryOperation(operation: operation, left: left, right: left)
      if try takeWord("bool") {
        guard operation.isComparison else { throw .syntax("bool goes with comparisons alone", at: place) }
        node.returnsBool = true
      }
      node.matching = try matching()
      // Only the power is taken from right to left.
      node.right = try expression(atLeast: operation == .power ? operation.precedence : operation.precedence + 1)
      left = .binary(node)
    }
    return left
  }

  private var binaryOperator: BinaryOperation.Operator? {
    switch token {
    case .symbol(let text): BinaryOperation.Operator(rawValue: text)
    case .identifier(let text): BinaryOperation.Operator(rawValue: text.lowercased())
    default: nil
    }
  }

  private mutating func matching() throws(PromQLError) -> BinaryOperation.Matching {
    var matching = BinaryOperation.Matching()
    if isWord("on") || isWord("ignoring") {
      matching.isOn = isWord("on")
      try advance()
      matching.labels = try labelList()
      if isWord("group_left") || isWord("group_right") {
        matching.cardinality = isWord("group_left") ? .manyToOne : .oneToMany
        try advance()
        if isSymbol("(") { matching.included = try labelList() }
      }
    }
    return matching
  }

  /// A sign binds looser than the power: −2^2 is −4.
  private mutating func unary() throws(PromQLError) -> Expression {
    if try take("-") {
      let inner = try expression(atLeast: BinaryOperation.Operator.power.precedence)
      if case .number(let x) = inner { return .number(-x) }
      return .negated(inner)
    }
    if try take("+") { return try expression(atLeast: BinaryOperation.Operator.power.precedence) }
    return try suffixed(try primary())
  }

  /// `(a, b)`.
  mutating func labelList() throws(PromQLError) -> [String] {
    try expect("(")
    var labels: [String] = []
    while !isSymbol(")") {
      guard case .identifier(let name) = token else { throw unexpected("a label") }
      labels.append(name)
      try advance()
      if try !take(",") { break }
    }
    try expect(")")
    return labels
  }
}
