import Determinism
import LinearAlgebra

/// Approximate Bayesian computation by adaptive population Monte Carlo: simulations whose statistics come nearest to the record's are kept,
/// weighted and moved, while the distance that is allowed shrinks; a regression on the statistics then takes off what distance is left.
///
/// The statistics are the linear regressions of the parameters on the summaries, from a pilot sample of the prior.
///
/// - Source: M. Lenormand, F. Jabot, G. Deffuant 2013, doi:10.1007/s00180-013-0428-3; statistics: P. Fearnhead, D. Prangle 2012,
///   doi:10.1111/j.1467-9868.2011.01010.x; adjustment: M. A. Beaumont, W. Zhang, D. J. Balding 2002, doi:10.1093/genetics/162.4.2025.
struct ApproximateBayes {
  let line: UnknownLine
  let record: LineObservation
  let events: Int

  init(_ line: UnknownLine, _ record: LineObservation, events: Int) { (self.line, self.record, self.events) = (line, record, events) }

  private struct Particle {
    var x: [Double]
    var statistics: [Double]
    var distance: Double
    var weight: Double
  }

  func run(_ stream: RandomStream) throws(InferenceError) -> CounterCalibration {
    let seen = Summaries.of(record)
    let simulator = RecordSimulator(line: line, record: record)
    let sampler = TemperedImportance(names: line.names, prior: line.prior)
    let d = line.prior.count
    var spent = 0
    var tries = 0
    func simulate(_ x: [Double]) -> [Double]? {
      tries += 1
      guard let run = simulator.simulate(x, seed: stream.split("seed").split(tries).seedWord) else { return nil }
      spent += run.events
      let figures = Summaries.of(run.record)
      return figures.count == seen.count && figures.allSatisfy(\.isFinite) ? figures : nil
    }
    // The pilot: a fifth of the budget.
    var luck = stream.split("draws")
    var pilot: [(x: [Double], summaries: [Double])] = []
    while (spent < events / 5 || pilot.count < 4 * seen.count) && tries < 100_000 {
      let x = line.prior.map { $0.center + $0.spread * luck.normal() }
      if let figures = simulate(x) { pilot.append((x, figures)) }
    }
    guard pilot.count > 2 * seen.count, let statistics = SummaryProjection(pilot.map(\.x), pilot.map(\.summaries), seen) else {
      throw .impossibleData
    }
    func particle(_ x: [Double], _ figures: [Double], _ weight: Double) -> Particle {
      let s = statistics.of(figures)
      return Particle(x: x, statistics: s, distance: s.reduce(0) { $0 + $1 * $1 }, weight: weight)
    }
    let kept = max(20 * d, min(500, pilot.count / 2))
    var population = pilot.map { particle($0.x, $0.summaries, 1) }.sorted { $0.distance < $1.distance }
    population = Array(population.prefix(kept))
    while spent < events && tries < 200_000 {
      let weights = population.map(\.weight)
      let sum = weights.reduce(0, +)
      let covariance = WeightedMoments.of(population.map(\.x), weights).covariance * 2
      guard let kernel = try? StudentProposal(mean: [Double](repeating: 0, count: d), scale: covariance, degrees: 30) else { break }
      let parents = Resampling.systematic(weights.map { $0 / sum }, count: kept, luck.uniform())
      var fresh: [Particle] = []
      for parent in parents where spent < events {
        let x = zip(population[parent].x, kernel.sample(&luck)).map { $0 + $1 }
        guard let figures = simulate(x) else { continue }
        let cover = population.reduce(0.0) { total, p in
          total + p.weight / sum * Portable.exp(kernel.logDensity(x.indices.map { x[$0] - p.x[$0] }))
        }
        fresh.append(particle(x, figures, Portable.exp(sampler.logPrior(x)) / max(cover, 1e-300)))
      }
      // Old weights add up to the prior's whole within the old distance; so do the new ones, by their own mean.
      population = (population + fresh).sorted { $0.distance < $1.distance }
      population = Array(population.prefix(kept))
    }
    let adjusted = adjust(population)
    return CounterCalibration(
      posterior: Posterior(names: line.names, draws: adjusted.draws, weights: adjusted.weights), method: .approximateBayes, events: spent,
      particles: kept)
  }

  /// Local-linear regression of the parameters on the statistics, by Epanechnikov's weights, read off at the record's own statistics (0).
  private func adjust(_ population: [Particle]) -> (draws: [[Double]], weights: [Double]) {
    let reach = population.map(\.distance).max()! * 1.0001 + 1e-12
    let weights = population.map { $0.weight * (1 - $0.distance / reach) }
    guard let fit = SummaryEmulator.leastSquares(population.map { [1] + $0.statistics }, population.map(\.x), weights: weights) else {
      return (population.map(\.x), weights)
    }
    let draws = population.map { p in
      p.x.indices.map { j in p.statistics.indices.reduce(p.x[j]) { $0 - fit[$1 + 1, j] * p.statistics[$1] } }
    }
    return (draws, weights)
  }
}
