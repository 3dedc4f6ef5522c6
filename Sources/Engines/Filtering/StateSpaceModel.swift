/// A model of something that moves and is measured: x(t₂) from x(t₁), and the outputs y of x, for given parameters p and inputs u.
///
/// This is all that the nonlinear filters and the tests of mismatch ask of a model, whoever computes it: a closed form, an ordinary differential
/// equation (`EquationModel`), or a co-simulation FMU, for which `advance` sets the state and the parameters, does the step and reads the state.
///
/// It must be a function: the same arguments give the same values, and nothing is remembered between two calls.
public protocol StateSpaceModel: Sendable {
  /// n, the number of states.
  var stateCount: Int { get }
  /// The number of outputs.
  var outputCount: Int { get }

  /// The state at `end`, from state x at `start`, with a constant input.
  ///
  /// - Throws: `model` when it cannot be computed, such as for a parameter out of range.
  func advance(_ x: [Double], parameters: [Double], input: [Double], from start: Double, to end: Double) throws(FilteringError) -> [Double]

  /// The outputs in state x at t, without noise.
  func outputs(_ x: [Double], parameters: [Double], input: [Double], at t: Double) throws(FilteringError) -> [Double]

  /// The outputs at each instant of a record, without noise, from state x at the first instant; the record's inputs are held from each instant to the
  /// next. One call, for a model that pays for each; where a model does not say otherwise, `advance` and `outputs` in turn.
  ///
  /// - Returns: one row for each instant.
  /// - Throws: `model`.
  func responses(_ record: SampleRecord, from x: [Double], parameters: [Double]) throws(FilteringError) -> [[Double]]
}

extension StateSpaceModel {
  public func responses(_ record: SampleRecord, from x: [Double], parameters: [Double]) throws(FilteringError) -> [[Double]] {
    var (x, rows) = (x, [[Double]]())
    for (k, t) in record.instants.enumerated() {
      if k > 0 { x = try advance(x, parameters: parameters, input: record.inputs[k - 1], from: record.instants[k - 1], to: t) }
      rows.append(try outputs(x, parameters: parameters, input: record.inputs[k], at: t))
    }
    return rows
  }
}
