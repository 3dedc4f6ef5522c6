import Foundation
import OutputAnalysis
import Probability
import Simulation
import Testing

private func plant(speed: Double = 1) -> LineSpec {
  var line = serial(
    [.gamma(mean: 2 / speed, cv: 0.2), .lognormal(mean: 2.1, cv: 0.3), .gamma(mean: 2.2, cv: 0.1)], capacities: [8, 8],
    failure: StoppageSpec(interval: .exponential(mean: 600), length: .lognormal(mean: 60, cv: 0.8)),
    microstop: StoppageSpec(interval: .exponential(mean: 80), length: .lognormal(mean: 6, cv: 0.7)), scrap: [0.02, 0.01, 0.03])
  line.stations[0].inputs = [InputSpec(buffer: 2, count: 1)]
  line.buffers.append(BufferSpec(name: "In", capacity: 40, transit: 3))
  line.sources = [SourceSpec(name: "Depot", into: 2, lot: 10, interval: .gamma(mean: 21, cv: 0.3))]
  return line
}

private func bytes(_ value: some Encodable) throws -> Data {
  let encoder = JSONEncoder()
  encoder.outputFormatting = .sortedKeys
  return try encoder.encode(value)
}

@Test func oneSeedGivesTheSameBytesEveryTime() throws {
  let line = plant()
  let simulation = try LineSimulation(line)
  let recording = Recording.curve(every: 60, to: 7200)
  for replication in 0..<4 {
    let first = try bytes(simulation.replicate(seed: 9, replication: replication, horizon: 7200, recording: recording))
    let again = try bytes(simulate(line: line, seed: 9, replication: replication, horizon: 7200, recording: recording))
    #expect(first == again)
  }
  let forwards = try Replications.run(line, seed: 9, count: 6, horizon: 3600)
  let spread = try Replications.run(line, seed: 9, count: 6, horizon: 3600, spreading: Backwards())
  #expect(forwards == spread && Set(forwards.results.map(\.good)).count > 1)
  let decoded = try JSONDecoder().decode(LineResult.self, from: bytes(forwards.results[0]))
  #expect(decoded == forwards.results[0])
}

/// Recorded once; the same in debug and in release, on any machine.
@Test func theRecordedRunComesAgain() throws {
  let result = try simulate(line: plant(), seed: 1, horizon: 36_000, warmUp: 3600)
  #expect("\(result.good) \(result.scrapped) \(result.events)" == "10046 665 38939")
  #expect(result.meanLevels[0] == 5.825253749114569)
}

private struct Backwards: WorkSpreader {
  func map<Result: Sendable>(_ count: Int, _ body: @Sendable (Int) -> Result) -> [Result] {
    Array((0..<count).reversed().map { body($0) }.reversed())
  }
}

@Test func commonRandomNumbersMakeDifferencesNarrow() throws {
  let figure = { (r: LineResult) in r.goodRate * 3600 }
  let slow = try Replications.run(plant(), seed: 3, count: 24, horizon: 14_400, warmUp: 1800)
  let fast = try Replications.run(plant(speed: 1.05), seed: 3, count: 24, horizon: 14_400, warmUp: 1800)
  let other = try Replications.run(plant(speed: 1.05), seed: 4, count: 24, horizon: 14_400, warmUp: 1800)
  let paired = fast.difference(from: slow, figure)
  let separate =
    (slow.estimate(figure).standardError * slow.estimate(figure).standardError
    + other.estimate(figure).standardError * other.estimate(figure).standardError).squareRoot()
  #expect(paired.standardError < 0.5 * separate, "\(paired.standardError) against \(separate)")
  #expect(paired.low > 0 || paired.standardError < 3)
  // A line against itself differs by nothing at all.
  #expect(slow.difference(from: slow, figure).halfWidth == 0)
  let x = slow.results.map(figure)
  let y = fast.results.map(figure)
  #expect(correlation(x, y) > 0.8, "\(correlation(x, y))")
}

private func correlation(_ x: [Double], _ y: [Double]) -> Double {
  let n = Double(x.count)
  let (mx, my) = (x.reduce(0, +) / n, y.reduce(0, +) / n)
  let xy = zip(x, y).reduce(0) { $0 + ($1.0 - mx) * ($1.1 - my) }
  let xx = x.reduce(0) { $0 + ($1 - mx) * ($1 - mx) }
  let yy = y.reduce(0) { $0 + ($1 - my) * ($1 - my) }
  return xy / (xx * yy).squareRoot()
}
