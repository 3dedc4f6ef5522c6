import Determinism
public import FMI
public import Filtering
public import Interchange
import LinearAlgebra

/// The calibration of one FMU from one table of readings: the words of a request looked up in the unit, the columns in the table, and checked.
public struct FMUStudy: Sendable {
  /// The unit as a function.
  public let model: FMUModel
  /// What is to be learned of it.
  public let calibration: ParameterCalibration<FMUModel>

  /// - Throws: `request` and `unit` for what does not fit, with what would.
  public init(_ session: FMUSession, table: ReadingTable, request: CalibrationRequest) throws(FMUCalibrationError) {
    let fmu = session.fmu
    func look(_ name: String) throws(FMUCalibrationError) -> Variable {
      try FMUCalibrationError.units { () throws(FMIError) in try fmu.variable(name) }
    }
    if request.outputs.isEmpty { throw .request("no output is named; name at least one variable that was measured") }
    var (outputs, inputs): ([Variable], [Variable]) = ([], [])
    for name in request.outputs { outputs.append(try look(name)) }
    for name in request.inputs { inputs.append(try look(name)) }
    let record = try Self.record(table, inputs: inputs, outputs: outputs, fmu)
    let sensors = try Self.perName(request.noise, "noise", outputs.map(\.name))

    var states = try Self.states(request, fmu)
    var starts: [String: (value: Double, deviation: Double?)] = [:]
    for text in request.start {
      let (name, value) = try CalibrationRequest.split(text)
      starts[try look(name).name] = try Self.start(value ?? "", of: name)
    }
    var (names, ranges, variables): ([String], [ClosedRange<Double>?], [Variable]) = ([], [], [])
    for text in request.parameters {
      let (name, range) = try CalibrationRequest.split(text)
      variables.append(try look(name))
      names.append(name)
      ranges.append(try range.map { (text) throws(FMUCalibrationError) in try CalibrationRequest.range(text, of: name) })
    }
    // What is set and not learned: neither parameter nor state.
    var fixed: [FMURun.Setting] = []
    for name in starts.keys.sorted() where !names.contains(name) && !states.contains(where: { $0.variable.name == name }) {
      fixed.append(.init(try look(name), [starts[name]?.value ?? 0]))
    }
    let own = try Self.ownStarts(session, states.map(\.variable) + variables, fixed, at: record.instants[0])
    var uncertain: [UncertainParameter] = []
    for (k, variable) in variables.enumerated() {
      let limits = (variable.minimum ?? -.infinity)...max(variable.maximum ?? .infinity, variable.minimum ?? -.infinity)
      let range = ranges[k].map { $0.clamped(to: limits) } ?? limits
      let value = starts[variable.name]?.value ?? own[states.count + k]
      // A start outside a range that a person gave: the range's middle, on the scale on which it is learned.
      let middle = range.lowerBound > 0 ? (range.lowerBound * range.upperBound).squareRoot() : 0.5 * (range.lowerBound + range.upperBound)
      let start = range.contains(value) ? value : middle
      let positive = range.lowerBound < 0 && !range.lowerBound.isFinite && start > 0 ? 0...range.upperBound : range
      uncertain.append(
        try FMUCalibrationError.estimating { () throws(FilteringError) in try UncertainParameter(name: names[k], start: start, range: positive) })
    }
    if request.method == .simulation { states = states.filter(\.setter.isSettable) }
    let begin = Self.begin(states, own, starts, outputs, record, sensors)
    let noises = try CalibrationRequest.deviations(request.processNoise, "process noise")
    for name in noises.keys.sorted() where !states.contains(where: { $0.variable.name == name }) {
      throw .request("process noise \(name): there is no such state; there are \(states.map(\.variable.name).joined(separator: ", "))")
    }
    if request.method == .simulation, !noises.isEmpty { throw .request("process noise needs a filter; leave it out, or take --method unscented") }
    let plain = try FMUCalibrationError.units { () throws(FMIError) in
      try FMUModel(session, states: states, parameters: variables, inputs: inputs, outputs: outputs, fixed: fixed, step: request.step)
    }
    if request.method != .simulation, states.isEmpty {
      throw .request(
        "\(fmu.path) declares no states, and a filter needs them: name them with --states, or learn from whole runs alone (--method simulation)")
    }
    let values = uncertain.map(\.start)
    model = try FMUCalibrationError.units { () throws(FMIError) in try plain.checked(on: record, from: begin.mean, parameters: values) }
    var diffusion = Matrix(rows: states.count, columns: states.count)
    for (i, state) in states.enumerated() { diffusion[i, i] = noises[state.variable.name].map { $0 * $0 } ?? 0 }
    let method: ParameterCalibration<FMUModel>.Method =
      switch request.method {
      case .unscented: .unscented
      case .ensemble: .ensemble(members: max(2, request.members))
      case .simulation: .simulation
      }
    let ready = model
    let matrix = diffusion
    calibration = try FMUCalibrationError.estimating { () throws(FilteringError) in
      try ParameterCalibration(ready, record: record, parameters: uncertain, start: begin, diffusion: matrix, noise: sensors, method: method)
    }
  }

  /// Calibrates and judges.
  ///
  /// - Throws: `estimation`.
  public func run(seed: UInt64) throws(FMUCalibrationError) -> CalibrationReport {
    let result = try FMUCalibrationError.estimating { () throws(FilteringError) in
      try calibration.run(stream: RandomStream(seed: seed, "fmu", "ensemble"))
    }
    return CalibrationReport(result, model)
  }

  private static func record(
    _ table: ReadingTable, inputs: [Variable], outputs: [Variable], _ fmu: FMU
  ) throws(FMUCalibrationError) -> SampleRecord {
    var places: [(place: Int, conversion: UnitConversion)] = []
    for variable in inputs + outputs {
      guard let place = table.place(variable.name) else {
        throw .request("there is no column \(variable.name); there are \(table.columns.map(\.name).joined(separator: ", "))")
      }
      places.append((place, try UnitConversion.from(table.columns[place].unit, to: variable, in: fmu.description)))
    }
    if table.rows.count < 2 { throw .request("\(table.rows.count) rows of readings; there must be more") }
    var (held, moves) = ([Double?](repeating: nil, count: inputs.count), [[Double]]())
    for (k, row) in table.rows.enumerated() {
      for i in inputs.indices { if let value = row[places[i].place] { held[i] = places[i].conversion(value) } }
      // An input that is not written is as it was; at the beginning there is nothing that it was.
      if let missing = held.firstIndex(of: nil) { throw .request("row \(k + 1): the input \(inputs[missing].name) has no value yet") }
      moves.append(held.map { $0 ?? 0 })
    }
    let readings = table.rows.map { row in
      outputs.indices.map { i in row[places[inputs.count + i].place].map { places[inputs.count + i].conversion($0) } }
    }
    let rows = moves
    return try FMUCalibrationError.estimating { () throws(FilteringError) in
      try SampleRecord(instants: table.instants, inputs: rows, outputs: readings)
    }
  }

  private static func states(_ request: CalibrationRequest, _ fmu: FMU) throws(FMUCalibrationError) -> [FMUModel.State] {
    guard let names = request.states else { return fmu.description.states.map { FMUModel.State(fmu.description.variables[$0]) } }
    var states: [FMUModel.State] = []
    for text in names {
      let (name, setter) = try CalibrationRequest.split(text)
      states.append(
        try FMUCalibrationError.units { () throws(FMIError) in
          FMUModel.State(try fmu.variable(name), setter: try setter.map { (name) throws(FMIError) in try fmu.variable(name) })
        })
    }
    return states
  }

  /// `VALUE` or `VALUE+-DEVIATION`.
  private static func start(_ text: String, of name: String) throws(FMUCalibrationError) -> (value: Double, deviation: Double?) {
    let parts = text.split(separator: "+-", maxSplits: 1).map { Double($0) }
    guard let value = parts.first ?? nil, value.isFinite, parts.count == 1 || (parts[1].map { $0 >= 0 && $0.isFinite } ?? false) else {
      throw .request("start \(name)=\(text): write \(name)=20, or \(name)=20+-5 for a state that is not known exactly")
    }
    return (value, parts.count == 2 ? parts[1] : nil)
  }

  /// All of them, in order; nil where none is given.
  private static func perName(_ texts: [String], _ what: String, _ names: [String]) throws(FMUCalibrationError) -> [Double]? {
    if texts.isEmpty { return nil }
    let found = try CalibrationRequest.deviations(texts, what)
    if let stray = found.keys.sorted().first(where: { !names.contains($0) }) { throw .request("\(what) \(stray): no such output was named") }
    if let missing = names.first(where: { found[$0] == nil }) { throw .request("\(what): give that of \(missing) too, or none") }
    return names.map { found[$0] ?? 0 }
  }

  /// What the unit itself begins with.
  private static func ownStarts(
    _ session: FMUSession, _ variables: [Variable], _ fixed: [FMURun.Setting], at t: Double
  ) throws(FMUCalibrationError) -> [Double] {
    if variables.isEmpty { return [] }
    var run = FMURun(points: [t], records: variables)
    run.start = fixed
    let ready = run
    return try FMUCalibrationError.units { () throws(FMIError) in try session.run(ready).first ?? [] }
  }

  /// The states at the first reading: as given, else as read, else the unit's own start. One that was read counts as unknown within ten times its
  /// sensor's deviation, so that its reading is not counted twice.
  private static func begin(
    _ states: [FMUModel.State], _ own: [Double], _ starts: [String: (value: Double, deviation: Double?)], _ outputs: [Variable],
    _ record: SampleRecord, _ sensors: [Double]?
  ) -> Gaussian {
    var (means, deviations): ([Double], [Double]) = ([], [])
    for (i, state) in states.enumerated() {
      let place = outputs.firstIndex { $0.slot == state.variable.slot }
      if let given = starts[state.variable.name] {
        means.append(given.value)
        deviations.append(given.deviation ?? 0)
      } else if let place, let reading = record.outputs[0][place], reading.isFinite {
        let values = record.outputs.compactMap { $0[place] }.filter(\.isFinite)
        let spread = (values.max() ?? 0) - (values.min() ?? 0)
        means.append(reading)
        deviations.append(sensors.map { 10 * $0[place] } ?? max(0.25 * spread, 1e-6 * max(1, reading.magnitude)))
      } else {
        means.append(own[i])
        deviations.append(0)
      }
    }
    return Gaussian(mean: means, deviations: deviations)
  }
}
