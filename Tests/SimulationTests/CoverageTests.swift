import Foundation
import OutputAnalysis
import Probability
import Simulation
import Testing

/// How often intervals held the truth.
private struct Coverage {
  var hits = 0
  var count = 0
  var arms = 0.0
  var runs = 0
  var share: Double { Double(hits) / Double(count) }

  mutating func add(_ low: Double, _ high: Double, truth: Double, runs: Int = 0) {
    hits += low <= truth && truth <= high ? 1 : 0
    count += 1
    arms += (high - low) / 2 / truth
    self.runs += runs
  }

  /// Whether the share may be the nominal one, within two points and three standard errors.
  func holds(_ nominal: Double) -> Bool {
    (share - nominal).magnitude < 0.02 + 3 * (nominal * (1 - nominal) / Double(count)).squareRoot()
  }
}

private func queue(_ rho: Double) -> LineSpec { queue(arrivals: .exponential(mean: 1 / rho), service: .exponential(mean: 1)) }

/// Long-run throughput of ten machines that fail, by 3.2e8 parts: 0.6407.
private let tenMachines = exponentialLine(10, capacity: 10, mttf: 100)
private let tenMachinesRate = 0.6407

/// Lead time of M/M/1 at 0.5, and throughput of two unreliable machines: 200 experiments of eight replications each.
@Test func intervalsOfReplicationsHoldTheTruthAsOftenAsTheySay() throws {
  for (line, truth, parts, warmUp, figure) in [
    (queue(0.5), 2.0, 400, 30.0, { (r: LineResult) in r.leadTime.mean }),
    (exponentialLine(2, capacity: 5, mttf: 100), 0.7561966, 250, 200, { $0.throughput }),
  ] {
    let simulation = try LineSimulation(line)
    var coverage = Coverage()
    for trial in 0..<200 as Range<UInt64> {
      let estimate = try Replications.run(simulation, seed: trial, count: 8, parts: parts, warmUp: warmUp).estimate(confidence: 0.9, figure)
      coverage.add(estimate.low, estimate.high, truth: truth)
    }
    #expect(coverage.holds(0.9), "\(coverage.share) of the 90 % intervals hold \(truth)")
  }
}

/// A thousand experiments for each row, a table on standard output. Run it in release with TAKT_STUDY=1.
@Suite(.enabled(if: isStudy), .serialized) struct CoverageStudyOfTheEngine {
  static let trials = 1000

  private func report(_ what: String, _ coverage: Coverage, _ level: Double) {
    let name = what.padding(toLength: 66, withPad: " ", startingAt: 0)
    let runs = coverage.runs > 0 ? String(format: " | %.1f replications", Double(coverage.runs) / Double(coverage.count)) : ""
    print(
      "table: \(name) | "
        + String(format: "nominal %.2f, held %.3f, arms %.2f %%", level, coverage.share, 100 * coverage.arms / Double(coverage.count)) + runs)
    #expect(coverage.holds(level), "\(what): \(coverage.share) at \(level)")
  }

  private struct Case: Sendable {
    var name: String
    var line: LineSpec
    var truth: Double
    var parts: Int
    var warmUp: Double
    var figure: @Sendable (LineResult) -> Double
  }

  private static let cases = [
    Case(name: "M/M/1 0.5, lead time", line: queue(0.5), truth: 2, parts: 1000, warmUp: 50) { $0.leadTime.mean },
    Case(name: "M/M/1 0.8, lead time", line: queue(0.8), truth: 5, parts: 5000, warmUp: 500) { $0.leadTime.mean },
    Case(name: "M/M/1 0.9, lead time", line: queue(0.9), truth: 10, parts: 20_000, warmUp: 3000) { $0.leadTime.mean },
    Case(name: "ten machines, good rate", line: tenMachines, truth: tenMachinesRate, parts: 2000, warmUp: 2000) { $0.goodRate },
  ]

  /// Each trial is a piece of work of its own, so that both cores have one.
  private func trials(_ body: @Sendable (UInt64) throws -> ConfidenceInterval) -> [ConfidenceInterval] {
    TwoThreads().map(Self.trials) { try! body(UInt64($0)) }
  }

  @Test func replications() throws {
    for c in Self.cases {
      let simulation = try LineSimulation(c.line)
      for (level, skewed) in [(0.9, false), (0.95, false), (0.9, true), (0.95, true)] {
        var coverage = Coverage()
        let intervals = trials { trial in
          let runs = try Replications.run(simulation, seed: trial, count: 10, parts: c.parts, warmUp: c.warmUp)
          let values = runs.results.map(c.figure)
          return skewed ? ConfidenceInterval(of: values, confidence: level) : ConfidenceInterval(Estimate(of: values, confidence: level))
        }
        for interval in intervals { coverage.add(interval.low, interval.high, truth: c.truth) }
        report("10 replications, \(skewed ? "skewed values" : "Student"): \(c.name)", coverage, level)
      }
    }
  }

  /// One long run, of which the engine gives the departures: good parts in each of so many seconds.
  @Test func oneLongRun() throws {
    for (name, line, truth, step, count) in [
      ("M/M/1 0.5, good rate", queue(0.5), 0.5, 20.0, 2000), ("M/M/1 0.8, good rate", queue(0.8), 0.8, 50, 2000),
      ("M/M/1 0.9, good rate", queue(0.9), 0.9, 100, 3000), ("ten machines, good rate", tenMachines, tenMachinesRate, 50, 3000),
    ] {
      let simulation = try LineSimulation(line)
      let recording = Recording.curve(every: step, to: step * Double(count))
      for level in [0.9, 0.95] {
        var steady = Coverage()
        var batches = Coverage()
        let both = TwoThreads().map(Self.trials) { trial -> (ConfidenceInterval, ConfidenceInterval) in
          let curve = try! simulation.replicate(seed: UInt64(trial), horizon: step * Double(count), recording: recording).curve
          let rates = zip(curve, [0] + curve).map { Double($0 - $1) / step }
          return (
            SteadyState(of: rates, confidence: level).interval,
            ConfidenceInterval(BatchMeans.estimate(of: Array(rates.dropFirst(count / 20)), confidence: level))
          )
        }
        for (a, b) in both {
          steady.add(a.low, a.high, truth: truth)
          batches.add(b.low, b.high, truth: truth)
        }
        report("one run, SteadyState: \(name)", steady, level)
        report("one run, 20 batch means: \(name)", batches, level)
      }
    }
  }

  /// The replications that the engine itself goes on with until the half-width is 5 % (1 % for the line).
  @Test func sequentialStop() throws {
    for c in Self.cases {
      let relative = c.name.hasPrefix("ten") ? 0.01 : 0.05
      for level in [0.9, 0.95] {
        var coverage = Coverage()
        var unreached = 0
        let outcomes = TwoThreads().map(Self.trials) { trial -> (Estimate, Bool, Int) in
          // A rate over the time of so many parts would be biased where that is short, so the line runs for a time.
          let isRate = c.name.hasPrefix("ten")
          let (all, isPrecise, estimate) = try! Replications.run(
            c.line, until: .relative(relative), of: c.figure, confidence: level, minimum: 20, maximum: 600, seed: UInt64(trial),
            horizon: isRate ? c.warmUp + 1000 : .infinity, parts: isRate ? nil : c.parts / 4, warmUp: c.warmUp)
          return (estimate, isPrecise, all.results.count)
        }
        for (estimate, isPrecise, runs) in outcomes {
          coverage.add(estimate.low, estimate.high, truth: c.truth, runs: runs)
          if !isPrecise { unreached += 1 }
          #expect(!isPrecise || estimate.halfWidth <= relative * estimate.mean.magnitude * (1 + 1e-9))
        }
        report("until \(100 * relative) %: \(c.name), \(unreached) not reached", coverage, level)
      }
    }
  }
}
