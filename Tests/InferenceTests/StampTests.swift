import Determinism
import Testing

@testable import Inference

@Test func stampsTellTheCompletionsOfARow() throws {
  let line = TrueLine(stations: [.init(), .init(work: 1.2), .init(work: 0.9, failureInterval: 30)], capacities: [2, 0])
  let (departures, completions) = line.run(parts: 3000, RandomStream(seed: 3))
  let stamps = try RowStamps(departures: departures, capacities: [2, 0], origin: 0)
  var blocked = 0
  for i in 0..<3 {
    let known = stamps.completions(of: i)
    #expect(known.contradictory == 0 && known.exact.count + known.bounded.count == 3000)
    // In order, every true time is either seen or below its bound.
    var (e, b) = (0, 0)
    for time in completions[i] {
      if e < known.exact.count && abs(known.exact[e] - time) < 1e-7 {
        e += 1
      } else {
        #expect(b < known.bounded.count && time <= known.bounded[b].high + 1e-7 && known.bounded[b].low == 0)
        b += 1
      }
    }
    #expect(e == known.exact.count && b == known.bounded.count)
    blocked += b
  }
  #expect(blocked > 500, "the line must block, or nothing is tested")
}

@Test func aRecordThatBeginsInMidstreamTellsTheSame() throws {
  let line = TrueLine(stations: [.init(), .init()], capacities: [3])
  let (departures, _) = line.run(parts: 400, RandomStream(seed: 8))
  let whole = try RowStamps(departures: departures, capacities: [3], origin: 0)
  let from = 200.0
  let cut = departures.map { $0.filter { $0 > from } }
  let ahead = departures[0].count { $0 <= from } - departures[1].count { $0 <= from }
  let late = try RowStamps(departures: cut, capacities: [3], between: [ahead])
  for i in 0..<2 {
    let (all, rest) = (whole.completions(of: i), late.completions(of: i))
    #expect(rest.contradictory == 0)
    #expect(!rest.exact.isEmpty && rest.exact.suffix(50) == all.exact.suffix(50))
    #expect(rest.bounded.suffix(20) == all.bounded.suffix(20))
  }
}

@Test func stampsThatCannotBeAreCountedAndLeftOut() throws {
  // The second part leaves station 1 before there was room; the third leaves station 2 before it came.
  let stamps = try RowStamps(departures: [[1, 2, 9], [5, 7, 8]], capacities: [0], origin: 0)
  #expect(stamps.completions(of: 0).contradictory == 1)
  #expect(stamps.completions(of: 1).contradictory == 1)
  #expect(throws: InferenceError.self) { try RowStamps(departures: [[2, 1]], capacities: []) }
}

@Test func aPartStillInWorkAtTheEndIsKnownToLast() throws {
  let stamps = try RowStamps(departures: [[1, 2.5]], capacities: [], origin: 0, end: 10)
  #expect(stamps.completions(of: 0) == Completions(exact: [1, 1.5], bounded: [.init(low: 7.5, high: .infinity)]))
}

@Test func thePosteriorOfASaturatedStationCoversTheTruth() throws {
  let station = TrueLine.Station()
  let line = TrueLine(stations: [station], capacities: [])
  let prior = [LognormalPrior(median: 1.3, spread: 1.5), LognormalPrior(median: 60, spread: 1.5), LognormalPrior(median: 15, spread: 1.5)]
  var hits = 0
  for seed in 0..<20 {
    let (departures, _) = line.run(parts: 1500, RandomStream(seed: UInt64(seed)))
    let known = try RowStamps(departures: departures, capacities: [], origin: 0).completions(of: 0)
    let posterior = try StampPosterior.station(known, prior: prior, draws: 200, RandomStream(seed: 1))
    #expect(posterior.effectiveSampleSize > 40)
    for j in 0..<3 {
      let (low, high) = posterior.interval(j)
      let truth = Portable.exp(station.logs[j])
      hits += low <= truth && truth <= high ? 1 : 0
    }
  }
  // 60 intervals of 90 %: fewer than 46 would come once in ten thousand times.
  #expect(hits >= 46)
}

@Test func withoutFailuresThePriorOfTheRepairStays() throws {
  let known = Completions(exact: [1, 0.4, 2, 0.1, 1.1, 0.7])
  let prior = [LognormalPrior(median: 1, spread: 1), LognormalPrior(median: 1000, spread: 0.5), LognormalPrior(median: 20, spread: 0.5)]
  let posterior = try StampPosterior.station(known, prior: prior, draws: 2000, RandomStream(seed: 2))
  #expect(abs(posterior.mean(2) - prior[2].center) < 0.06 && abs(posterior.deviation(2) - 0.5) < 0.05)
}
