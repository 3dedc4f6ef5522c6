import Continuous
import Determinism
import LinearAlgebra
import Testing

@testable import Filtering

/// x ← 0.9·x + 0.2·w, w ← 0.8·w: linear, so that a Kalman filter knows the answer.
private struct Pair: StateSpaceModel {
  var stateCount: Int { 2 }
  var outputCount: Int { 1 }
  static let matrix = Matrix([[0.9, 0.2], [0, 0.8]])
  func advance(
    _ x: [Double], parameters: [Double], input: [Double], from start: Double, to end: Double
  ) throws(FilteringError) -> [Double] {
    if x[0] > 1e3 { throw .model("too far") }
    return Pair.matrix * x
  }
  func outputs(_ x: [Double], parameters: [Double], input: [Double], at t: Double) throws(FilteringError) -> [Double] { [x[0] - x[1]] }
}

/// ẋ = −k·x² + u: a tank whose outflow coefficient k is not known.
private struct Draining: DifferentialEquation {
  var coefficient: Double
  var inflow: Double
  var stateCount: Int { 1 }
  func derivative(at t: Double, _ x: Span<Double>, into dx: inout MutableSpan<Double>) { dx[0] = inflow - coefficient * x[0] * x[0] }
}

@Suite struct NonlinearTests {
  private let prior = AugmentedPrior(
    state: Gaussian(mean: [1, 2], covariance: Matrix([[1, 0.3], [0.3, 0.5]])), diffusion: Matrix([[0.1, 0.02], [0.02, 0.2]]))

  /// On a linear model the unscented filter is the Kalman filter, and a large ensemble comes near it.
  @Test func onALinearModelAllFiltersAgree() throws {
    var exact = KalmanFilter(prior.state)
    var unscented = UnscentedFilter(Pair(), prior: prior, at: 0)
    var ensemble = try EnsembleFilter(Pair(), prior: prior, members: 2000, at: 0, stream: RandomStream(seed: 4, "ensemble"))
    let step = LinearTransition(state: Pair.matrix, noise: prior.diffusion)
    let sensor = LinearSensor(matrix: Matrix([[1, -1]]), noise: Matrix([[0.2]]))
    for (k, y) in [0.3, nil, -0.8, 1.1].enumerated() as EnumeratedSequence<[Double?]> {
      exact.predict(step)
      try unscented.predict(to: Double(k + 1))
      try ensemble.predict(to: Double(k + 1))
      let seen = try exact.update([y], sensor)
      let mine = try unscented.update([y], noise: sensor.noise)
      try ensemble.update([y], variances: [0.2])
      #expect(abs((seen?.logLikelihood ?? 0) - (mine?.logLikelihood ?? 0)) < 1e-12)
    }
    #expect(distance(exact.state.covariance, unscented.state.covariance) < 1e-12)
    #expect(distance(exact.state.covariance, ensemble.state.covariance) < 0.04)
    for i in 0..<2 {
      #expect(abs(exact.state.mean[i] - unscented.state.mean[i]) < 1e-12)
      #expect(abs(exact.state.mean[i] - ensemble.state.mean[i]) < 0.06)
    }
  }

  /// A grey-box parameter is learned from a differential equation, by both filters, to within what they say themselves.
  @Test func aParameterOfAnEquationIsLearned() throws {
    let model = EquationModel(stateCount: 1, outputCount: 1, tolerance: Tolerance(relative: 1e-6, absolute: 1e-8)) { p, u in
      Draining(coefficient: p[0], inflow: u[0])
    } outputs: { x, _, _ in
      [x[0]]
    }
    let prior = AugmentedPrior(
      state: Gaussian(mean: [1], deviations: [0.3]), parameters: Gaussian(mean: [0.5], deviations: [0.2]), diffusion: Matrix([[1e-6]]))
    var unscented = UnscentedFilter(model, prior: prior, at: 0)
    var ensemble = try EnsembleFilter(model, prior: prior, members: 40, at: 0, stream: RandomStream(seed: 9, "tank"))
    var stream = RandomStream(seed: 10, "tank")
    let truth = 0.75
    var x = [1.2]
    for k in 0..<25 {
      let (t, input) = (Double(k), [k % 10 < 5 ? 1.0 : 0.2])
      x = try model.advance(x, parameters: [truth], input: input, from: t, to: t + 1)
      let y = x[0] + 0.03 * stream.normal()
      try unscented.predict(to: t + 1, input: input)
      try unscented.update([y], noise: Matrix([[0.0009]]), input: input)
      try ensemble.predict(to: t + 1, input: input)
      try ensemble.update([y], variances: [0.0009], input: input)
    }
    for belief in [unscented.parameters, ensemble.parameters] {
      let belief = try #require(belief)
      #expect(belief.deviation(0) < 0.03)
      #expect(abs(belief.mean[0] - truth) < 3.5 * belief.deviation(0))
    }
  }

  /// A model that cannot follow leaves the filter where it stood.
  @Test func aModelThatFailsLeavesTheFilterAsItWas() throws {
    let far = AugmentedPrior(state: Gaussian(mean: [1e4, 0], deviations: [1, 1]), diffusion: Matrix([[0.1, 0], [0, 0.1]]))
    var filter = UnscentedFilter(Pair(), prior: far, at: 0)
    #expect(throws: FilteringError.model("too far")) { try filter.predict(to: 1) }
    #expect(filter.time == 0 && filter.joint == far.joint)
  }
}
