import Determinism
import Simulation

/// Learns the parameters of one block of a seen row: tempered importance sampling on the exact likelihood of the completions that are
/// seen, times the filter's unbiased estimate for those that are not.
struct BlockLearner {
  let line: UnknownLine
  let row: SeenRow
  let block: SeenRow.Block
  let known: [Completions]
  let filter: RowFilter?
  private(set) var events = 0
  private(set) var particles: Int?

  init(line: UnknownLine, row: SeenRow, block: SeenRow.Block, known: [Completions], filter: RowFilter?) {
    (self.line, self.row, self.block, self.known, self.filter) = (line, row, block, known, filter)
  }

  /// The variance of the log-likelihood's estimate that is aimed at. Particle estimates have heavy tails where particles are few: one estimate
  /// far too high takes most of the weight, so importance sampling wants less noise than a Markov chain would.
  ///
  /// - Source: A. Doucet, M. K. Pitt, G. Deligiannidis, R. Kohn 2015, doi:10.1093/biomet/asu075, for chains: about 1.
  static let targetVariance = 0.15

  /// Fewer have an upper tail heavier than their variance says: one estimate far too high then takes much of the weight.
  static let leastParticles = 40

  static let mostDraws = 60_000

  /// Draws end when the posterior's means and deviations are known this well, in posterior deviations.
  static let wantedError = 0.02

  mutating func run(events budget: Int, _ stream: RandomStream) throws(InferenceError) -> Posterior {
    var sampler = TemperedImportance(
      names: block.parameters.map { line.parameters[$0].name }, prior: block.parameters.map { line.parameters[$0].prior })
    guard let filter else {
      sampler.final = 2000
      return try sampler.run(stream) { x, _ in closed(line.line(at: whole(x))) }
    }
    // A third of the budget finds the way in; the particles for it as the record's length asks.
    let parts = max(filter.departures.count, 1)
    let perParticle = parts * filter.unseen
    let wanted = min(max(parts / 100, 16), 400) * (filter.unseen == 1 ? 1 : 4)
    let count = max(8, min(wanted, budget / 3 / (perParticle * 12 * sampler.perRound)))
    let cover = try sampler.approach(stream.split("approach")) { x, luck in estimate(x, count, luck) }
    // Then as many particles as keep the estimate's noise from spoiling the weights, by place.
    let left = max(budget - events, budget / 5)
    let least = min(max(left / (perParticle * 2000), 8), BlockLearner.leastParticles)
    let map = particles(cover, count, least: least, stream.split("probe"))
    sampler.final = min(max(left / (perParticle * map.meanCount), 200), BlockLearner.mostDraws)
    sampler.wantedError = BlockLearner.wantedError
    particles = map.meanCount
    return try sampler.conclude(cover, stream.split("final")) { x, luck in estimate(x, map.count(at: x), luck) }
  }

  /// What the noise of the log-likelihood's estimate asks for at places spread over the posterior and its tails.
  private mutating func particles(_ cover: KernelCover, _ count: Int, least: Int, _ stream: RandomStream) -> ParticleMap {
    let places = cover.places(24)
    let counts = places.enumerated().map { k, place in
      let probes = (0..<6).map { estimate(place, count, stream.split(k).split($0)) }
      let mean = probes.reduce(0, +) / 6
      let variance = probes.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 5
      // Evenly spread particles (one unseen station) lose variance nearly as their number squared, random ones as their number.
      let excess = Portable.pow(max(variance, 1e-9) / BlockLearner.targetVariance, filter!.unseen == 1 ? 0.6 : 1)
      return max(least, Int((Double(count) * (variance.isFinite ? min(excess, 32) : 32)).rounded()))
    }
    return ParticleMap(places: places, counts: counts)
  }

  /// All parameters of the line, those of the block at x, the others at their priors' centre, which this block does not see.
  private func whole(_ x: [Double]) -> [Double] {
    var all = line.prior.map(\.center)
    for (j, p) in block.parameters.enumerated() { all[p] = x[j] }
    return all
  }

  private mutating func estimate(_ x: [Double], _ count: Int, _ luck: RandomStream) -> Double {
    let spec = line.line(at: whole(x))
    let found = filter!.logLikelihood(row.row(spec), particles: count, luck)
    events += found.events
    return found.value + closed(spec)
  }

  /// The log-likelihood of the completions that are seen.
  private func closed(_ spec: LineSpec) -> Double {
    if known.isEmpty { return 0 }
    let members = row.row(spec).stations
    return zip(block.closed, known).reduce(0) { $0 + $1.1.logLikelihood(members[row.unseen + $1.0]) }
  }
}
