import Determinism
import Foundation
import OutputAnalysis
import Probability
import Simulation
import Testing

/// Every exact value lies within three standard errors of the mean of 30 replications, and the standard error is small enough for that to mean
/// something. The lines are run event by event; that the recursion gives the same is tested part by part elsewhere.
@Test(arguments: AnchorSystem.all.indices) func aSystemHasItsExactValues(_ i: Int) throws {
  let system = AnchorSystem.all[i]
  let runs = try Replications.run(
    system.line, from: system.state, seed: 2026, count: 30, horizon: system.horizon + system.warmUp, warmUp: system.warmUp, engine: .events)
  for value in system.values {
    let estimate = runs.estimate(value.figure)
    #expect(
      (estimate.mean - value.exact).magnitude < 3 * estimate.standardError,
      "\(system.name), \(value.what): \(estimate.mean) ± \(estimate.standardError), exactly \(value.exact)")
    #expect(
      estimate.standardError < value.precision * value.exact,
      "\(system.name), \(value.what): a standard error of \(estimate.standardError) tells nothing")
  }
}

/// The same with 400 replications five times as long each: the standard error is an eighth of the tests'. A seed of its own for each system, as
/// stations of one name share their luck under one seed. A table on standard output; run it in release with TAKT_STUDY=1.
@Test(.enabled(if: isStudy)) func studyOfTheExactValues() throws {
  func pad(_ text: String, _ width: Int) -> String { text.padding(toLength: width, withPad: " ", startingAt: 0) }
  print("table: exact values, \(pad("system", 40)) | figure             |    exact   |  estimate  |  std error | off by (std errors) | engine")
  for system in AnchorSystem.all {
    let simulation = try LineSimulation(system.line)
    for engine in [LineSimulation.Choice.events] + (simulation.obeysMaxPlus && system.state == nil ? [.maxPlus] : []) {
      let seed = StableHash.fnv1a(system.name + engine.rawValue)
      let runs = try Replications.run(
        simulation, from: system.state, seed: seed, count: 400, horizon: 5 * system.horizon + 2 * system.warmUp,
        warmUp: 2 * system.warmUp, engine: engine, spreading: TwoThreads())
      for value in system.values {
        let estimate = runs.estimate(value.figure)
        let off = (estimate.mean - value.exact) / estimate.standardError
        let numbers = String(format: "%10.6f | %10.6f | %10.6f | %+5.2f", value.exact, estimate.mean, estimate.standardError, off)
        print("table: \(pad(system.name, 40)) | \(pad(value.what, 18)) | \(numbers) | \(engine.rawValue)")
        #expect(off.magnitude < 3, "\(system.name), \(value.what): \(off) standard errors off")
        #expect(estimate.standardError < value.precision * value.exact / 3)
      }
    }
  }
}

let isStudy = ProcessInfo.processInfo.environment["TAKT_STUDY"] != nil

/// Replications on two threads, as a program with two cores runs them.
struct TwoThreads: WorkSpreader {
  func map<Result: Sendable>(_ count: Int, _ body: @Sendable (Int) -> Result) -> [Result] {
    let results = Results<Result>(count)
    DispatchQueue.concurrentPerform(iterations: 2) { half in
      for i in stride(from: half, to: count, by: 2) { results.set(i, body(i)) }
    }
    return results.all
  }

  private final class Results<Result: Sendable>: @unchecked Sendable {
    private let lock = NSLock()
    private var list: [Result?]
    init(_ count: Int) { list = [Result?](repeating: nil, count: count) }
    func set(_ i: Int, _ result: Result) { lock.withLock { list[i] = result } }
    var all: [Result] { list.map { $0! } }
  }
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
    let runs = try Replications.run(line, seed: 2026, count: 20, horizon: 5500, warmUp: 500)
    for (share, figure) in [
      (working, { (r: LineResult) in r.stations[0].times.working / r.span }), (working / 2, { (r: LineResult) in r.throughput }),
    ] {
      let estimate = runs.estimate(figure)
      #expect((estimate.mean - share).magnitude < 3 * estimate.standardError && estimate.standardError < 0.01 * share, "\(interval), \(length)")
    }
  }
}
