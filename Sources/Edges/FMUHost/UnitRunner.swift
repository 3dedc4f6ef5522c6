/// Carries runs out on one unit, and keeps its instance between them.
struct UnitRunner {
  private let unit: any CoSimulation
  private var note: CallNote
  private var isInstantiated = false
  /// Nothing has been done to the instance since it was made.
  private var isFresh = false
  private var hasSavedState = false
  private var time = 0.0

  init(_ load: HostLoad, note: CallNote) throws(UnusableLibrary) {
    self.note = note
    self.note.begin(.load, at: 0)
    unit = load.major == 2 ? try FMI2Unit(load) : try FMI3Unit(load)
    self.note.begin(.none, at: 0)
  }

  /// Instantiates where there is no instance: what a parent wants to know before it goes on.
  mutating func prepare() throws(CallFailure) {
    if isInstantiated { return }
    note.begin(.instantiate, at: time)
    try unit.instantiate()
    (isInstantiated, isFresh, hasSavedState) = (true, true, false)
  }

  /// Every value of the records at every communication point, row by row.
  mutating func run(_ run: HostRun) throws(CallFailure) -> [Double] {
    do {
      let rows = try carryOut(run)
      note.begin(.none, at: time)
      return rows
    } catch {
      // After an error the standard allows little but to free the instance; after a fatal one not even that: the parent ends this process.
      if error.status != .fatal {
        note.begin(.freeInstance, at: time)
        unit.freeInstance()
        isInstantiated = false
      }
      note.begin(.none, at: time)
      throw error
    }
  }

  /// The communication point of the last call.
  var lastTime: Double { time }

  private mutating func carryOut(_ run: HostRun) throws(CallFailure) -> [Double] {
    let points = run.points
    time = points[0]
    try rewind(run.rewinding)
    isFresh = false
    note.begin(.setupExperiment, at: time)
    try unit.setupExperiment(at: time, stopTime: run.stopTime, tolerance: run.tolerance)
    try set(SlotGroup.groups(run.start), run.startValues, from: 0)
    note.begin(.enterInitializationMode, at: time)
    try unit.enterInitializationMode(at: time, stopTime: run.stopTime, tolerance: run.tolerance)
    let inputs = SlotGroup.groups(run.inputs)
    try set(inputs, run.inputValues, from: 0)
    note.begin(.exitInitializationMode, at: time)
    try unit.exitInitializationMode()

    let records = SlotGroup.groups(run.records)
    let (width, inputWidth) = (run.records.width, run.inputs.width)
    let inputsMove = inputWidth > 0 && run.inputValues.count > inputWidth
    var rows = [Double](repeating: 0, count: points.count * width)
    try get(records, &rows, from: 0)
    var k = 1
    var isRepeated = false
    if run.repeatsFrom == 0 { try save() }
    while k < points.count || (run.repeatsFrom != nil && !isRepeated) {
      if k == points.count, let from = run.repeatsFrom {
        note.begin(.setFMUState, at: points[from])
        try unit.restoreState(1)
        (k, isRepeated) = (from + 1, true)
        if k == points.count { break }
        // What was set after the state was saved is not in it.
        if run.readsAfterInputs && inputsMove { try set(inputs, run.inputValues, from: from * inputWidth) }
      }
      time = points[k - 1]
      if inputWidth > 0, !run.readsAfterInputs || k == 1 { try set(inputs, run.inputValues, from: inputsMove ? (k - 1) * inputWidth : 0) }
      note.begin(.doStep, at: time)
      try unit.doStep(at: time, by: points[k] - time)
      time = points[k]
      if run.readsAfterInputs && inputsMove { try set(inputs, run.inputValues, from: k * inputWidth) }
      try get(records, &rows, from: k * width)
      if run.repeatsFrom == k && !isRepeated { try save() }
      k += 1
    }
    return rows
  }

  private mutating func save() throws(CallFailure) {
    note.begin(.getFMUState, at: time)
    try unit.saveState(1)
  }

  private mutating func rewind(_ rewinding: Rewinding) throws(CallFailure) {
    if rewinding == .newInstance, isInstantiated, !isFresh {
      note.begin(.freeInstance, at: time)
      unit.freeInstance()
      isInstantiated = false
    }
    try prepare()
    switch rewinding {
    case .newInstance: break
    case .reset:
      if isFresh { return }
      note.begin(.reset, at: time)
      try unit.reset()
    case .savedState:
      if hasSavedState {
        note.begin(.setFMUState, at: time)
        try unit.restoreState(0)
      } else {
        // An instance that has run is not what is to be saved.
        try rewind(.newInstance)
        note.begin(.getFMUState, at: time)
        try unit.saveState(0)
        hasSavedState = true
      }
    }
  }

  private mutating func set(_ groups: [SlotGroup], _ values: [Double], from start: Int) throws(CallFailure) {
    var place = start
    for group in groups {
      note.begin(.set, at: time)
      let failure = unsafe values.withUnsafeBufferPointer { values in
        do throws(CallFailure) {
          try unsafe unit.set(group, values.baseAddress! + place)
          return nil as CallFailure?
        } catch { return error }
      }
      if let failure { throw failure }
      place += group.width
    }
  }

  private mutating func get(_ groups: [SlotGroup], _ values: inout [Double], from start: Int) throws(CallFailure) {
    var place = start
    for group in groups {
      note.begin(.get, at: time)
      let failure = unsafe values.withUnsafeMutableBufferPointer { values in
        do throws(CallFailure) {
          try unsafe unit.get(group, values.baseAddress! + place)
          return nil as CallFailure?
        } catch { return error }
      }
      if let failure { throw failure }
      place += group.width
    }
  }
}
