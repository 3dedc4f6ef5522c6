import OutputAnalysis
import Probability
import Simulation
import Testing

/// Exact values of Markov chains and of queueing theory: the mean of replications lies within three standard errors, and the standard
/// error is small enough for that to mean something.
private func expect(
  _ exact: Double, _ line: LineSpec, from state: LineState? = nil, replications: Int = 12, horizon: Double, warmUp: Double = 500,
  precision: Double = 0.01, _ what: String, _ figure: (LineResult) -> Double
) throws {
  let runs = try Replications.run(line, from: state, seed: 2026, count: replications, horizon: horizon + warmUp, warmUp: warmUp)
  let estimate = runs.estimate(figure)
  #expect((estimate.mean - exact).magnitude < 3 * estimate.standardError, "\(what): \(estimate.mean) ± \(estimate.standardError), exactly \(exact)")
  #expect(estimate.standardError < precision * exact, "\(what): a standard error of \(estimate.standardError) tells nothing")
}

/// Hunt 1956, Hillier and Boling: saturated exponential lines without buffers.
@Test func linesWithoutBuffersHaveTheirExactThroughput() throws {
  for (machines, exact) in [(2, 2 / 3.0), (3, 22 / 39.0), (4, 4024 / 7817.0), (5, 94203088638 / 193914065237.0), (6, 0.4667133), (8, 0.4430703)] {
    try expect(exact, exponentialLine(machines, capacity: 0), horizon: 5000, "\(machines) machines") { $0.throughput }
  }
}

@Test func bufferedLinesHaveTheirExactThroughput() throws {
  for (machines, capacity, exact) in [
    (2, 1, 3 / 4.0), (2, 10, 12 / 13.0), (3, 1, 8529 / 12721.0), (3, 2, 2463197 / 3355778.0), (5, 1, 0.6075833), (5, 2, 0.6804895),
  ] {
    try expect(exact, exponentialLine(machines, capacity: capacity), horizon: 5000, "\(machines) machines, buffers of \(capacity)") { $0.throughput }
  }
}

@Test func unreliableLinesHaveTheirExactThroughput() throws {
  for (machines, capacity, exact) in [(2, 0, 0.5899548), (2, 5, 0.7561966), (2, 20, 0.8349974), (3, 3, 0.6470415), (4, 2, 0.5678021)] {
    try expect(
      exact, exponentialLine(machines, capacity: capacity, mttf: 100), horizon: 8000, "\(machines) unreliable machines, buffers of \(capacity)"
    ) { $0.throughput }
  }
  var unequal = serial([.exponential(mean: 1), .exponential(mean: 1 / 1.1)], capacities: [5])
  unequal.stations[0].failure = StoppageSpec(interval: .exponential(mean: 100), length: .exponential(mean: 10))
  unequal.stations[1].failure = StoppageSpec(interval: .exponential(mean: 50), length: .exponential(mean: 12.5))
  try expect(0.7193459, unequal, horizon: 8000, "unequal machines") { $0.throughput }
}

/// Mean queue length = arrival rate · mean wait (Little).
@Test func queuesHaveTheirExactMeanLength() throws {
  let arrivals = { (rate: Double) in Law.exponential(mean: 1 / rate) }
  try expect(0.5, queue(arrivals: arrivals(0.5), service: .exponential(mean: 1)), horizon: 8000, precision: 0.05, "M/M/1") { $0.meanLevels[0] }
  try expect(2.5 * 1.404494, queue(arrivals: arrivals(2.5), service: .exponential(mean: 1), servers: 3), horizon: 8000, precision: 0.06, "M/M/3") {
    $0.meanLevels[0]
  }
  for (service, wait) in [
    (Law.constant(1), 2.0), (.gamma(mean: 1, cv: 0.5773502691896258), 8 / 3.0), (.uniform(low: 0, high: 2), 8 / 3.0),
    (.lognormal(mean: 1, cv: 2), 10),
  ] {
    try expect(0.8 * wait, queue(arrivals: arrivals(0.8), service: service), horizon: 12_000, precision: 0.12, "M/G/1 of \(service)") {
      $0.meanLevels[0]
    }
  }
  let failing = queue(
    arrivals: arrivals(0.5), service: .exponential(mean: 1), failure: StoppageSpec(interval: .exponential(mean: 100), length: .exponential(mean: 10)))
  try expect(0.5 * 2.455556, failing, horizon: 20_000, precision: 0.08, "M/M/1 with breakdowns") { $0.meanLevels[0] }
}

/// N parts go round M equal exponential stations: throughput N/(N + M − 1).
@Test func aClosedLineHasItsExactThroughput() throws {
  let line = LineSpec(
    stations: (0..<3).map {
      StationSpec(name: "M\($0)", inputs: [InputSpec(buffer: $0, count: 1)], output: ($0 + 1) % 3, cycle: .exponential(mean: 1))
    },
    buffers: (0..<3).map { BufferSpec(name: "B\($0)", capacity: 5, transit: 0) }, sources: [])
  var state = LineState.empty(line)
  state.levels[0] = 5
  try expect(5 / 7.0, line, from: state, horizon: 5000, "closed line") { Double($0.stations[0].produced) / $0.span }
}

/// A station alone works MTTF of every MTTF + MTTR seconds, whatever the laws.
@Test func aStationAloneHasItsExactAvailability() throws {
  for (interval, length) in [
    (Law.weibull(mean: 100, shape: 2), Law.lognormal(mean: 10, cv: 0.8)), (.gamma(mean: 50, cv: 0.3), .uniform(low: 2, high: 8)),
    (.empirical([10, 20, 90]), .triangular(low: 1, mode: 2, high: 9)),
  ] {
    let line = serial(
      [.gamma(mean: 2, cv: 0.2)], capacities: [], failure: StoppageSpec(interval: interval, length: length),
      microstop: StoppageSpec(interval: .exponential(mean: 30), length: .constant(1)))
    let working = 1 / (1 + length.mean / interval.mean + 1 / 30)
    try expect(working, line, horizon: 10_000, "\(interval), \(length)") { $0.stations[0].times.working / $0.span }
    try expect(working / 2, line, horizon: 10_000, "\(interval), \(length)") { $0.throughput }
  }
}
