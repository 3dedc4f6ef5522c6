import Determinism
import Estimation
import Filtering
public import LineModel
import LinearAlgebra
import PlantModel

extension Twin {
  /// For each station whose scrap depends on process variables: whether the response's form can be right, and if not, the correction that an
  /// optimiser needs. Computed when asked for, some milliseconds a station.
  ///
  /// Counts at unchanged set-points over the memory are held against the response, its parameters free (`MismatchTest`, binomial noise); one
  /// right response in a thousand is called structural. Evidence under half of the noise is let pass: shares of few rejects are skew.
  public var scrapMismatches: [ScrapMismatch] {
    plant.stations.indices.compactMap { s in roles.scrapVariables[s].isEmpty || calibrator.stations[s].parts == 0 ? nil : scrapMismatch(s) }
  }

  /// The corrections of the responses that are wrong in form: what optimisers add to the posterior.
  public var scrapModifiers: [ScrapModifier] { scrapMismatches.compactMap(\.modifier) }

  /// The posterior as optimisers and proofs use it: each draw with the corrections added.
  public var correctedDraws: [LineParameters] {
    let (modifiers, names) = (scrapModifiers, plant.stations.map(\.name))
    return modifiers.isEmpty ? calibration.draws : calibration.draws.map { $0.corrected(by: modifiers, stations: names) }
  }

  private func scrapMismatch(_ s: Int) -> ScrapMismatch {
    let stretches = scrapStretches(of: s, minutes: 10)
    var found = ScrapMismatch(station: plant.stations[s].name, verdict: .untested, evidence: [], stretches: stretches.count, modifier: nil)
    let ranges = roles.scrapVariables[s].map { roles.variables[$0].range! }
    // Nothing can be said of a variable that has not moved by a twentieth of its range.
    let moved = ranges.indices.filter { j in
      let values = stretches.map { $0.values[j] }
      return (values.max() ?? 0) - (values.min() ?? 0) > 0.05 * (ranges[j].upperBound - ranges[j].lowerBound)
    }
    guard !moved.isEmpty else { return found }
    let draws = calibrator.scrap[s].draws(configuration.draws)
    func misfit(_ draw: ScrapPosterior.Draw) -> Double {
      stretches.reduce(0) { sum, stretch in
        let p = draw.share(ratio: stretch.ratio, values: stretch.values)
        return sum + (stretch.share - p) * (stretch.share - p) / stretch.variance(at: p)
      }
    }
    guard let best = draws.min(by: { misfit($0) < misfit($1) }) else { return found }
    // The size of the noise is that of the posterior's best, so that a parameter cannot explain a residual by making it noisier.
    let deviations = stretches.map { $0.variance(at: best.share(ratio: $0.ratio, values: $0.values)).squareRoot() }
    func response(_ p: [Double]) -> ScrapPosterior.Draw {
      var draw = best
      draw.base = p[0]
      for (k, j) in moved.enumerated() { (draw.optima[j], draw.curvatures[j]) = (p[1 + 2 * k], p[2 + 2 * k]) }
      return draw
    }
    var (present, steps, bounds) = ([best.base], [1e-4], [0.0...0.9])
    for j in moved {
      let width = ranges[j].upperBound - ranges[j].lowerBound
      present += [best.optima[j], best.curvatures[j]]
      steps += [1e-3 * width, 1e-3 / (width * width)]
      bounds += [ranges[j], 0.0...(1000 / (width * width))]
    }
    let inputs = stretches.map { stretch in [stretch.ratio] + moved.map { stretch.values[$0] } }
    let varies = (inputs.map { $0[0] }.max() ?? 1) - (inputs.map { $0[0] }.min() ?? 1) > 0.01
    let test = MismatchTest(level: 0.001, lags: 3, noiseIsKnown: true, negligibleSize: 0.5)
    let assessed = try? test.assess(
      present: present, steps: steps, bounds: bounds, inputs: varies ? inputs : inputs.map { Array($0.dropFirst()) }
    ) { p throws(FilteringError) -> [[Double]] in
      let draw = response(p)
      return stretches.indices.map { i in [(stretches[i].share - draw.share(ratio: stretches[i].ratio, values: stretches[i].values)) / deviations[i]]
      }
    }
    guard let assessed else { return found }
    switch assessed.verdict {
    case .consistent: found.verdict = .consistent
    case .miscalibrated: found.verdict = .miscalibrated
    case .structural(let evidence):
      found.verdict = .structural
      found.evidence = evidence.map { .init(kind: "\($0.kind)", pValue: $0.pValue, size: $0.size) }
      found.modifier = scrapModifier(s, moved, ranges, draws)
    }
    return found
  }

  /// Plant less model about the present values, from stretches of up to an hour; the model is what an optimiser sees, the mean of the draws.
  private func scrapModifier(_ s: Int, _ moved: [Int], _ ranges: [ClosedRange<Double>], _ draws: [ScrapPosterior.Draw]) -> ScrapModifier? {
    let stretches = scrapStretches(of: s, minutes: 60)
    guard let present = stretches.last else { return nil }
    let mean = stretches.reduce(0) { $0 + $1.rejects } / max(stretches.reduce(0) { $0 + $1.parts }, 1)
    let size = 0.5 * mean + 0.005
    let estimator = ModifierEstimator(
      scales: moved.map { (ranges[$0].upperBound - ranges[$0].lowerBound) / 8 },
      priors: [.init(bias: size, gradient: size, curvature: size / 2)], staleness: 0.01 * mean * mean)
    let observations = stretches.map { stretch in
      PlantObservation(
        inputs: moved.map { stretch.values[$0] }, values: [stretch.share], variances: [stretch.variance(at: stretch.share)], age: stretch.age)
    }
    func model(_ u: [Double]) throws(FilteringError) -> [Double] {
      var values = present.values
      for (k, j) in moved.enumerated() { values[j] = u[k] }
      return [draws.reduce(0) { $0 + $1.share(ratio: present.ratio, values: values) } / Double(draws.count)]
    }
    let base = moved.map { present.values[$0] }
    guard let found = (try? estimator.modifiers(at: base, observations, model: model))?.first else { return nil }
    return ScrapModifier(
      station: plant.stations[s].name, bias: found.bias,
      slopes: moved.enumerated().map { k, j in
        .init(
          variable: roles.variables[roles.scrapVariables[s][j]].tag, base: base[k], gradient: found.gradient[k],
          deviation: max(0, found.covariance[1 + k, 1 + k]).squareRoot())
      })
  }
}
