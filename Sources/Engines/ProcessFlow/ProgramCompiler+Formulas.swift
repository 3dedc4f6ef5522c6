import Probability

extension ProgramCompiler {
  /// Compiles a formula and returns its number.
  ///
  /// - Parameters: stream: names the streams of its laws; ofProcess: whether there is a process whose attributes it may read.
  mutating func formula(_ formula: Formula, _ stream: String, _ place: Place, ofProcess: Bool = true) -> Int32 {
    code(formula.node, stream, place, ofProcess)
  }

  mutating func condition(_ condition: Condition, _ stream: String, _ place: Place) -> Int32 { code(condition.node, stream, place, true) }

  private mutating func code(_ node: Formula.Node, _ stream: String, _ place: Place, _ ofProcess: Bool) -> Int32 {
    if !ofProcess && ProgramCompiler.needsProcess(node) { faults.append("\(place): the formula reads a process that is not there yet") }
    var draws = 0
    var code: FormulaCode
    switch node {
    case .number(let x):
      if x.isNaN { faults.append("\(place): not a number") }
      code = FormulaCode(kind: .constant, x: x)
    case .draw(.constant(let x)) where x >= 0 && x.isFinite: code = FormulaCode(kind: .constant, x: x)
    case .draw(let law):
      code = FormulaCode(kind: .draw, a: site(law, stream, place))
      if case .exponential(let mean) = law { (code.kind, code.x) = (.exponential, mean) }
    case .age: code = FormulaCode(kind: .age)
    case .attribute(let attribute): code = FormulaCode(kind: .attribute, a: find(attribute, place))
    default:
      let first = program.steps.count
      let depth = steps(node, stream, place, &draws)
      program.stackDepth = max(program.stackDepth, depth)
      code = FormulaCode(kind: .general, a: Int32(first), count: Int32(program.steps.count - first))
    }
    program.formulas.append(code)
    return Int32(program.formulas.count - 1)
  }

  private mutating func find(_ attribute: Attribute, _ place: Place) -> Int32 {
    find(attribute.name, in: program.attributes.prefix(program.declaredAttributes).map(\.name), "attribute", place)
  }

  /// Appends the steps in postfix order; returns how deep the stack gets.
  private mutating func steps(_ node: Formula.Node, _ stream: String, _ place: Place, _ draws: inout Int) -> Int {
    func push(_ op: FormulaCode.Op, _ a: Int32 = 0, _ x: Double = 0) { program.steps.append(FormulaCode.Step(op: op, a: a, x: x)) }
    let resources = program.resources.map(\.name)
    switch node {
    case .number(let x): push(.push, 0, x)
    case .time: push(.time)
    case .age: push(.age)
    case .lastWait: push(.lastWait)
    case .remaining: push(.remaining)
    case .identity: push(.identity)
    case .attribute(let attribute): push(.attribute, find(attribute, place))
    case .variable(let variable): push(.variable, find(variable.name, in: program.variables.map(\.name), "variable", place))
    case .queueLength(let resource): push(.queueLength, find(resource.name, in: resources, "resource", place))
    case .inUse(let resource): push(.inUse, find(resource.name, in: resources, "resource", place))
    case .capacity(let resource): push(.capacity, find(resource.name, in: resources, "resource", place))
    case .items(let store): push(.items, find(store.name, in: program.stores.map(\.name), "store", place))
    case .level(let level): push(.level, find(level.name, in: program.levels.map(\.name), "level", place))
    case .waiting(let signal): push(.waiting, find(signal.name, in: program.signals, "signal", place))
    case .counted(let name): push(.counted, counter(name))
    case .population(let process): push(.population, find(process.name, in: program.kinds.map(\.name), "process", place))
    case .draw(let law):
      draws += 1
      push(.draw, site(law, draws == 1 ? stream : "\(stream) draw \(draws)", place))
    case .unary(let op, let a):
      let depth = steps(a, stream, place, &draws)
      push(op)
      return depth
    case .binary(let op, let a, let b):
      let left = steps(a, stream, place, &draws)
      let right = steps(b, stream, place, &draws)
      push(op)
      return max(left, right + 1)
    }
    return 1
  }

  mutating func counter(_ name: String) -> Int32 { ProgramCompiler.index(of: name, in: &program.counters) }
  mutating func tally(_ name: String) -> Int32 { ProgramCompiler.index(of: name, in: &program.tallies) }

  private static func index(of name: String, in names: inout [String]) -> Int32 {
    if let i = names.firstIndex(of: name) { return Int32(i) }
    names.append(name)
    return Int32(names.count - 1)
  }

  private static func needsProcess(_ node: Formula.Node) -> Bool {
    switch node {
    case .age, .lastWait, .remaining, .identity, .attribute: true
    case .unary(_, let a): needsProcess(a)
    case .binary(_, let a, let b): needsProcess(a) || needsProcess(b)
    default: false
    }
  }
}
