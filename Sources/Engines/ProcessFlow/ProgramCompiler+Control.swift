import Probability

extension ProgramCompiler {
  /// Flattens the statements that never wait: choices, loops, data, other processes.
  mutating func emitControl(_ node: StatementNode) {
    switch node {
    case .choose(let condition, let then, let otherwise):
      let place = at("If")
      let test = emit(.jumpUnless, place, a: self.condition(condition, streamName(nil, "If"), place))
      either(test, then, otherwise, place)
    case .chance(let name, let probability, let then, let otherwise):
      let place = at(name.map { "If(\"\($0)\", probability:)" } ?? "If(probability:)")
      let stream = streamName(name, "If")
      if case .number(let p) = probability.node, !(p >= 0 && p <= 1) { faults.append("\(place): a probability of \(p)") }
      let p = formula(probability, stream + " probability", place)
      let test = emit(.jumpUnlessChance, place, a: p, c: site(.uniform(low: 0, high: 1), stream, place))
      either(test, then, otherwise, place)
    case .branch(let name, let paths): branch(name, paths)
    case .loop(let condition, let block): loop(condition, block)
    case .times(let name, let count, let block):
      let place = at("Repeat")
      let turns = hiddenAttribute()
      emit(.beginTurns, place, a: turns, b: formula(count, streamName(name, "Repeat"), place))
      let top = emit(.nextTurn, place, a: turns)
      emitAll(block)
      emit(.jump, place, a: Int32(top))
      program.code[top].b = here
    case .spawn(let name, let process, let count):
      let place = at("Spawn(\(process.name))")
      emit(
        .spawn, place, a: find(process.name, in: program.kinds.map(\.name), "process", place),
        b: formula(count, streamName(name, "Spawn"), place))
    case .batch(let name, let count, let permanent):
      let place = at(name.map { "Batch(\"\($0)\")" } ?? "Batch")
      if count < 1 || count > 1 << 20 { faults.append("\(place): a batch of \(count)") }
      emit(Instruction(op: .batch, flag: permanent, a: Int32(program.batches), b: Int32(clamping: count)), at: place)
      program.batches += 1
    case .separate: emit(.separate, at("Separate"))
    case .assign(let name, let attribute, let value):
      let place = at("Assign(\(attribute.name))")
      emit(.assign, place, a: self.attribute(attribute, place), b: formula(value, streamName(name, "Assign"), place))
    case .assignVariable(let name, let variable, let value):
      let place = at("Assign(\(variable.name))")
      emit(
        .assignVariable, place, a: find(variable.name, in: program.variables.map(\.name), "variable", place),
        b: formula(value, streamName(name, "Assign"), place))
    case .tally(let name, let value):
      let place = at("Tally(\"\(name)\")")
      emit(.tally, place, a: tally(name), b: formula(value, streamName(nil, "Tally"), place))
    case .count(let name, let amount):
      let place = at("Count(\"\(name)\")")
      emit(.count, place, a: counter(name), b: formula(amount, streamName(nil, "Count"), place))
    case .interruptUsers(let resource):
      let place = at("Interrupt(usersOf: \(resource.name))")
      let r = self.resource(resource, place)
      if Int(r) < program.isTracked.count { program.isTracked[Int(r)] = true }
      emit(.interruptUsers, place, a: r)
    case .interruptAll(let process):
      let place = at("Interrupt(all: \(process.name))")
      emit(.interruptAll, place, a: find(process.name, in: program.kinds.map(\.name), "process", place))
    case .interruptOne(let identity):
      let place = at("Interrupt(process:)")
      emit(.interruptOne, place, a: formula(identity, streamName(nil, "Interrupt"), place))
    case .run(let name, let action):
      let place = at(name.map { "Run(\"\($0)\")" } ?? "Run")
      program.closures.append(action)
      emit(.run, place, a: Int32(program.closures.count - 1), c: site(.uniform(low: 0, high: 1), streamName(name, "Run"), place))
    case .leave: emit(.leave, at("Leave"))
    default: preconditionFailure("a statement that may wait is emitted elsewhere")
    }
  }

  private mutating func either(_ test: Int, _ then: Block, _ otherwise: Block, _ place: Place) {
    emitAll(then)
    if otherwise.nodes.isEmpty {
      program.code[test].b = here
    } else {
      let jump = emit(.jump, place)
      program.code[test].b = here
      emitAll(otherwise)
      program.code[jump].a = here
    }
  }

  private mutating func loop(_ condition: Condition?, _ block: Block) {
    let place = at(condition == nil ? "Forever" : "While")
    if condition == nil, !HoldCheck.canWaitOrEnd(block) { faults.append("\(place): a turn of it takes no time and never ends") }
    let top = here
    var test = -1
    if let condition { test = emit(.jumpUnless, place, a: self.condition(condition, streamName(nil, "While"), place)) }
    emitAll(block)
    emit(.jump, place, a: top)
    if test >= 0 { program.code[test].b = here }
  }

  private mutating func branch(_ name: String?, _ paths: [Path]) {
    let place = at(name.map { "Branch(\"\($0)\")" } ?? "Branch")
    let total = paths.reduce(0) { $0 + $1.probability }
    if paths.contains(where: { !($0.probability >= 0) }) || total > 1 + 1e-9 {
      faults.append("\(place): the probabilities \(paths.map(\.probability)) sum to \(total)")
    }
    let first = program.ways.count
    var cumulative = 0.0
    for path in paths {
      cumulative += path.probability
      program.ways.append(Program.Way(cumulative: cumulative, target: 0))
    }
    // Tenths do not sum to 1 exactly; the last path takes the rest of a rounding error.
    if !paths.isEmpty, cumulative > 1 - 1e-9 { program.ways[program.ways.count - 1].cumulative = 2 }
    let own = emit(.branch, place, a: Int32(first), b: Int32(paths.count), c: site(.uniform(low: 0, high: 1), streamName(name, "Branch"), place))
    var jumps: [Int] = []
    for (i, path) in paths.enumerated() {
      program.ways[first + i].target = here
      emitAll(path.block)
      jumps.append(emit(.jump, place))
    }
    for jump in jumps { program.code[jump].a = here }
    program.code[own].e = here
  }
}
