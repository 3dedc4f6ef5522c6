import Determinism

/// Learns a line from summaries of whole simulated records, whose law over the parameters is fitted to the simulations (an emulated
/// synthetic likelihood): round by round, the simulations move to where the posterior lies, and the law is fitted there.
///
/// The summaries are first made into as many statistics as there are parameters, by a regression on the simulations of the round before:
/// one fitted to the same simulations would flatter itself.
///
/// - Source: S. Wood 2010, doi:10.1038/nature09319; emulated: E. Meeds, M. Welling 2014, arXiv:1401.2838; sequential rounds:
///   G. Papamakarios et al. 2019, arXiv:1805.07226.
struct SyntheticLikelihood {
  let line: UnknownLine
  let record: LineObservation
  let events: Int
  static let rounds = 6

  init(_ line: UnknownLine, _ record: LineObservation, events: Int) { (self.line, self.record, self.events) = (line, record, events) }

  func run(_ stream: RandomStream) throws(InferenceError) -> CounterCalibration {
    let seen = Summaries.of(record)
    let simulator = RecordSimulator(line: line, record: record)
    var sampler = TemperedImportance(names: line.names, prior: line.prior)
    sampler.settledRounds = 3
    sampler.final = 3000
    let d = line.prior.count
    let least = max(3 * (1 + d + d * (d + 1) / 2), 3 * seen.count)
    var spent = 0
    var cover = KernelCover(prior: line.prior)
    var posterior: Posterior?
    var last: (draws: [[Double]], summaries: [[Double]]) = ([], [])
    for round in 0..<SyntheticLikelihood.rounds {
      let own = stream.split("round").split(round)
      // An even share of what is left; the last rounds' fits take in the draws of their own round only.
      let share = (events - spent) / (SyntheticLikelihood.rounds - round)
      var draws: [[Double]] = []
      var summaries: [[Double]] = []
      var used = 0
      var luck = own.split("draws")
      var k = 0
      let wanted = round == 0 ? 2 * least : least
      while (used < share || draws.count < wanted) && k < 100_000 {
        let x = cover.sample(&luck)
        k += 1
        guard let run = simulator.simulate(x, seed: own.split("seed").split(k).seedWord) else { continue }
        used += run.events
        let figures = Summaries.of(run.record)
        if figures.count == seen.count && figures.allSatisfy(\.isFinite) {
          draws.append(x)
          summaries.append(figures)
        }
      }
      spent += used
      guard draws.count >= wanted else { throw .impossibleData }
      // The first round is its own round before: half of it makes the statistics.
      let half = draws.count / 2
      if round == 0 { last = (Array(draws[..<half]), Array(summaries[..<half])) }
      guard let statistics = SummaryProjection(last.draws, last.summaries, seen) else { throw .impossibleData }
      last = (draws, summaries)
      var near: (draws: [[Double]], statistics: [[Double]]) = (draws, summaries.map(statistics.of))
      if round == 0 { near = (Array(near.draws[half...]), Array(near.statistics[half...])) }
      if round < 2 { near = SyntheticLikelihood.nearest(near.draws, near.statistics, least: least / 2) }
      guard let emulator = SummaryEmulator(near.draws, near.statistics) else { throw .impossibleData }
      let origin = [Double](repeating: 0, count: d)
      let likelihood = { (x: [Double], _: RandomStream) in emulator.logLikelihood(origin, x) }
      cover = try sampler.approach(own.split("approach"), likelihood)
      if round == SyntheticLikelihood.rounds - 1 { posterior = try sampler.conclude(cover, own.split("final"), likelihood) }
    }
    let found = posterior!
    // A fitted likelihood has no scale that another method could compare.
    return CounterCalibration(
      posterior: Posterior(names: found.names, draws: found.draws, weights: found.weights), method: .syntheticLikelihood, events: spent,
      particles: nil)
  }

  /// In the early rounds, drawn widely, the half of the simulations whose statistics come nearest to the record's (0): a quadratic holds
  /// near by.
  private static func nearest(_ draws: [[Double]], _ statistics: [[Double]], least: Int) -> (draws: [[Double]], statistics: [[Double]]) {
    let distances = statistics.map { $0.reduce(0) { $0 + $1 * $1 } }
    let kept = draws.indices.sorted { distances[$0] < distances[$1] }.prefix(max(least, draws.count / 2))
    return (kept.map { draws[$0] }, kept.map { statistics[$0] })
  }
}

extension RandomStream {
  /// The first word of the stream, as a seed for a simulation.
  var seedWord: UInt64 {
    var stream = self
    return stream.next()
  }
}
