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
}
