import Continuous
import Determinism
import LinearAlgebra
import Testing

@testable import Filtering

/// ẋ = −k·x² + u, with the solver's own steps.
private struct Tank: DifferentialEquation {
  var coefficient: Double
  var inflow: Double
  var stateCount: Int { 1 }
  func derivative(at t: Double, _ x: Span<Double>, into dx: inout MutableSpan<Double>) { dx[0] = inflow - coefficient * x[0] * x[0] }
}

/// CPU microseconds of one step, predict and update, of each filter.
@Suite(.enabled(if: studiesRun)) struct FilterCostStudy {
  @Test(arguments: [1, 2, 4, 8])
  func linear(states: Int) throws {
    let step = LinearTransition(state: Matrix.identity(states) * 0.9, noise: Matrix.identity(states) * 0.1)
    let sensor = LinearSensor(matrix: Matrix(rows: 1, columns: states, repeating: 1), noise: Matrix([[0.3]]))
    var filter = KalmanFilter(Gaussian(mean: Array(repeating: 0, count: states), covariance: .identity(states)))
    let begun = processorSeconds()
    for k in 0..<20_000 {
      filter.predict(step)
      try filter.update([Double(k % 5)], sensor)
    }
    print("Kalman, \(states) states: \(column((processorSeconds() - begun) * 1e6 / 20_000, 2)) us a step")
    #expect(filter.state.mean[0].isFinite)
  }

  @Test func nonlinear() throws {
    let model = EquationModel(stateCount: 1, outputCount: 1) { p, u in
      Tank(coefficient: p[0], inflow: u[0])
    } outputs: { x, _, _ in
      [x[0]]
    }
    let prior = AugmentedPrior(
      state: Gaussian(mean: [1], deviations: [0.3]), parameters: Gaussian(mean: [0.5], deviations: [0.2]), diffusion: Matrix([[1e-6]]))
    var unscented = UnscentedFilter(model, prior: prior, at: 0)
    var ensemble = try EnsembleFilter(model, prior: prior, members: 40, at: 0, stream: RandomStream(seed: 1, "cost"))
    var begun = processorSeconds()
    for k in 0..<500 {
      try unscented.predict(to: Double(k + 1), input: [1])
      try unscented.update([1.1], noise: Matrix([[0.01]]), input: [1])
    }
    print("unscented, 1 state + 1 parameter, equation solved to 1e-8: \(column((processorSeconds() - begun) * 1e6 / 500, 1)) us a step")
    begun = processorSeconds()
    for k in 0..<200 {
      try ensemble.predict(to: Double(k + 1), input: [1])
      try ensemble.update([1.1], variances: [0.01], input: [1])
    }
    print("ensemble of 40, the same: \(column((processorSeconds() - begun) * 1e6 / 200, 1)) us a step")
    var tracker = OptimumTracker(range: 150...210, bases: [0.01, 0.02, 0.04], losses: [0.1, 0.2, 0.4, 0.8], wander: 1)
    begun = processorSeconds()
    for k in 0..<200 {
      tracker.pass(1)
      tracker.take(value: 180 + Double(k % 7), rejects: 20, parts: 800)
    }
    print("optimum tracker, 101 x 3 x 4: \(column((processorSeconds() - begun) * 1e6 / 200, 1)) us a count")
    #expect(unscented.state.mean[0].isFinite && ensemble.state.mean[0].isFinite && tracker.belief.mean.isFinite)
  }
}
