import Determinism
import Probability
import Simulation
import Testing

@testable import Inference

@Test func stampsOfAllStationsAreLearntWithoutSimulation() throws {
  let line = TrueLine(stations: [.init(failureInterval: 20, repair: 5), .init(work: 0.9, failureInterval: 30, repair: 5)], capacities: [3])
  let departures = line.run(parts: 1500, RandomStream(seed: 2)).departures
  let unknown = try line.unknown(work: 1.5, failureInterval: 40, repair: 10, spread: 1)
  let record = LineObservation([.stamps(station: 1, departures[1]), .stamps(station: 0, departures[0])], span: departures[1].last!)
  let found = try unknown.calibrate(from: record, seed: 1)
  #expect(found.method == .stamps && found.events == 0 && found.effectiveSampleSize > 500)
  for (j, truth) in line.chainLogs.enumerated() { #expect(abs(found.posterior.mean(j) - truth) < 4 * found.posterior.deviation(j)) }
  // The stations' posteriors are those of the stations alone.
  let known = try RowStamps(departures: departures, capacities: [3], origin: 0, end: departures[1].last!).completions(of: 1)
  let prior = [1, 3, 5].map { unknown.prior[$0] }
  let alone = try StampPosterior.station(known, prior: prior, draws: 1000, RandomStream(seed: 9))
  for (k, j) in [1, 3, 5].enumerated() { #expect(abs(found.posterior.mean(j) - alone.mean(k)) < 0.2 * alone.deviation(k)) }
}

@Test func aCounterAtTheEndIsLearntByTheFilter() throws {
  let line = TrueLine(stations: [.init(failureInterval: 10, repair: 5), .init(failureInterval: 15, repair: 5)], capacities: [2])
  let departures = line.run(parts: 60, RandomStream(seed: 3)).departures[1]
  let places = [0, 1].map { LineParameter.Place(.repair, of: $0) }
  let unknown = try UnknownLine(
    line.spec,
    parameters: [
      LineParameter("work", [.init(.work, of: 0)], prior: LognormalPrior(median: 1.5, spread: 0.6)),
      LineParameter("repair", places, prior: LognormalPrior(median: 4, spread: 0.6)),
    ])
  let record = LineObservation([.stamps(station: 1, departures)], span: departures.last!)
  let found = try unknown.calibrate(from: record, events: 500_000, seed: 4)
  #expect(found.method == .filter && found.events > 200_000 && found.events < 1_500_000)
  // Against the exact likelihood, within the noise of so few draws.
  let chain = try LineChain(capacities: [2])
  let intervals = departures.indices.map { departures[$0] - ($0 > 0 ? departures[$0 - 1] : 0) }
  let (first, second) = (line.stations[0].logs, line.stations[1].logs)
  let exact = try TemperedImportance(names: unknown.names, prior: unknown.prior).run(RandomStream(seed: 5)) { x, _ in
    chain.logLikelihood(intervals, [x[0], second[0], first[1], second[1], x[1], x[1]])
  }
  #expect(found.effectiveSampleSize > 60 && exact.effectiveSampleSize > 300)
  for j in 0..<2 {
    #expect(abs(found.posterior.mean(j) - exact.mean(j)) < 0.4 * exact.deviation(j))
    #expect((0.7...1.4).contains(found.posterior.deviation(j) / exact.deviation(j)))
  }
  let short = LineObservation([.stamps(station: 1, Array(departures[..<8]))], span: departures[7])
  let (once, again) = (try unknown.calibrate(from: short, events: 5000, seed: 4), try unknown.calibrate(from: short, events: 5000, seed: 4))
  #expect(once == again, "a seed must replay a calibration")
}

/// Counts per interval at the end, and a buffer level: no likelihood is known, so whole records are simulated.
@Test(arguments: [CalibrationMethod.syntheticLikelihood, .approximateBayes])
func countsAndLevelsAreLearntFromSummaries(method: CalibrationMethod) throws {
  let line = TrueLine(stations: [.init(work: 1.4, failureInterval: 40, repair: 8), .init(failureInterval: 40, repair: 8)], capacities: [4])
  let truth = try LineSimulation(line.spec).replicate(seed: 12, horizon: 700, recording: Recording(trace: true))
  var parameters = [LineParameter("work", [.init(.work, of: 0)], prior: LognormalPrior(median: 1, spread: 0.5))]
  parameters.append(
    LineParameter("repair", [.init(.repair, of: 0), .init(.repair, of: 1)], prior: LognormalPrior(median: 5, spread: 0.5)))
  let unknown = try UnknownLine(line.spec, parameters: parameters)
  let shape = LineObservation(
    [.counts(station: 1, step: 10, [Int](repeating: 0, count: 70)), .levels(buffer: 0, step: 10, [Int](repeating: 0, count: 70))], span: 700)
  let simulator = RecordSimulator(line: unknown, record: shape)
  let record = try #require(simulator.simulate([Portable.log(1.4), Portable.log(8)], seed: 12)).record
  // The record is what the trace says: all parts counted but those of the last instants.
  guard case .counts(_, _, let counts) = record.sights[0] else { fatalError("the sights changed places") }
  #expect(abs(counts.reduce(0, +) - truth.good) <= 3 && truth.good > 150)
  let found = try unknown.calibrate(from: record, events: 300_000, seed: 3, method: method)
  #expect(found.method == method)
  for (j, value) in [1.4, 8].enumerated() {
    #expect(abs(found.posterior.mean(j) - Portable.log(value)) < 3.5 * found.posterior.deviation(j))
    #expect(found.posterior.deviation(j) < [0.25, 0.45][j])
  }
}

@Test func simulatedStampsOfABlockingStationAreItsDepartures() throws {
  // Deterministic: station 0 works 1 s, station 1 3 s, one place between.
  var spec = TrueLine(stations: [.init(), .init()], capacities: [1]).spec
  for (i, work) in [1.0, 3].enumerated() {
    spec.stations[i].cycle = .constant(work)
    spec.stations[i].failure = nil
  }
  let unknown = try UnknownLine(spec, parameters: [LineParameter("w", [.init(.work, of: 0)], prior: LognormalPrior(median: 1, spread: 1))])
  let shape = LineObservation([.stamps(station: 0, []), .stamps(station: 1, [])], span: 20)
  let run = try #require(RecordSimulator(line: unknown, record: shape).simulate([0], seed: 1))
  #expect(run.record.sights == [.stamps(station: 0, [1, 2, 4, 7, 10, 13, 16, 19]), .stamps(station: 1, [4, 7, 10, 13, 16, 19])])
}

@Test func whatDoesNotFitIsRefused() throws {
  let line = TrueLine(stations: [.init(), .init()], capacities: [4])
  let prior = LognormalPrior(median: 1, spread: 1)
  #expect(throws: InferenceError.self) { try UnknownLine(line.spec, parameters: []) }
  #expect(throws: InferenceError.self) { try UnknownLine(line.spec, parameters: [LineParameter("a", [.init(.supply, of: 0)], prior: prior)]) }
  #expect(throws: InferenceError.self) {
    try UnknownLine(line.spec, parameters: ["a", "b"].map { LineParameter($0, [.init(.work, of: 0)], prior: prior) })
  }
  let unknown = try line.unknown(work: 1, failureInterval: 100, repair: 10, spread: 1)
  for record in [
    LineObservation([], span: 10), LineObservation([.stamps(station: 2, [1])], span: 10), LineObservation([.stamps(station: 1, [2, 1])], span: 10),
    LineObservation([.counts(station: 1, step: 10, [1, 2])], span: 15),
  ] {
    #expect(throws: InferenceError.self) { try unknown.calibrate(from: record, seed: 1) }
  }
  // Stamps of the first station alone: what stands behind it is not seen, so the filter does not know it.
  let front = LineObservation([.stamps(station: 0, [1, 2, 3])], span: 10)
  #expect(throws: InferenceError.self) { try unknown.calibrate(from: front, seed: 1, method: .filter) }
}
