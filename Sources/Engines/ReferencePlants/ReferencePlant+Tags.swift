import Quantities
import Telemetry

/// Where the tags of each station stand in the list of all tags.
struct TagLayout: Sendable {
  struct StationTags: Sendable {
    var state: Int
    var processed: Int
    var defective: Int
    var currentSpeed: Int
    var variables: [Int]
    var speedSet: Int
    var variableSets: [Int]
  }
  var product = 0
  var order = 0
  var levels: [(belt: Int, tag: Int)] = []
  var stations: [StationTags] = []
}

extension ReferencePlant {
  /// Seconds after which a tag is reported though it has not changed.
  private static let repeatAfter = 60.0

  /// Lists the tags, those of the line first, and reports each once.
  mutating func makeTags() {
    layout.product = add(nil, "Line/ProductId", .string)
    layout.order = add(nil, "Line/OrderId", .string)
    for (i, belt) in truth.buffers.enumerated() where belt.hasSensor {
      layout.levels.append((i, add(nil, "Buffer/\(belt.name)", .int32, unit: "1", low: 0, high: Double(belt.capacity))))
    }
    for machine in machines {
      let s = machine.truth
      let state = add(s.name, "StateCurrent", .int32)
      let processed = add(s.name, "ProdProcessedCount", .int32, unit: "1")
      let defective = add(s.name, "ProdDefectiveCount", .int32, unit: "1")
      let current = add(
        s.name, "CurMachSpeed", .double, unit: "1/min", low: 0, high: s.speed.high * 1.25, deadband: 0.01 * s.speed.set, step: 0.01)
      let variables = s.variables.map { v in
        add(
          s.name, v.name, .double, unit: v.unit, low: v.sensor.low, high: v.sensor.high, deadband: v.sensor.deadband, step: v.sensor.step)
      }
      let speedSet = add(s.name, "MachSpeed", .double, unit: "1/min", low: s.speed.low, high: s.speed.high, isWritable: true)
      let sets = s.variables.map { v in
        add(s.name, "\(v.name)Set", .double, unit: v.unit, low: v.low, high: v.high, isWritable: true)
      }
      layout.stations.append(
        .init(
          state: state, processed: processed, defective: defective, currentSpeed: current, variables: variables, speedSet: speedSet,
          variableSets: sets))
    }
    sensors = tags.map { Xoshiro256(seed: seed, "sensor", $0.name) }
    reportOrder()
    for i in machines.indices {
      report(machines[i].state, of: i, force: true)
      reportCounts(of: i)
      reportSetpoints(of: i)
      for v in machines[i].variables.indices { reportVariable(v, of: i) }
    }
    for (belt, tag) in layout.levels { emit(tag, .int32(Int32(belts[belt].count))) }
  }

  private mutating func add(
    _ device: String?, _ metric: String, _ kind: PlantTag.Kind, unit: String = "", low: Double? = nil, high: Double? = nil,
    isWritable: Bool = false, deadband: Double = 0, step: Double? = nil
  ) -> Int {
    let empty: PlantValue =
      switch kind {
      case .int32: .int32(0)
      case .double: .double(0)
      case .string: .string("")
      }
    tags.append(
      PlantTag(
        device: device, metric: metric, kind: kind, unit: unit, low: low, high: high, isWritable: isWritable, deadband: deadband, step: step,
        value: empty, instant: start, quality: .good, raw: empty))
    return tags.count - 1
  }

  /// Steps the process variables and reads every sensor.
  mutating func scan() {
    followDrifts()
    for i in machines.indices {
      for v in machines[i].variables.indices { machines[i].variables[v].step(to: now, dt: Self.scanPeriod) }
    }
    guard isObserved else { return }
    for i in machines.indices {
      for v in machines[i].variables.indices { reportVariable(v, of: i) }
      reportCurrentSpeed(of: i)
    }
    for (belt, tag) in layout.levels { emit(tag, .int32(Int32(belts[belt].count))) }
    for t in tags.indices where now - tags[t].seen >= Self.repeatAfter { emit(t, tags[t].raw, force: true) }
  }

  /// The machine says that it is in this state.
  mutating func report(_ state: MachineState, of i: Int, force: Bool = false) {
    guard force || state != machines[i].state else { return }
    machines[i].state = state
    guard isObserved, i < layout.stations.count else { return }
    emit(layout.stations[i].state, .int32(Int32(state.rawValue)))
    reportCurrentSpeed(of: i)
  }

  private mutating func reportCurrentSpeed(of i: Int) {
    let tag = layout.stations[i].currentSpeed
    var value = 0.0
    if machines[i].state == .execute { value = 60 / machines[i].cycleMean * (1 + 0.003 * sensors[tag].normal()) }
    emit(tag, .double(value))
  }

  private mutating func reportVariable(_ v: Int, of i: Int) {
    let tag = layout.stations[i].variables[v]
    let variable = machines[i].variables[v]
    emit(tag, .double(variable.value + variable.truth.sensor.deviation * sensors[tag].normal()))
  }

  mutating func reportCounts(of i: Int) {
    guard isObserved else { return }
    emit(layout.stations[i].processed, .int32(Int32(machines[i].processed)))
    emit(layout.stations[i].defective, .int32(Int32(machines[i].rejected)))
  }

  mutating func reportSetpoints(of i: Int) {
    guard isObserved else { return }
    emit(layout.stations[i].speedSet, .double(machines[i].speed.value), force: true)
    for v in machines[i].variables.indices {
      emit(layout.stations[i].variableSets[v], .double(machines[i].variables[v].setpoint.value), force: true)
    }
  }

  mutating func reportOrder() {
    guard isObserved else { return }
    emit(layout.product, .string(truth.product))
    emit(layout.order, .string(orderID))
  }

  /// Reports by exception: what has moved by the deadband, or what must be said (`force`).
  mutating func emit(_ t: Int, _ value: PlantValue, force: Bool = false) {
    tags[t].raw = value
    var shown = tags[t].isFrozen ? tags[t].value : value
    if case .double(let x) = shown, let step = tags[t].step {
      let scale = (1 / step).rounded()
      shown = .double((x * scale).rounded() / scale)
    }
    if !force, tags[t].seen >= 0 {
      if shown == tags[t].value { return }
      if case .double(let new) = shown, case .double(let old) = tags[t].value, tags[t].deadband > 0, new != 0, abs(new - old) < tags[t].deadband {
        return
      }
    }
    tags[t].value = shown
    tags[t].seen = now
    tags[t].instant = instant
    samples.append(PlantSample(tag: t, instant: tags[t].instant, value: shown, quality: tags[t].quality))
  }
}
