import Foundation
import LineModel
import OutputAnalysis
import PlantModel
import Quantities
import Reports
import Simulation

/// What `takt simulate` does: warm-up, replications of the line and its variants on common random numbers, one trace, and the study of it all.
struct SimulationJob {
  struct Variant {
    var name: String
    var changes: [String]
    var line: LineSpec
  }
  var plant: Plant
  var revision: String
  var command: String
  var line: LineSpec
  var variants: [Variant]
  /// Seconds observed in each replication.
  var span: Double
  /// Seconds; nil: found by MSER-5.
  var warmUp: Double?
  var replications: Int
  /// Half-width as a share of the mean.
  var precision: Double?
  var seed: UInt64

  static let mostReplications = 1000
  private static let pilots = 10

  func run() throws -> (study: LineStudy, trace: LineTrace?) {
    let simulation = try LineSimulation(line)
    var remarks: [String] = []
    let start = try warmUp ?? settle(simulation, &remarks)
    let horizon = start + span
    let step = Self.step(for: horizon, bins: 240)
    let recording = Recording.curve(every: step, to: horizon)
    let base = try baseRuns(simulation, start, horizon, recording)
    try refuseDeadlock(base, "the line as it stands")
    let count = base.results.count
    let bar = ProgressBar(variants.isEmpty ? "tracing   " : "variants  ")
    let total = 1 + variants.count * (count + 1)
    bar.show(0, of: total)
    let trace = try self.trace(simulation, horizon)
    bar.show(1, of: total)
    var runs: [LineStudy.Variant] = []
    for (k, variant) in variants.enumerated() {
      let before = 1 + k * (count + 1)
      let other: LineSimulation
      do { other = try LineSimulation(variant.line) } catch { throw CommandFailure("\(variant.name): \(error)") }
      let results = try Replications.run(
        other, seed: seed, count: count, horizon: horizon, warmUp: start, spreading: Cores { done, _ in bar.show(before + done, of: total) })
      try refuseDeadlock(results, variant.name)
      let trace = try self.trace(other, horizon)
      bar.show(before + count + 1, of: total)
      runs.append(.init(name: variant.name, changes: variant.changes, run: .init(line: variant.line, replications: results, trace: trace)))
    }
    if trace.isCut { remarks.append("The trace was cut at its limit: the bottleneck and the culprits are those of its beginning.") }
    let about = LineStudy.About(
      plant: plant.name, path: plant.path, revision: revision, command: command, seed: seed, replications: count, span: span, warmUp: start,
      warmUpRule: warmUp == nil ? "MSER-5" : "given", precision: precision)
    var study = LineStudy(
      about: about, of: .init(line: line, replications: base, trace: trace), variants: runs, idealCycle: plant.idealCycle?.seconds, curveStep: step,
      remarks: remarks)
    if precision != nil, !reached(study) {
      study.remarks.append("The precision asked for was not reached after \(count) replications.")
    }
    return (study, trace)
  }

  /// Whether good parts per hour are known as precisely as asked.
  func reached(_ study: LineStudy) -> Bool {
    guard let precision, let good = study["goodPerHour"]?.estimate else { return true }
    // The rule stops by an interval that follows the values' skewness, which may differ a little from the symmetric one.
    return study.about.replications < Self.mostReplications || Precision.relative(precision).holds(good)
  }

  /// As many replications as asked, or until the figure is precise; stops at the limit.
  private func baseRuns(_ simulation: LineSimulation, _ start: Double, _ horizon: Double, _ recording: Recording) throws -> Replications {
    let bar = ProgressBar("simulating")
    func more(_ count: Int, after done: Int, of total: Int) throws -> [LineResult] {
      try Replications.run(
        simulation, seed: seed, count: count, first: done, horizon: horizon, warmUp: start, recording: recording,
        spreading: Cores { new, _ in bar.show(done + new, of: total) }
      ).results
    }
    guard let precision else { return Replications(results: try more(replications, after: 0, of: replications)) }
    var stop = SequentialStop(at: .relative(precision))
    var results: [LineResult] = []
    while !stop.isDone, results.count < Self.mostReplications {
      let count = min(stop.nextLook, Self.mostReplications) - results.count
      // One more than will be run, as the bar is not full before the precision is reached.
      let total = max(min(stop.needed, Self.mostReplications), results.count + count) + 1
      let next = try more(count, after: results.count, of: total)
      results += next
      for result in next { stop.add(result.goodRate * 3600) }
    }
    bar.show(results.count, of: results.count)
    return Replications(results: results)
  }

  /// Replication 0 once more, noting everything: the same luck and the same moves. Without a warm-up, so that counts in the trace run on.
  private func trace(_ simulation: LineSimulation, _ horizon: Double) throws -> LineTrace {
    let result = try simulation.replicate(seed: seed, horizon: horizon, recording: Recording(trace: true))
    return result.trace ?? LineTrace(entries: [], isCut: false, stations: [])
  }

  /// MSER-5 on good parts per bin, averaged over pilot runs.
  private func settle(_ simulation: LineSimulation, _ remarks: inout [String]) throws -> Double {
    let step = Self.step(for: span, bins: 1000)
    let bar = ProgressBar("settling  ")
    let pilots = try Replications.run(
      simulation, seed: seed, count: Self.pilots, horizon: span, recording: .curve(every: step, to: span),
      spreading: Cores { bar.show($0, of: $1) })
    let rates = WarmUp.mean(
      of: pilots.results.map { result in result.curve.indices.map { Double(result.curve[$0] - ($0 > 0 ? result.curve[$0 - 1] : 0)) } })
    let end = WarmUp(mser5: rates)
    if !end.isSettled {
      remarks.append(
        "MSER-5 found no end of the warm-up in \(fixed(span / 3600, 0)) h: the line may not settle, or the runs are too short. Half of it was cut.")
    }
    return Double(end.length) * step
  }

  private func refuseDeadlock(_ runs: Replications, _ name: String) throws {
    guard let dead = runs.results.first(where: { $0.deadlock != nil }), let deadlock = dead.deadlock else { return }
    let count = runs.results.count { $0.deadlock != nil }
    throw CommandFailure(
      "\(name) locks up in \(count) of \(runs.results.count) replications: stations wait for each other for ever.\nReplication \(dead.replication): \(deadlock)"
    )
  }

  /// A round step that cuts a time into at most so many bins.
  static func step(for seconds: Double, bins: Int) -> Double {
    let round: [Double] = [1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1200, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400]
    return round.first { seconds / $0 <= Double(bins) } ?? 86_400 * (seconds / 86_400 / Double(bins)).rounded(.up)
  }
}
