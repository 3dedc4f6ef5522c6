import Determinism
import Simulation

/// How a line was learnt.
public enum CalibrationMethod: String, Sendable, Hashable, Codable, CaseIterable {
  /// Exact likelihood of stamps of all stations of a row: no simulation.
  case stamps
  /// Unseen stations are simulated, and weighed by the completion law of the seen station behind them (`RowFilter`). Exact in the limit of
  /// draws for any number of particles.
  case filter
  /// Gaussian law of summaries of whole simulated records, fitted over the parameters (`SyntheticLikelihood`). Knows every line and sight;
  /// sees what the summaries see.
  case syntheticLikelihood
  /// Sequential Monte Carlo by the distance of summaries, with regression adjustment (`ApproximateBayes`). As the one before, and needs
  /// more simulations for the same accuracy; kept for lines whose summaries are far from Gaussian.
  case approximateBayes
}

/// What calibration from counters gives: draws of the parameters, what they are worth, and what they cost.
public struct CounterCalibration: Sendable, Hashable {
  public var posterior: Posterior
  public var method: CalibrationMethod
  /// Timed events simulated.
  public var events: Int
  /// How many independent draws the posterior's draws are worth.
  public var effectiveSampleSize: Double { posterior.effectiveSampleSize }
  /// Particles of the last draws; nil where the method has none.
  public var particles: Int?
}

extension UnknownLine {
  /// Learns the parameters from what was seen: stamps, counters, buffer levels.
  ///
  /// The method is chosen by what is seen, best first (figures: Benchmarks/calibration): exact stamps, the filter, synthetic likelihood.
  /// - Parameters:
  ///   - events: timed events to spend, about. Nil: what the study of accuracy asks for; at most 2,000,000 for each part and unseen
  ///     station where the filter learns (and 6·10⁹ in all, minutes of one core; it ends earlier once the posterior is known well enough), 60 million where
  ///     summaries do. Too few show in the posterior's `monteCarloError`.
  ///   - method: nil: the best that knows the line and the record.
  /// - Throws: `InferenceError.unfitData`, `.unfitLine` where the method asked for does not know the line, `.impossibleData`.
  public func calibrate(
    from record: LineObservation, events: Int? = nil, seed: UInt64, method: CalibrationMethod? = nil
  ) throws(InferenceError) -> CounterCalibration {
    try record.check(stations: base.stations.count, buffers: base.buffers.count)
    let stream = RandomStream(seed: seed, "calibration")
    let row = try SeenRow(base, record)
    let best: CalibrationMethod = row.map { $0.unseen == 0 ? .stamps : .filter } ?? .syntheticLikelihood
    switch method ?? best {
    case .stamps, .filter:
      guard let row else { throw .unfitLine(["it is no row of exponential stations of which the last are seen by stamps"]) }
      let parts = row.stamps.departures[0].count
      return try learn(row, events: events ?? min(2_000_000 * parts * max(row.unseen, 1), 6_000_000_000), stream)
    case .syntheticLikelihood:
      return try SyntheticLikelihood(self, record, events: events ?? 60_000_000).run(stream)
    case .approximateBayes:
      return try ApproximateBayes(self, record, events: events ?? 60_000_000).run(stream)
    }
  }

  // MARK: - Rows

  private func learn(_ row: SeenRow, events budget: Int, _ stream: RandomStream) throws(InferenceError) -> CounterCalibration {
    var found: [(parameters: [Int], posterior: Posterior)] = []
    var spent = 0
    var particles: Int?
    for block in row.blocks(parameters) {
      let own = stream.split("block").split(block.parameters[0])
      let known = block.closed.map { row.stamps.completions(of: $0) }
      if !block.hasFilter, let posterior = try station(block, row, known, own) {
        found.append((block.parameters, posterior))
        continue
      }
      var learner = BlockLearner(line: self, row: row, block: block, known: known, filter: block.hasFilter ? try row.filter() : nil)
      found.append((block.parameters, try learner.run(events: budget, own)))
      spent += learner.events
      particles = particles ?? learner.particles
    }
    return CounterCalibration(
      posterior: joined(found, stream.split("join")), method: row.unseen == 0 ? .stamps : .filter, events: spent, particles: particles)
  }

  /// A block that is one station with its three means has the quicker way.
  private func station(
    _ block: SeenRow.Block, _ row: SeenRow, _ known: [Completions], _ stream: RandomStream
  ) throws(InferenceError) -> Posterior? {
    guard known.count == 1, block.parameters.count == 3, block.parameters.allSatisfy({ parameters[$0].places.count == 1 }) else { return nil }
    let order = [LineParameter.Quantity.work, .failureInterval, .repair].compactMap { quantity in
      block.parameters.first { parameters[$0].places[0].quantity == quantity }
    }
    guard order.count == 3 else { return nil }
    let found = try StampPosterior.station(known[0], prior: order.map { parameters[$0].prior }, draws: 1000, stream)
    let places = block.parameters.map { order.firstIndex(of: $0)! }
    return Posterior(
      names: block.parameters.map { parameters[$0].name }, draws: found.draws.map { draw in places.map { draw[$0] } }, weights: found.weights,
      logEvidence: found.logEvidence)
  }

  /// Blocks are independent given the data: their draws may stand beside each other in any pairing.
  private func joined(_ blocks: [(parameters: [Int], posterior: Posterior)], _ stream: RandomStream) -> Posterior {
    if blocks.count == 1 { return blocks[0].posterior }
    let count = blocks.map { $0.posterior.draws.count }.max()!
    var draws = [[Double]](repeating: [Double](repeating: 0, count: parameters.count), count: count)
    for (b, block) in blocks.enumerated() {
      var luck = stream.split(b)
      var own = block.posterior.resampled(count, luck)
      luck.shuffle(&own)
      for (i, draw) in own.enumerated() { for (j, p) in block.parameters.enumerated() { draws[i][p] = draw[j] } }
    }
    let evidence = blocks.reduce(Double?(0)) { sum, block in sum.flatMap { s in block.posterior.logEvidence.map { s + $0 } } }
    return Posterior(names: names, draws: draws, weights: [Double](repeating: 1, count: count), logEvidence: evidence)
  }
}
