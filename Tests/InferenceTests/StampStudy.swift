import Determinism
import Testing

@testable import Inference

/// Weak priors, off the truth by a third to a half, a factor of four and a half wide either way.
private let prior = [LognormalPrior(median: 1.4, spread: 1.5), LognormalPrior(median: 60, spread: 1.5), LognormalPrior(median: 15, spread: 1.5)]

@Suite(.serialized, .enabled(if: isStudy)) struct StampStudy {
  /// Departure stamps of one saturated station, 10,000 parts. Coverage over the first 200 data sets; errors over more, for less noise.
  @Test func oneSaturatedStationAgainstTheLimit() throws {
    let line = TrueLine(stations: [.init()], capacities: [])
    let truth = line.stations[0].logs
    let sets = setting("TAKT_STUDY_SETS", 1000)
    var information = Information()
    var scores = [Score](repeating: Score(), count: 3)
    var first = scores
    let begin = cpuSeconds()
    var worth = 0.0
    for s in 0..<sets {
      let (departures, _) = line.run(parts: 10_000, RandomStream(seed: 100).split(s))
      let known = try RowStamps(departures: departures, capacities: [], origin: 0).completions(of: 0)
      information.add(known, at: truth)
      let posterior = try StampPosterior.station(known, prior: prior, draws: 400, RandomStream(seed: 200).split(s))
      worth += posterior.effectiveSampleSize / Double(sets)
      for j in 0..<3 {
        scores[j].add(posterior, j, truth: truth[j])
        if s < 200 { first[j].add(posterior, j, truth: truth[j]) }
      }
    }
    let limits = information.limits(dataSets: sets)
    say(
      "one saturated station, 10,000 parts, \(sets) data sets, CPU \(text((cpuSeconds() - begin) / Double(sets))) s each, worth \(Int(worth)) draws")
    for j in 0..<3 {
      say(
        "  \(StampPosterior.names[j]): limit \(text(100 * limits[j], 2)) %, RMSE/limit \(text(scores[j].rmse / limits[j])),",
        "coverage of 90 %: \(text(scores[j].coverage)) (first 200: \(text(first[j].coverage)), RMSE/limit \(text(first[j].rmse / limits[j])))")
      #expect(scores[j].rmse / limits[j] <= 1.05)
      #expect((0.85...0.95).contains(first[j].coverage))
    }
  }

  /// Stamps of ten stations, buffers of 10.
  @Test func tenStationsAgainstTheLimit() throws {
    let line = TrueLine(stations: (0..<10).map { _ in .init() }, capacities: [Int](repeating: 10, count: 9))
    let truth = line.stations[0].logs
    let sets = setting("TAKT_STUDY_SETS", 200)
    var information = [Information](repeating: Information(), count: 10)
    var scores = [[Score]](repeating: [Score](repeating: Score(), count: 3), count: 10)
    var blocked = [Double](repeating: 0, count: 10)
    let begin = cpuSeconds()
    for s in 0..<sets {
      let (departures, _) = line.run(parts: 10_000, RandomStream(seed: 300).split(s))
      let stamps = try RowStamps(departures: departures, capacities: line.capacities, origin: 0)
      for i in 0..<10 {
        let known = stamps.completions(of: i)
        #expect(known.contradictory == 0)
        blocked[i] += Double(known.bounded.count) / 10_000 / Double(sets)
        information[i].add(known, at: truth)
        let posterior = try StampPosterior.station(known, prior: prior, draws: 300, RandomStream(seed: 400).split(s).split(i))
        for j in 0..<3 { scores[i][j].add(posterior, j, truth: truth[j]) }
      }
    }
    say("ten stations, 10,000 parts, \(sets) data sets, CPU \(text((cpuSeconds() - begin) / Double(sets))) s each; work, failureInterval, repair:")
    var all = [Score](repeating: Score(), count: 3)
    var limitSquares = [0.0, 0, 0]
    for i in 0..<10 {
      let limits = information[i].limits(dataSets: sets)
      say(
        "  station \(i + 1): blocked \(text(100 * blocked[i], 1)) %, limits \(limits.map { text(100 * $0, 2) }) %,",
        "RMSE/limit \((0..<3).map { text(scores[i][$0].rmse / limits[$0]) }), coverage \((0..<3).map { text(scores[i][$0].coverage) })")
      for j in 0..<3 {
        all[j].add(scores[i][j])
        limitSquares[j] += limits[j] * limits[j] / 10
      }
    }
    for j in 0..<3 {
      let ratio = all[j].rmse / limitSquares[j].squareRoot()
      say("  \(StampPosterior.names[j]): RMSE/limit \(text(ratio)), coverage \(text(all[j].coverage))")
      #expect(ratio <= 1.10)
      #expect((0.85...0.95).contains(all[j].coverage))
    }
  }
}
