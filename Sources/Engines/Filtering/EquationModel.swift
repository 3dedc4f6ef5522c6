public import Continuous

/// A grey-box model: an ordinary differential equation whose parameters are to be learned, solved by the engine's own stiff solver.
///
///     let tank = EquationModel(stateCount: 1, outputCount: 1) { p, u in Draining(area: p[0], inflow: u[0]) } outputs: { x, _, _ in [x[0]] }
public struct EquationModel<Equation: DifferentialEquation>: StateSpaceModel {
  public let stateCount: Int
  public let outputCount: Int
  public let tolerance: Tolerance
  private let equation: @Sendable (_ parameters: [Double], _ input: [Double]) -> Equation
  private let outputMap: @Sendable (_ x: [Double], _ parameters: [Double], _ input: [Double]) -> [Double]

  /// - Parameters:
  ///   - equation: ẋ = f(t, x) for parameters and an input.
  ///   - outputs: what sensors would read, without noise.
  public init(
    stateCount: Int, outputCount: Int, tolerance: Tolerance = Tolerance(relative: 1e-8, absolute: 1e-10),
    equation: @escaping @Sendable (_ parameters: [Double], _ input: [Double]) -> Equation,
    outputs: @escaping @Sendable (_ x: [Double], _ parameters: [Double], _ input: [Double]) -> [Double]
  ) {
    (self.stateCount, self.outputCount, self.tolerance, self.equation, outputMap) = (stateCount, outputCount, tolerance, equation, outputs)
  }

  public func advance(
    _ x: [Double], parameters: [Double], input: [Double], from start: Double, to end: Double
  ) throws(FilteringError) -> [Double] {
    let solver = StiffSolver(equation(parameters, input), tolerance: tolerance)
    do {
      var context = try solver.start(x, at: start)
      try solver.advance(&context, to: end)
      return context.state
    } catch {
      throw .model(error.description)
    }
  }

  public func outputs(_ x: [Double], parameters: [Double], input: [Double], at t: Double) throws(FilteringError) -> [Double] {
    outputMap(x, parameters, input)
  }
}
