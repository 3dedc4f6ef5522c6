import Probability

/// Turns a draft into a program, and collects all faults on the way.
struct ProgramCompiler {
  var program = Program()
  var faults: [String] = []

  // The process under way.
  var process = ""
  var statement = 0
  var scope = ""
  var handler: Int32 = -1
  /// How many statements of a sort have gone by unnamed, and the names already given.
  var ordinals: [String: Int] = [:]
  var usedNames: Set<String> = []
  /// Blocks that stand behind the main line of the process: what happens upon reneging or interruption.
  var deferred: [(ProgramCompiler.Deferred)] = []
  /// Targets of handlers by number, resolved at the end.
  var handlerTargets: [Int32] = []
  var handlerNumbers: [Int32] = []

  struct Deferred {
    enum Patch { case renege(Int), handler(Int32) }
    var patch: Patch
    var block: Block
    var before: Instruction?
    var after: Instruction?
    var back: Int32
    var scope: String
    var handler: Int32
    var innerHandler: Int32
    var place: Place
  }

  init(_ name: String, _ draft: FlowDraft) {
    program.name = name
    program.resources = draft.resources
    program.isTracked = draft.resources.map { _ in false }
    program.isOrdered = draft.resources.map { _ in false }
    program.stores = draft.stores
    program.takersAreOrdered = draft.stores.map { _ in false }
    program.levels = draft.levels
    program.signals = draft.signals
    program.attributes = draft.attributes
    program.declaredAttributes = draft.attributes.count
    program.variables = draft.variables
    checkDeclarations(draft)
    if !faults.isEmpty { return }
    program.kinds = draft.processes.map { Program.Kind(name: $0.name, entry: 0) }
    for i in draft.processes.indices { compile(draft.processes[i], kind: i) }
    program.handlers = handlerNumbers.map { $0 < 0 ? -1 : handlerTargets[Int($0)] }
    if faults.isEmpty { for process in draft.processes { HoldCheck.run(process, program.resources.map(\.name), into: &faults) } }
  }

  // MARK: - Declarations

  private mutating func checkDeclarations(_ draft: FlowDraft) {
    func unique(_ what: String, _ names: [String]) {
      var seen: Set<String> = []
      for name in names {
        if name.isEmpty { faults.append("a \(what) without a name") }
        if !seen.insert(name).inserted { faults.append("two \(what)s are called '\(name)'") }
      }
    }
    unique("resource", draft.resources.map(\.name))
    unique("store", draft.stores.map(\.name))
    unique("level", draft.levels.map(\.name))
    unique("signal", draft.signals)
    unique("attribute", draft.attributes.map(\.name))
    unique("variable", draft.variables.map(\.name))
    unique("process", draft.processes.map(\.name))
    if draft.processes.isEmpty { faults.append("there is no process") }
    for resource in draft.resources {
      let units = [resource.capacity] + resource.shifts.map(\.capacity)
      if units.contains(where: { $0 < 0 || $0 > 1 << 20 }) { faults.append("resource '\(resource.name)': a capacity is not in 0 … \(1 << 20)") }
      if !resource.shifts.isEmpty || resource.cycle != 0 {
        let starts = resource.shifts.map(\.start)
        if starts.first != 0 || !zip(starts, starts.dropFirst()).allSatisfy({ $0 < $1 }) || !(resource.cycle > starts.last ?? 0)
          || !resource.cycle.isFinite
        {
          faults.append("resource '\(resource.name)': shifts must start at 0, rise, and end before the cycle of \(resource.cycle)")
        }
      }
    }
    for store in draft.stores where store.capacity < 1 || store.initial.count > store.capacity {
      faults.append("store '\(store.name)': a capacity of \(store.capacity) for \(store.initial.count) items at the beginning")
    }
    for level in draft.levels where !(level.capacity > 0) || !(level.initial >= 0 && level.initial <= level.capacity) {
      faults.append("level '\(level.name)': \(level.initial) at the beginning, of a capacity of \(level.capacity)")
    }
  }

  private mutating func compile(_ spec: FlowDraft.ProcessSpec, kind: Int) {
    (process, statement, scope, handler, ordinals, usedNames) = (spec.name, 0, "", -1, [:], ["arrivals"])
    program.kinds[kind].entry = Int32(program.code.count)
    let start = statement
    emitAll(spec.block)
    emit(Instruction(op: .leave), "the end")
    while !deferred.isEmpty { emit(deferred.removeFirst()) }
    statement = start
    source(spec.source, kind: Int32(kind))
  }

  private mutating func source(_ source: FlowDraft.Source, kind: Int32) {
    switch source {
    case .none: break
    case .population(let count):
      if count < 0 || count > 1 << 20 { faults.append("process '\(process)': a population of \(count)") }
      program.populations.append((kind, count))
    case .times(let times):
      if !times.allSatisfy({ $0 >= 0 && $0.isFinite }) || !zip(times, times.dropFirst()).allSatisfy({ $0 <= $1 }) {
        faults.append("process '\(process)': its times must be finite, not negative and not fall")
      }
      program.sources.append(Program.Source(kind: kind, interval: -1, lot: -1, first: -1, limit: times.count, times: times))
    case .renewal(let interval, let lot, let first, let limit):
      let place = Place(process: process, statement: 0, text: "arrivals")
      let intervalCode = formula(interval, "arrivals", place, ofProcess: false)
      let lotCode = formula(lot, "arrivals lot", place, ofProcess: false)
      let firstCode = first.map { formula($0, "arrivals first", place, ofProcess: false) } ?? -1
      if case .number(let x) = interval.node, !(x > 0) { faults.append("process '\(process)': it arrives every \(x)") }
      program.sources.append(
        Program.Source(kind: kind, interval: intervalCode, lot: lotCode, first: firstCode, limit: limit ?? .max, times: []))
    }
  }

  // MARK: - Emitting

  var here: Int32 { Int32(program.code.count) }

  @discardableResult
  mutating func emit(_ instruction: Instruction, _ text: String) -> Int {
    emit(instruction, at: Place(process: process, statement: statement, text: text))
  }

  @discardableResult
  mutating func emit(_ instruction: Instruction, at place: Place) -> Int {
    program.code.append(instruction)
    program.places.append(place)
    handlerNumbers.append(handler)
    return program.code.count - 1
  }

  mutating func emitAll(_ block: Block) { for node in block.nodes { emit(node) } }

  mutating func newHandler() -> Int32 {
    handlerTargets.append(-1)
    return Int32(handlerTargets.count - 1)
  }

  /// Emits a block that stands behind the main line, and the jump back.
  private mutating func emit(_ job: Deferred) {
    switch job.patch {
    case .renege(let i): program.code[i].e = here
    case .handler(let number): handlerTargets[Int(number)] = here
    }
    (scope, handler) = (job.scope, job.handler)
    if let before = job.before { emit(before, at: job.place) }
    emitAll(job.block)
    if let after = job.after {
      handler = job.innerHandler
      emit(after, at: job.place)
      handler = job.handler
    }
    var jump = Instruction(op: .jump)
    jump.a = job.back
    emit(jump, at: job.place)
  }

  /// The attribute that the compiler needs for itself.
  mutating func hiddenAttribute() -> Int32 {
    program.attributes.append(FlowDraft.NumberSpec(name: "", initial: 0))
    return Int32(program.attributes.count - 1)
  }

  // MARK: - Names

  /// What a statement's streams are called: its own name, or its sort and how many of it have gone by.
  mutating func streamName(_ name: String?, _ sort: String) -> String {
    guard let name else {
      ordinals[scope + sort, default: 0] += 1
      return "\(scope)\(sort) \(ordinals[scope + sort]!)"
    }
    let full = scope + name
    if !usedNames.insert(full).inserted {
      faults.append("process '\(process)': two statements are called '\(full)'; name them apart, or put each into a Scope")
    }
    return full
  }

  mutating func find(_ name: String, in names: [String], _ what: String, _ place: Place) -> Int32 {
    if let i = names.firstIndex(of: name) { return Int32(i) }
    let known = names.isEmpty ? "there is none" : "there are " + names.map { "'\($0)'" }.joined(separator: ", ")
    faults.append("\(place): no \(what) is called '\(name)'; \(known)")
    return 0
  }

  mutating func site(_ law: Law, _ name: String, _ place: Place) -> Int32 {
    if let fault = law.fault { faults.append("\(place): \(fault)") }
    program.sites.append(Program.Site(law: law.fault == nil ? law : .constant(0), process: process, statement: name))
    return Int32(program.sites.count - 1)
  }
}
