extension ProgramCompiler {
  /// Flattens one statement.
  mutating func emit(_ node: StatementNode) {
    statement += 1
    switch node {
    case .delay(let name, let time, let onInterrupt): delay(name, time, onInterrupt)
    case .seize(let name, let resource, let count, let priority, let preempting, let patience):
      seize(name, resource, count, priority, preempting, patience)
    case .release(let resource, let count):
      let place = at("Release(\(resource.name)\(count == 1 ? "" : ", count: \(count)"))")
      if count < 1 { faults.append("\(place): a count of \(count)") }
      emit(.release, place, a: self.resource(resource, place), b: Int32(clamping: count))
    case .putItem(let name, let store, let item, let priority, let patience):
      let place = at("Put(\(store.name))")
      let stream = streamName(name, "Put")
      var code = Instruction(op: .putItem, a: find(store.name, in: program.stores.map(\.name), "store", place))
      code.b = formula(item, stream, place)
      self.priority(priority, stream, place, &code)
      emit(&code, place, patience, stream)
    case .takeItem(let name, let store, let attribute, let priority, let patience):
      let place = at("Take(\(store.name))")
      let stream = streamName(name, "Take")
      var code = Instruction(op: .takeItem, a: find(store.name, in: program.stores.map(\.name), "store", place))
      if let attribute { code.b = self.attribute(attribute, place) }
      self.priority(priority, stream, place, &code)
      if code.c >= 0 || code.x != 0, !program.stores.isEmpty { program.takersAreOrdered[Int(code.a)] = true }
      emit(&code, place, patience, stream)
    case .putAmount(let name, let level, let amount, let patience): self.amount(.putAmount, "Put", name, level, amount, patience)
    case .takeAmount(let name, let level, let amount, let patience): self.amount(.takeAmount, "Take", name, level, amount, patience)
    case .waitSignal(let name, let signal, let patience):
      let place = at("Wait(for: \(signal.name))")
      var code = Instruction(op: .waitSignal, a: find(signal.name, in: program.signals, "signal", place))
      emit(&code, place, patience, streamName(name, "Wait"))
    case .waitCondition(let name, let condition, let patience):
      let place = at("Wait(until:)")
      let stream = streamName(name, "Wait")
      var code = Instruction(op: .waitCondition, a: self.condition(condition, stream, place))
      emit(&code, place, patience, stream)
    case .broadcast(let signal):
      let place = at("Broadcast(\(signal.name))")
      emit(.broadcast, place, a: find(signal.name, in: program.signals, "signal", place))
    case .scope(let name, let block):
      let outer = scope
      scope += name + "/"
      emitAll(block)
      scope = outer
    case .interruptible(let block, let handlerBlock):
      let (outer, own) = (handler, newHandler())
      handler = own
      emitAll(block)
      handler = outer
      postpone(.handler(own), handlerBlock, at("Interruptible"))
    default: emitControl(node)
    }
  }

  // MARK: - Parts

  func at(_ text: String) -> Place { Place(process: process, statement: statement, text: text) }

  @discardableResult
  mutating func emit(_ op: Instruction.Op, _ place: Place, a: Int32 = -1, b: Int32 = -1, c: Int32 = -1) -> Int {
    emit(Instruction(op: op, a: a, b: b, c: c), at: place)
  }

  /// Emits a statement that may wait, with its patience.
  private mutating func emit(_ code: inout Instruction, _ place: Place, _ patience: Patience?, _ stream: String) {
    if let patience { code.d = formula(patience.time, stream + " patience", place) }
    let i = emit(code, at: place)
    if let patience { postpone(.renege(i), patience.otherwise, place) }
  }

  /// Lets a block stand behind the main line; it leads back to what comes next here.
  private mutating func postpone(
    _ patch: Deferred.Patch, _ block: Block, _ place: Place, before: Instruction? = nil, after: Instruction? = nil, innerHandler: Int32 = -1
  ) {
    deferred.append(
      Deferred(
        patch: patch, block: block, before: before, after: after, back: here, scope: scope, handler: handler, innerHandler: innerHandler,
        place: place))
  }

  func priorityText(_ name: String) -> String { name + " priority" }

  private mutating func priority(_ priority: Formula, _ stream: String, _ place: Place, _ code: inout Instruction) {
    if case .number(let x) = priority.node {
      if x.isNaN { faults.append("\(place): a priority that is no number") }
      code.x = x
    } else {
      code.c = formula(priority, priorityText(stream), place)
    }
  }

  mutating func resource(_ resource: Resource, _ place: Place) -> Int32 {
    find(resource.name, in: program.resources.map(\.name), "resource", place)
  }

  mutating func attribute(_ attribute: Attribute, _ place: Place) -> Int32 {
    find(attribute.name, in: program.attributes.prefix(program.declaredAttributes).map(\.name), "attribute", place)
  }

  private mutating func delay(_ name: String?, _ time: Formula, _ onInterrupt: Block?) {
    let place = at(name.map { "Delay(\"\($0)\")" } ?? "Delay")
    if case .number(let x) = time.node, !(x >= 0 && x.isFinite) { faults.append("\(place): a time of \(x)") }
    let code = Instruction(op: .delay, a: formula(time, streamName(name, "Delay"), place))
    guard let onInterrupt else {
      emit(code, at: place)
      return
    }
    let (outer, own, kept) = (handler, newHandler(), hiddenAttribute())
    handler = own
    emit(code, at: place)
    handler = outer
    postpone(
      .handler(own), onInterrupt, place, before: Instruction(op: .saveRemaining, a: kept), after: Instruction(op: .delayRemaining, a: kept),
      innerHandler: own)
  }

  private mutating func seize(
    _ name: String?, _ resource: Resource, _ count: Int, _ priority: Formula, _ preempting: Bool, _ patience: Patience?
  ) {
    let place = at("Seize(\(resource.name)\(count == 1 ? "" : ", count: \(count)"))")
    let stream = streamName(name, "Seize")
    let r = self.resource(resource, place)
    var code = Instruction(op: .seize, flag: preempting, a: r, b: Int32(clamping: count))
    self.priority(priority, stream, place, &code)
    if Int(r) < program.resources.count {
      let spec = program.resources[Int(r)]
      let most = spec.shifts.map(\.capacity).max() ?? spec.capacity
      if count < 1 || count > most { faults.append("\(place): it asks for \(count) units, and there are never more than \(most)") }
      if code.c >= 0 || code.x != 0 || preempting { program.isOrdered[Int(r)] = true }
      if preempting { program.isTracked[Int(r)] = true }
    }
    emit(&code, place, patience, stream)
  }

  private mutating func amount(
    _ op: Instruction.Op, _ verb: String, _ name: String?, _ level: Level, _ amount: Formula, _ patience: Patience?
  ) {
    let place = at("\(verb)(\(level.name), amount:)")
    let stream = streamName(name, verb)
    let l = find(level.name, in: program.levels.map(\.name), "level", place)
    var code = Instruction(op: op, a: l, b: formula(amount, stream, place))
    if case .number(let x) = amount.node, Int(l) < program.levels.count, !(x >= 0 && x <= program.levels[Int(l)].capacity) {
      faults.append("\(place): an amount of \(x), of a capacity of \(program.levels[Int(l)].capacity)")
    }
    emit(&code, place, patience, stream)
  }
}
