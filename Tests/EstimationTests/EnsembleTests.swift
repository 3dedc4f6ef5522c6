import Determinism
import Testing

@testable import Estimation

@Suite struct EnsembleTests {
  /// Whatever is drawn like the replications falls into their central 90 % nine times in ten, however few they are.
  @Test(arguments: [20, 40, 64]) func theCentralNineTenthsOfFewReplicationsHoldNineTenths(n: Int) {
    var stream = RandomStream(seed: 5, "ensemble").split(n)
    let trials = 20_000
    var (inside, insideAsStrata) = (0.0, 0.0)
    for _ in 0..<trials {
      let sample = (0..<n).map { _ in stream.uniform() }.sorted()
      // Of a uniform value, the width of an interval is the probability that it falls inside.
      inside += Ensemble.quantile(sample, 0.95) - Ensemble.quantile(sample, 0.05)
      insideAsStrata += Stratified.quantile(sample, 0.95) - Stratified.quantile(sample, 0.05)
    }
    #expect(abs(inside / Double(trials) - 0.9) < 0.002)
    // As strata they hold 0.9·n/(n + 1): too little.
    #expect(abs(insideAsStrata / Double(trials) - 0.9 * Double(n) / Double(n + 1)) < 0.002)
  }

  @Test func beyondTheSampleNothingIsKnown() {
    #expect(Ensemble.quantile([3], 0.5) == 3)
    #expect(Ensemble.quantile([1, 2, 3], 0.05) == 1)
    #expect(Ensemble.quantile([1, 2, 3], 0.95) == 3)
    #expect(Ensemble.quantile([1, 2, 3], 0.5) == 2)
    #expect(Ensemble.quantile([1, 2, .infinity, .infinity], 0.75) == .infinity)
    #expect(Ensemble.quantile([1, 2, .infinity], 0.5) == 2)
  }
}

/// The rate after n stops in T is n/T on average, not n/T·e^(1/2n): three stops are no reason to expect a sixth more.
@Test func theMeanRateOfFewStopsIsNotOverstated() {
  let stream = RandomStream(seed: 4, "few stops")
  for stops in [1.0, 3, 12] {
    let posterior = StopRatePosterior(
      logRate: .init(mean: -7, sd: 30), exponent: .init(mean: 0, sd: 0.5), exposures: [.init(ratio: 1, seconds: 1000 * stops, stops: stops)])
    let draws = zip(Stratified.normals(400, stream.split("1")), Stratified.normals(400, stream.split("2"))).map { posterior.draw($0, $1) }
    let mean = draws.reduce(0) { $0 + 1 / $1.interval } / 400
    #expect(abs(mean * 1000 - 1) < 0.03, "\(stops) stops: \(mean)")
    let square = draws.reduce(0) { $0 + 1 / ($1.interval * $1.interval) } / 400
    // Of a gamma distributed rate the variance is its mean squared over n.
    #expect(abs((square - mean * mean) / (mean * mean) * stops - 1) < 0.1, "\(stops) stops")
  }
}
