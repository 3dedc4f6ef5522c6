import OutputAnalysis
import Probability
import Simulation
import Testing

@Test func figuresFollowISO22400() throws {
  // Works 10 s a part where 8 s are planned; fails after 95 s of work for 20 s; closed from 300 to 400.
  var line = serial([.constant(10)], capacities: [], failure: StoppageSpec(interval: .constant(95), length: .constant(20)), scrap: [0.2])
  line.stations[0].closures = [ClosureSpec(start: 300, end: 400)]
  let result = try simulate(line: line, seed: 2, horizon: 500)
  let kpi = result.kpis(of: line, plannedRunTimes: [8])[0]
  #expect(kpi.plannedBusyTime == 400 && kpi.actualProductionTime == result.stations[0].times.working)
  #expect((kpi.actualProductionTime - (400 - result.stations[0].times.failed)).magnitude < 1e-9 && result.stations[0].times.failed >= 60)
  #expect((kpi.availability - kpi.actualProductionTime / 400).magnitude < 1e-12)
  #expect((kpi.effectiveness - 8 * Double(result.stations[0].produced) / kpi.actualProductionTime).magnitude < 1e-12)
  #expect(kpi.goodQuantity == result.good && (kpi.oee - 8 * Double(result.good) / 400).magnitude < 1e-12)
  // A closed day has no figures to divide by zero.
  line.stations[0].closures = [ClosureSpec(start: 0, end: 1000)]
  let shut = try simulate(line: line, seed: 2, horizon: 500).kpis(of: line)[0]
  #expect(shut.oee == 0 && shut.qualityRatio == 1)
}

@Test func theBottleneckIsFoundByBothRules() throws {
  for slow in 0..<4 {
    let line = serial((0..<4).map { .gamma(mean: $0 == slow ? 1.3 : 1, cv: 0.3) }, capacities: [4, 4, 4])
    let runs = try Replications.run(line, seed: 1, count: 3, horizon: 4000, warmUp: 200)
    #expect(runs.bottleneck() == slow && runs.bottleneck(by: .longestActivePeriod) == slow)
  }
}

@Test func intervalsAreStudentsAndCoverAsTheySay() throws {
  let e = Estimate(of: [1, 2, 3, 4], confidence: 0.95)
  #expect(e.mean == 2.5 && (e.standardError - (5 / 12.0).squareRoot()).magnitude < 1e-12)
  #expect((e.halfWidth - 3.182446305284263 * e.standardError).magnitude < 1e-9 && e.low == 2.5 - e.halfWidth)
  #expect(Estimate(of: [7]).halfWidth == .infinity)
  // M/M/1 throughput of an unsaturated queue is its arrival rate: 80 % intervals hold it in 80 % of 200 trials.
  let simulation = try LineSimulation(queue(arrivals: .exponential(mean: 2), service: .exponential(mean: 1)))
  let inside = try (0..<200).count { trial in
    let e = try Replications.run(simulation, seed: UInt64(trial), count: 5, horizon: 300, warmUp: 100).estimate(confidence: 0.8) { $0.throughput }
    return e.low <= 0.5 && 0.5 <= e.high
  }
  #expect(inside >= 140 && inside <= 178, "\(inside) of 200")
}

@Test func replicationsGoOnUntilThePrecisionIsReached() throws {
  let line = exponentialLine(3, capacity: 2)
  let (few, reached, _) = try Replications.run(line, until: .relative(0.01), of: { $0.throughput }, seed: 4, horizon: 1000, warmUp: 100)
  #expect(reached && few.results.count >= 10 && few.results.count < 1000)
  #expect(few.estimate { $0.throughput }.halfWidth <= 0.01 * few.estimate { $0.throughput }.mean)
  #expect(few.results.map(\.replication) == Array(0..<few.results.count))
  let (all, never, _) = try Replications.run(line, until: .absolute(1e-9), of: { $0.throughput }, maximum: 25, seed: 4, horizon: 200)
  #expect(!never && all.results.count == 25)
}

@Test func forecastCurvesRiseAndNarrowBandsLieInWideOnes() throws {
  let runs = try Replications.run(
    exponentialLine(3, capacity: 2), seed: 4, count: 30, horizon: 600, recording: .curve(every: 60, to: 600))
  let (low, middle, high) = (runs.curve(quantile: 0.05), runs.curve(quantile: 0.5), runs.curve(quantile: 0.95))
  #expect(low.count == 10 && zip(low, high).allSatisfy { $0 < $1 } && zip(middle, middle.dropFirst()).allSatisfy { $0 < $1 })
  #expect(runs.results.allSatisfy { $0.curve.last == $0.good })
}
