import Determinism
import Testing

@testable import Inference

/// Two stations, buffer 5, and nothing seen but the line's own departures.
@Suite(.serialized, .enabled(if: isStudy)) struct CounterStudy {
  /// The default method's posterior against the exact one, with what either may be off by chance. The environment chooses the data sets: from
  /// `TAKT_STUDY_FIRST` (0) as many as `TAKT_STUDY_SETS` (10).
  @Test(arguments: [(1000, 10)])
  func theDefaultAgainstTheExactPosterior(parts: Int, sets: Int) throws {
    let line = TrueLine(stations: [.init(), .init()], capacities: [5])
    let unknown = try line.unknown(work: 1.2, failureInterval: 70, repair: 13, spread: 0.7)
    let chain = try LineChain(capacities: [5])
    let first = setting("TAKT_STUDY_FIRST", 0)
    var (misses, total) = (0, 0)
    for s in first..<(first + setting("TAKT_STUDY_SETS", sets)) {
      let departures = line.run(parts: parts, RandomStream(seed: 510).split(s)).departures[1]
      let intervals = departures.indices.map { departures[$0] - ($0 > 0 ? departures[$0 - 1] : 0) }
      var reference = TemperedImportance(names: unknown.names, prior: unknown.prior)
      (reference.final, reference.wantedError) = (60_000, 0.014)
      var begin = cpuSeconds()
      let exact = try reference.run(RandomStream(seed: 600).split(s)) { x, _ in chain.logLikelihood(intervals, x) }
      let exactSeconds = cpuSeconds() - begin
      begin = cpuSeconds()
      let record = LineObservation([.stamps(station: 1, departures)], span: departures[parts - 1])
      let found = try unknown.calibrate(from: record, seed: 700 + UInt64(s), method: .filter)
      say(
        "\(parts) parts, data set \(s): exact worth \(Int(exact.effectiveSampleSize)) of \(exact.draws.count) draws (\(text(exactSeconds, 1)) CPU s);",
        "\(found.method.rawValue) of \(found.particles!) particles worth \(Int(found.effectiveSampleSize)) of \(found.posterior.draws.count)",
        "(\(text(cpuSeconds() - begin, 1)) CPU s, \(found.events / 1_000_000) M events)")
      let (own, other) = (found.posterior.monteCarloError, exact.monteCarloError)
      for j in 0..<6 {
        let shift = (found.posterior.mean(j) - exact.mean(j)) / exact.deviation(j)
        let ratio = found.posterior.deviation(j) / exact.deviation(j)
        let passes = abs(shift) <= 0.1 && (0.9...1.1).contains(ratio)
        (misses, total) = (misses + (passes ? 0 : 1), total + 1)
        say(
          "  \(unknown.names[j]): exact mean \(text(exact.mean(j))) sd \(text(exact.deviation(j))), shift/sd \(text(shift)) ± \(text(own.ofMean[j]))",
          "± \(text(other.ofMean[j])), sd ratio \(text(ratio)) ± \(text(own.ofDeviation[j])) ± \(text(other.ofDeviation[j]))\(passes ? "" : " MISSED")"
        )
        #expect(passes)
      }
    }
    say("\(total - misses) of \(total) parameters within 0.1 deviations and 0.9 to 1.1 (± chance of the filter's draws, of the reference's)")
  }

  private static func row(_ x: [Double]) -> Row<ExponentialCompletion> {
    let m = x.map { Portable.exp($0) }
    return Row(stations: (0..<2).map { ExponentialCompletion(work: m[$0], failureInterval: m[2 + $0], repair: m[4 + $0]) }, capacities: [5])
  }

  /// Simulation-based calibration: parameters from the prior, data from them, and where the parameters stand in the posterior.
  ///
  /// - Source: S. Talts et al. 2018, arXiv:1804.06788.
  @Test func ranksAreUniform() throws {
    let prior =
      [1.0, 1.0].map { LognormalPrior(median: $0, spread: 0.5) } + [50.0, 50].map { LognormalPrior(median: $0, spread: 0.5) }
      + [6.0, 6].map { LognormalPrior(median: $0, spread: 0.5) }
    let names = ["work1", "work2", "failureInterval1", "failureInterval2", "repair1", "repair2"]
    var ranks = [[Double]](repeating: [], count: 6)
    let begin = cpuSeconds()
    var worth = 0.0
    for s in 0..<200 {
      var luck = RandomStream(seed: 800).split(s)
      let truth = prior.map { $0.center + $0.spread * luck.normal() }
      let m = truth.map { Portable.exp($0) }
      let line = TrueLine(stations: (0..<2).map { .init(work: m[$0], failureInterval: m[2 + $0], repair: m[4 + $0]) }, capacities: [5])
      let departures = line.run(parts: 150, luck.split("data")).departures[1]
      let filter = try RowFilter(departures: departures, unseen: 1)
      var sampler = TemperedImportance(names: names, prior: prior)
      (sampler.perRound, sampler.settledRounds, sampler.final) = (250, 2, 500)
      let found = try sampler.run(RandomStream(seed: 900).split(s)) { x, luck in filter.logLikelihood(Self.row(x), particles: 16, luck).value }
      worth += found.effectiveSampleSize / 200
      let kept = found.resampled(99, RandomStream(seed: 950).split(s))
      for j in 0..<6 {
        let below = kept.count { $0[j] < truth[j] }
        ranks[j].append((Double(below) + luck.uniform()) / 100)
      }
    }
    say("ranks of 200 prior draws, 150 parts, worth \(Int(worth)) draws each, CPU \(text((cpuSeconds() - begin) / 200, 2)) s each")
    for j in 0..<6 {
      let p = uniformity(ranks[j])
      say("  \(names[j]): p \(text(p.chiSquare)) (chi-square), \(text(p.kolmogorov)) (Kolmogorov-Smirnov)")
      #expect(p.chiSquare > 0.05 && p.kolmogorov > 0.05)
    }
  }
}
