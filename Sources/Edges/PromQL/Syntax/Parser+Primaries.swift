// What stands between operators: numbers, selectors, calls, aggregations, and what may stand behind them.
extension Parser {
  mutating func primary() throws(PromQLError) -> Expression {
    switch token {
    case .number(let x):
      try advance()
      return .number(x)
    case .duration(let nanoseconds):
      try advance()
      return .number(Double(nanoseconds) / 1e9)
    case .string(let text):
      try advance()
      return .string(text)
    case .symbol("("):
      try advance()
      let inner = try expression(atLeast: 1)
      try expect(")")
      return inner
    case .symbol("{"): return .selector(Selector(matchers: try matchers()))
    case .identifier(let word):
      try advance()
      return try named(word)
    default: throw unexpected("an expression")
    }
  }

  private mutating func named(_ word: String) throws(PromQLError) -> Expression {
    if let operation = Aggregation.Operator(rawValue: word.lowercased()), isSymbol("(") || isWord("by") || isWord("without") {
      return .aggregation(try aggregation(operation))
    }
    switch word.lowercased() {
    case "inf": return .number(.infinity)
    case "nan": return .number(.nan)
    default: break
    }
    if isSymbol("(") {
      guard Functions.isKnown(word) else { throw .meaning("there is no function \(word) here") }
      return .call(word, try arguments())
    }
    let name = LabelMatcher(name: Labels.nameLabel, kind: .equal, value: word)
    return .selector(Selector(matchers: [name] + (isSymbol("{") ? try matchers(hasName: true) : [])))
  }

  private mutating func arguments() throws(PromQLError) -> [Expression] {
    try expect("(")
    var arguments: [Expression] = []
    while !isSymbol(")") {
      arguments.append(try expression(atLeast: 1))
      if try !take(",") { break }
    }
    try expect(")")
    return arguments
  }

  private mutating func aggregation(_ operation: Aggregation.Operator) throws(PromQLError) -> Aggregation {
    var node = Aggregation(operation: operation, expression: .number(0))
    var isGrouped = try grouping(&node)
    var arguments = try arguments()
    if !isGrouped { isGrouped = try grouping(&node) }
    guard arguments.count == (operation.takesParameter ? 2 : 1) else {
      throw .meaning("\(operation.rawValue) takes \(operation.takesParameter ? "two arguments" : "one argument"), not \(arguments.count)")
    }
    node.expression = arguments.removeLast()
    node.parameter = arguments.first
    return node
  }

  private mutating func grouping(_ node: inout Aggregation) throws(PromQLError) -> Bool {
    guard isWord("by") || isWord("without") else { return false }
    node.isWithout = isWord("without")
    try advance()
    node.labels = try labelList()
    return true
  }

  /// `{name="value", "metric", …}`.
  private mutating func matchers(hasName: Bool = false) throws(PromQLError) -> [LabelMatcher] {
    let start = place
    try expect("{")
    var matchers: [LabelMatcher] = []
    while !isSymbol("}") {
      switch token {
      case .identifier(let name):
        try advance()
        matchers.append(try matcher(name))
      case .string(let text):
        try advance()
        // A quoted name alone is the metric's: tags of a plant have slashes in them.
        let isMetric = isSymbol(",") || isSymbol("}")
        matchers.append(isMetric ? LabelMatcher(name: Labels.nameLabel, kind: .equal, value: text) : try matcher(text))
      default: throw unexpected("a label")
      }
      if try !take(",") { break }
    }
    try expect("}")
    if !hasName {
      var allAdmit = true
      for matcher in matchers where try !matcher.admitsEmpty() { allAdmit = false }
      if allAdmit { throw .syntax("a selector needs a matcher that does not match the empty value", at: start) }
    }
    return matchers
  }

  private mutating func matcher(_ name: String) throws(PromQLError) -> LabelMatcher {
    guard case .symbol(let text) = token, let kind = LabelMatcher.Kind(rawValue: text) else { throw unexpected("=, !=, =~ or !~") }
    try advance()
    guard case .string(let value) = token else { throw unexpected("a text in quotes") }
    try advance()
    let matcher = LabelMatcher(name: name, kind: kind, value: value)
    _ = try matcher.test()
    return matcher
  }

  // MARK: - Ranges, offsets, anchors

  mutating func suffixed(_ inner: Expression) throws(PromQLError) -> Expression {
    var node = inner
    while true {
      if isSymbol("[") {
        node = try ranged(node)
      } else if isWord("offset") {
        try advance()
        let isNegative = try take("-")
        let offset = try duration()
        node = try shifted(node) { $0.offset = isNegative ? -offset : offset }
      } else if isSymbol("@") {
        try advance()
        let anchor = try anchor()
        node = try shifted(node) { $0.anchor = anchor }
      } else {
        return node
      }
    }
  }

  private mutating func ranged(_ node: Expression) throws(PromQLError) -> Expression {
    try expect("[")
    let range = try duration()
    guard range > 0 else { throw .meaning("a range is longer than nothing") }
    if try take(":") {
      let step = isSymbol("]") ? nil : try duration()
      if let step, step <= 0 { throw .meaning("a step is longer than nothing") }
      try expect("]")
      return .subquery(Subquery(expression: node, range: range, step: step))
    }
    try expect("]")
    guard case .selector(var selector) = node, selector.range == nil, selector.shift == TimeShift() else {
      throw .syntax("a range stands directly behind a selector; behind other expressions write [range:step]", at: place)
    }
    selector.range = range
    return .selector(selector)
  }

  private func shifted(_ node: Expression, _ change: (inout TimeShift) -> Void) throws(PromQLError) -> Expression {
    switch node {
    case .selector(var selector):
      change(&selector.shift)
      return .selector(selector)
    case .subquery(var subquery):
      change(&subquery.shift)
      return .subquery(subquery)
    default: throw .syntax("offset and @ stand behind selectors", at: place)
    }
  }

  private mutating func anchor() throws(PromQLError) -> TimeShift.Anchor {
    if case .number(let seconds) = token {
      guard abs(seconds) < 9e9 else { throw .meaning("@ \(seconds) lies outside of time") }
      try advance()
      return .instant(Int64((seconds * 1e9).rounded()))
    }
    let isStart = isWord("start")
    guard isStart || isWord("end") else { throw unexpected("a time, start() or end()") }
    try advance()
    try expect("(")
    try expect(")")
    return isStart ? .start : .end
  }

  private mutating func duration() throws(PromQLError) -> Int64 {
    switch token {
    case .duration(let nanoseconds):
      try advance()
      return nanoseconds
    case .number(let seconds) where seconds >= 0 && seconds < 9e9:
      try advance()
      return Int64((seconds * 1e9).rounded())
    default: throw unexpected("a duration")
    }
  }
}
