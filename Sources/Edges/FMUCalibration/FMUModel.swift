public import FMI
public import FMUHost
public import Filtering

/// A co-simulation FMU as a function: x(t₂) from x(t₁), for parameters and inputs.
///
/// A unit remembers; a function must not. So each call brings the unit back to where it was instantiated, sets parameters, states and inputs as start
/// values at t₁, initialises, steps, and reads. `checked` finds a way back that really forgets, and that the named states are all there is to know.
public struct FMUModel: StateSpaceModel {
  /// A state: the variable that is read, and the one by which its start is set; often the same.
  public struct State: Sendable, Hashable {
    /// That is read.
    public var variable: Variable
    /// By which its start is set.
    public var setter: Variable

    public init(_ variable: Variable, setter: Variable? = nil) { (self.variable, self.setter) = (variable, setter ?? variable) }
  }

  /// Which runs the unit.
  public let session: FMUSession
  /// In the order of x.
  public let states: [State]
  /// In the order of p.
  public let parameters: [Variable]
  /// In the order of u.
  public let inputs: [Variable]
  /// In the order of y.
  public let outputs: [Variable]
  /// Settings that are no parameters to be learned.
  public let fixed: [FMURun.Setting]
  /// The longest communication step; longer intervals are cut into equal parts. Nil: one step from reading to reading.
  public let step: Double?
  /// How the unit is made to forget.
  public internal(set) var rewinding = Rewinding.reset

  public var stateCount: Int { states.count }
  public var outputCount: Int { outputs.count }

  /// - Throws: `variable` where a state or parameter cannot be set, an input is none, an array is named, or an output is no number; `request` for a step
  ///   that is not above 0.
  public init(
    _ session: FMUSession, states: [State], parameters: [Variable], inputs: [Variable] = [], outputs: [Variable], fixed: [FMURun.Setting] = [],
    step: Double? = nil
  ) throws(FMIError) {
    let file = session.fmu.path
    func refuse(_ variable: Variable, _ problem: String, _ remedy: String) -> FMIError {
      .variable(file: file, name: variable.name, problem: problem, remedy: remedy)
    }
    for variable in states.flatMap({ [$0.variable, $0.setter] }) + parameters + inputs + outputs {
      if variable.slot.count != 1 { throw refuse(variable, "is an array", "name scalar variables") }
      if !variable.slot.type.isNumber { throw refuse(variable, "is of type \(variable.slot.type)", "name numeric variables") }
    }
    for state in states where !state.setter.isSettable {
      throw refuse(state.setter, "is a state whose start cannot be set", "name the variable that sets it, as \(state.variable.name)=NAME")
    }
    for variable in parameters where !variable.isSettable {
      throw refuse(
        variable, "cannot be set (\(variable.causality.rawValue), initial \(variable.initial?.rawValue ?? "none"))",
        "parameters and variables with an exact or approximate start can be learned")
    }
    for variable in inputs where variable.causality != .input {
      throw refuse(variable, "is no input but \(variable.causality.rawValue)", "name an input")
    }
    if let step, !(step > 0 && step.isFinite) { throw .request(file: file, problem: "a step of \(step) s; it must be above 0") }
    (self.session, self.states, self.parameters, self.inputs, self.outputs) = (session, states, parameters, inputs, outputs)
    (self.fixed, self.step) = (fixed, step)
  }

  public func advance(
    _ x: [Double], parameters p: [Double], input: [Double], from start: Double, to end: Double
  ) throws(FilteringError) -> [Double] {
    var run = prepared(x, p, input.isEmpty ? [] : [input])
    run.points = points(from: start, to: end)
    run.records = states.map(\.variable)
    return try carryOut(run).last ?? x
  }

  public func outputs(_ x: [Double], parameters p: [Double], input: [Double], at t: Double) throws(FilteringError) -> [Double] {
    var run = prepared(x, p, input.isEmpty ? [] : [input])
    run.points = [t]
    run.records = outputs
    return try carryOut(run).last ?? []
  }

  /// The whole record in one run, without a state being set in between: a unit whose states cannot be set can still answer this.
  public func responses(_ record: SampleRecord, from x: [Double], parameters p: [Double]) throws(FilteringError) -> [[Double]] {
    try trajectory(record, from: x, parameters: p, of: outputs)
  }

  /// Variables at each instant of a record.
  func trajectory(_ record: SampleRecord, from x: [Double], parameters p: [Double], of variables: [Variable]) throws(FilteringError) -> [[Double]] {
    guard let first = record.instants.first else { return [] }
    var (all, rows, places) = ([first], [record.inputs[0]], [0])
    for k in record.instants.indices.dropFirst() {
      let part = points(from: record.instants[k - 1], to: record.instants[k])
      for point in part.dropFirst() {
        all.append(point)
        // Within the interval the input is that of its beginning; at its end, where the record is read, that of the instant.
        rows.append(point == record.instants[k] ? record.inputs[k] : record.inputs[k - 1])
      }
      places.append(all.count - 1)
    }
    var run = prepared(x, p, rows)
    run.points = all
    run.records = variables
    let answer = try carryOut(run)
    return places.map { answer[$0] }
  }

  private func points(from start: Double, to end: Double) -> [Double] {
    guard let step else { return [start, end] }
    return FMURun.points(from: start, to: end, steps: max(1, Int(((end - start) / step - 1e-9).rounded(.up))))
  }

  private func prepared(_ x: [Double], _ p: [Double], _ inputRows: [[Double]]) -> FMURun {
    var run = FMURun(points: [], records: [])
    run.start = fixed + zip(parameters, p).map { .init($0, [$1]) } + zip(states, x).map { .init($0.setter, [$1]) }
    (run.inputs, run.inputRows, run.readsAfterInputs, run.rewinding) = (inputs, inputs.isEmpty ? [] : inputRows, true, rewinding)
    return run
  }

  private func carryOut(_ run: FMURun) throws(FilteringError) -> [[Double]] {
    let rows: [[Double]]
    do throws(FMIError) { rows = try session.run(run) } catch { throw .model(error.description) }
    guard rows.allSatisfy({ $0.allSatisfy(\.isFinite) }) else { throw .model("\(session.fmu.path): a value is not finite") }
    return rows
  }
}
