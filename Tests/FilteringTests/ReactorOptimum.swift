import ContinuousPlants
import Determinism
import Filtering

/// Optimising the Williams–Otto reactor with a model that lacks a reaction: F_B in 3 … 6 kg/s, T in 70 … 100 °C.
enum ReactorOptimum {
  static func profit(_ kinetics: WilliamsOtto.Kinetics, _ logFactors: [Double], _ u: [Double]) throws(FilteringError) -> Double {
    do {
      return try WilliamsOtto(kinetics: kinetics, logFactors: logFactors, feed: u[0], temperature: u[1]).steadyProfit()
    } catch {
      throw .model("\(error)")
    }
  }

  static func plant() throws -> (inputs: [Double], profit: Double) {
    let u = try WilliamsOtto.maximum(from: [4.5, 85]) { try profit(.threeReactions, [0, 0, 0], $0) }
    return (u, try profit(.threeReactions, [0, 0, 0], u))
  }

  struct Run {
    /// The operating points, from the model's own optimum on, and what the plant really earns there.
    var inputs: [[Double]]
    var profits: [Double]
  }

  /// Modifier adaptation from the model's own optimum: each step moves at most 0.4 scaled units; each second step, a trial beside the path keeps
  /// the gradient known. `noise` is the deviation of a measured profit.
  static func run(logFactors: [Double], iterations: Int, noise: Double, _ stream: RandomStream) throws -> Run {
    var stream = stream
    let estimator = ModifierEstimator(scales: WilliamsOtto.scales, priors: [.init(bias: 200, gradient: 200, curvature: 40)])
    let model = { (u: [Double]) throws(FilteringError) in try profit(.twoReactions, logFactors, u) }
    var observations: [PlantObservation] = []
    func observe(_ u: [Double]) throws -> Double {
      let value = try profit(.threeReactions, [0, 0, 0], u)
      observations.append(PlantObservation(inputs: u, values: [value + noise * stream.normal()], variances: [max(noise * noise, 1e-6)]))
      return value
    }
    var u = try WilliamsOtto.maximum(from: [4.5, 85], model)
    var run = Run(inputs: [u], profits: [try observe(u)])
    for j in 0..<2 {
      // Beside the start, towards the inside of the range.
      var trial = u
      trial[j] += (u[j] < 0.5 * (WilliamsOtto.ranges[j].lowerBound + WilliamsOtto.ranges[j].upperBound) ? 0.2 : -0.2) * WilliamsOtto.scales[j]
      _ = try observe(trial)
    }
    for k in 0..<iterations {
      let modifier = try estimator.modifiers(at: u, observations) { (v) throws(FilteringError) in [try model(v)] }[0]
      u = try WilliamsOtto.maximum(from: u, radius: 0.4) { try model($0) + modifier.correction(at: $0) }
      run.inputs.append(u)
      run.profits.append(try observe(u))
      if k % 2 == 1 {
        var trial = u
        let j = k / 2 % 2
        trial[j] = min(
          max(trial[j] + (k / 4 % 2 == 0 ? 0.2 : -0.2) * WilliamsOtto.scales[j], WilliamsOtto.ranges[j].lowerBound), WilliamsOtto.ranges[j].upperBound
        )
        _ = try observe(trial)
      }
    }
    return run
  }
}
