import Continuous
import Determinism
import LinearAlgebra
import Testing

@testable import Filtering

/// A tank's level: ẋ = u − k·xᵐ. Outflow under gravity has m = ½; a model with m = 1 is wrong in its structure.
private struct Tank: DifferentialEquation {
  var coefficient: Double
  var isLinear: Bool
  var inflow: Double
  var stateCount: Int { 1 }
  func derivative(at t: Double, _ x: Span<Double>, into dx: inout MutableSpan<Double>) {
    let level = max(x[0], 1e-6)
    dx[0] = inflow - coefficient * (isLinear ? level : level.squareRoot())
  }
}

/// With process noise a simulation drifts from the plant even when the model is right; its filter's innovations do not, and they are judged.
@Test func aDynamicModelIsJudgedByItsInnovations() throws {
  func model(isLinear: Bool) -> EquationModel<Tank> {
    EquationModel(stateCount: 1, outputCount: 1, tolerance: Tolerance(relative: 1e-6, absolute: 1e-8)) { p, u in
      Tank(coefficient: p[0], isLinear: isLinear, inflow: u[0])
    } outputs: { x, _, _ in
      [x[0]]
    }
  }
  var stream = RandomStream(seed: 71, "tank")
  let right = model(isLinear: false)
  var (x, instants, inputs, outputs): ([Double], [Double], [[Double]], [[Double?]]) = ([1], [], [], [])
  for k in 0..<160 {
    instants.append(Double(k))
    inputs.append([[0.4, 1.2, 0.8, 1.6][k / 20 % 4]])
    outputs.append([stream.chance(0.1) ? nil : x[0] + 0.02 * stream.normal()])
    x = try right.advance(x, parameters: [0.8], input: inputs[k], from: 0, to: 1)
    x[0] = max(0.01, x[0] + 0.02 * stream.normal())
  }
  let record = try SampleRecord(instants: instants, inputs: inputs, outputs: outputs)
  func verdict(_ model: EquationModel<Tank>, _ k: Double) throws -> MismatchVerdict {
    try MismatchTest().assess(present: [k], steps: [1e-3], bounds: [0.05...5], inputs: inputs) { (p) throws(FilteringError) in
      try model.whitenedInnovations(
        record, parameters: p, state: Gaussian(mean: [1], deviations: [0.1]), diffusion: Matrix([[0.0004]]), noise: Matrix([[0.0004]]))
    }.verdict
  }
  #expect(try verdict(right, 0.8) == .consistent)
  guard case .miscalibrated(let found) = try verdict(right, 0.7) else {
    Issue.record("a wrong parameter was not seen")
    return
  }
  #expect(abs(found.values[0] - 0.8) < 4 * found.covariance[0, 0].squareRoot())
  #expect(try verdict(model(isLinear: true), 0.5).isStructural)
}
