public import FMUHost

/// A run of a unit: initialised at the first communication point with these start values, stepped from point to point, and read at each.
public struct FMURun: Sendable, Hashable {
  /// A variable and what it is set to: a number for each of its values.
  public struct Setting: Sendable, Hashable {
    /// What is set.
    public var variable: Variable
    /// In the variable's unit: one, or an array's in order.
    public var values: [Double]

    public init(_ variable: Variable, _ values: [Double]) { (self.variable, self.values) = (variable, values) }
  }

  /// Communication points, rising. One alone: initialised and read, without a step.
  public var points: [Double]
  /// Set before initialisation.
  public var start: [Setting] = []
  /// Set at each communication point.
  public var inputs: [Variable] = []
  /// The inputs' values, held from a point to the next: a row for each point, or one row for all.
  public var inputRows: [[Double]] = []
  /// Read at each communication point.
  public var records: [Variable]
  /// Whether a point is read after its own inputs are set; else before, as other masters do.
  public var readsAfterInputs = false
  /// How the unit is brought back before the run.
  public var rewinding = Rewinding.reset
  /// Told to the unit, in the unit of its time (s); nil: none.
  public var stopTime: Double?
  /// Relative, told to the unit's solver; nil: its own.
  public var tolerance: Double?
  /// Where the state is saved, the rest run, the state restored and the rest run again: the second time counts.
  public var repeatsFrom: Int?

  public init(points: [Double], records: [Variable]) { (self.points, self.records) = (points, records) }

  /// n equal steps from start to end; the last point is the end itself.
  public static func points(from start: Double, to end: Double, steps: Int) -> [Double] {
    let step = (end - start) / Double(steps)
    return (0...steps).map { $0 == steps ? end : start + Double($0) * step }
  }

  /// Steps of a given length, start + k·step; the last one is shorter where the end demands it.
  public static func points(from start: Double, to end: Double, step: Double) -> [Double] {
    let count = Int(((end - start) / step - 1e-9).rounded(.up))
    return (0...max(1, count)).map { k in
      let point = start + Double(k) * step
      return point > end + 1e-9 * step ? end : point
    }
  }

  /// As the host is told it.
  ///
  /// - Throws: `variable`, `request`.
  func request(_ file: String) throws(FMIError) -> HostRun {
    guard !points.isEmpty, points.allSatisfy(\.isFinite), zip(points, points.dropFirst()).allSatisfy({ $0 < $1 }) else {
      throw .request(file: file, problem: "communication points must be finite and rise")
    }
    var run = HostRun(rewinding: rewinding)
    for setting in start {
      let variable = setting.variable
      guard variable.isSettable else {
        throw .variable(
          file: file, name: variable.name, problem: "cannot be set (\(variable.causality.rawValue), initial \(variable.initial?.rawValue ?? "none"))",
          remedy: "parameters, inputs and variables with an exact or approximate start can")
      }
      guard setting.values.count == variable.slot.count, setting.values.allSatisfy(\.isFinite) else {
        throw .variable(
          file: file, name: variable.name, problem: "is set to \(setting.values.map { "\($0)" }.joined(separator: ", "))",
          remedy: "it takes \(variable.slot.count) finite number(s)")
      }
      run.start.append(variable.slot)
      run.startValues += setting.values
    }
    for variable in inputs where variable.causality != .input || !variable.slot.type.isNumber {
      throw .variable(file: file, name: variable.name, problem: "is no numeric input but \(variable.causality.rawValue)", remedy: "name an input")
    }
    for variable in records where !variable.slot.type.isNumber {
      throw .variable(file: file, name: variable.name, problem: "is of type \(variable.slot.type)", remedy: "numbers can be recorded")
    }
    run.inputs = inputs.map(\.slot)
    let width = run.inputs.width
    if width > 0 {
      guard inputRows.count == 1 || inputRows.count == points.count else {
        throw .request(file: file, problem: "\(inputRows.count) rows of inputs for \(points.count) communication points")
      }
      for (k, row) in inputRows.enumerated() where row.count != width || !row.allSatisfy(\.isFinite) {
        throw .request(file: file, problem: "row \(k) of the inputs has \(row.count) values for \(width), or one that is not finite")
      }
      run.inputValues = inputRows.count == 1 ? inputRows[0] : inputRows.flatMap { $0 }
    }
    if let repeatsFrom, !points.indices.contains(repeatsFrom) {
      throw .request(file: file, problem: "there is no point \(repeatsFrom) to repeat from")
    }
    (run.points, run.records, run.readsAfterInputs) = (points, records.map(\.slot), readsAfterInputs)
    (run.stopTime, run.tolerance, run.repeatsFrom) = (stopTime, tolerance, repeatsFrom)
    return run
  }
}
