import Determinism
import LinearAlgebra
import Testing

@testable import Filtering

@Suite struct ModifierTests {
  private let estimator = ModifierEstimator(
    scales: [2, 0.5], priors: [.init(bias: 100, gradient: 100, curvature: 20), .init(bias: 10, gradient: 10, curvature: 2)])

  /// Plant − model is a plane: bias and gradient of both values are found, in the inputs' own units, and correction and variance are consistent.
  @Test func aPlaneIsFound() throws {
    var stream = RandomStream(seed: 41, "plane")
    let plant = { (u: [Double]) in [7 + 3 * u[0] - 2 * u[1] + u[0] * u[0], 1 - u[1]] }
    let observations = (0..<40).map { _ in
      let u = [stream.uniform(9, 11), stream.uniform(0.75, 1.25)]
      return PlantObservation(inputs: u, values: plant(u).map { $0 + 0.01 * stream.normal() }, variances: [1e-4, 1e-4])
    }
    let modifiers = try estimator.modifiers(at: [10, 1], observations) { (u) throws(FilteringError) in [u[0] * u[0], 0] }
    #expect(abs(modifiers[0].bias - 35) < 0.05 && abs(modifiers[0].gradient[0] - 3) < 0.05 && abs(modifiers[0].gradient[1] + 2) < 0.2)
    #expect(abs(modifiers[1].bias) < 0.05 && abs(modifiers[1].gradient[1] + 1) < 0.2)
    #expect(abs(modifiers[0].correction(at: [11, 1.25]) - (35 + 3 - 0.5)) < 0.1)
    #expect(modifiers[0].variance(at: [10, 1]) < modifiers[0].variance(at: [11, 1]))
  }

  /// The covariance is honest: over many noisy sets errors of the gradient have the size that it says.
  @Test func theGradientsUncertaintyIsHonest() throws {
    var squares: [Double] = []
    for seed in 0..<200 {
      var stream = RandomStream(seed: 42, "honest").split(seed)
      // A truth drawn from the prior.
      let (bias, g0, g1, c) = (100 * stream.normal(), 100 * stream.normal(), 100 * stream.normal(), 20 * stream.normal())
      let observations = (0..<6).map { _ in
        let d = [stream.uniform(-0.5, 0.5), stream.uniform(-0.5, 0.5)]
        let value = bias + g0 * d[0] + g1 * d[1] + c * d[0] * d[1] + 0.5 * stream.normal()
        return PlantObservation(inputs: [2 * d[0], 0.5 * d[1]], values: [value, 0], variances: [0.25, 1])
      }
      let m = try estimator.modifiers(at: [0, 0], observations) { (_) throws(FilteringError) in [0, 0] }[0]
      let belief = Gaussian(mean: [m.bias] + m.gradient, covariance: m.covariance)
      squares.append(try belief.normalizedErrorSquared(of: [bias, g0 / 2, g1 / 0.5]))
    }
    // The prior's other curvatures, which the truth lacks, and the cubic make it careful: at most the band's upper end, and not idle.
    let average = squares.reduce(0, +) / 200
    #expect(average < ConsistencyBand(dimension: 3, count: 200, level: 0.99).high && average > 1)
  }

  /// Without observations a modifier is its prior; observations that make no sense are refused.
  @Test func withoutObservationsItIsThePrior() throws {
    let modifier = try estimator.modifiers(at: [0, 0], []) { (_) throws(FilteringError) in [0, 0] }[0]
    #expect(modifier.bias == 0 && abs(modifier.covariance[1, 1] - 2500) < 1e-9)
    let bad = PlantObservation(inputs: [0], values: [1, .nan], variances: [0, 1])
    #expect(throws: FilteringError.self) { try estimator.modifiers(at: [0, 0], [bad]) { (_) throws(FilteringError) in [0, 0] } }
  }

  /// The reactor whose model lacks a reaction: the model's own optimum loses profit, a few modified steps win nearly all of it back.
  @Test func modifiersLeadAWrongModelToThePlantsOptimum() throws {
    let plant = try ReactorOptimum.plant()
    #expect(abs(plant.profit - 190.98) < 0.05 && abs(plant.inputs[0] - 4.787) < 0.02 && abs(plant.inputs[1] - 89.7) < 0.2)
    let run = try ReactorOptimum.run(logFactors: [0, 0], iterations: 8, noise: 0, RandomStream(seed: 43, "optimum"))
    #expect(plant.profit - run.profits[0] > 10)
    #expect(plant.profit - run.profits[run.profits.count - 1] < 1)
  }
}
