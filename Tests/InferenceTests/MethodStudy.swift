import Determinism
import Testing

@testable import Inference

/// All methods on one task: two stations, buffer 5, 1,000 stamps at the end of the line. Accuracy against the exact posterior for the events
/// spent; the best is the default of `calibrate`.
@Suite(.serialized, .enabled(if: isStudy)) struct MethodStudy {
  @Test func accuracyForTheEventsSpent() throws {
    let line = TrueLine(stations: [.init(), .init()], capacities: [5])
    let unknown = try line.unknown(work: 1.2, failureInterval: 70, repair: 13, spread: 0.7)
    let chain = try LineChain(capacities: [5])
    let sets = setting("TAKT_STUDY_SETS", 2)
    let plans: [(CalibrationMethod, Int)] = [
      (.filter, 60_000_000), (.filter, 240_000_000), (.syntheticLikelihood, 15_000_000), (.syntheticLikelihood, 60_000_000),
      (.syntheticLikelihood, 240_000_000), (.approximateBayes, 15_000_000), (.approximateBayes, 60_000_000), (.approximateBayes, 240_000_000),
    ]
    var shifts = [Double](repeating: 0, count: plans.count)
    var worst = shifts
    var ratios = [(Double, Double)](repeating: (9, 0), count: plans.count)
    var (seconds, events, worth) = (shifts, shifts, shifts)
    for s in 0..<sets {
      let departures = line.run(parts: 1000, RandomStream(seed: 500).split(s)).departures[1]
      let intervals = departures.indices.map { departures[$0] - ($0 > 0 ? departures[$0 - 1] : 0) }
      var reference = TemperedImportance(names: unknown.names, prior: unknown.prior)
      reference.final = 10_000
      let exact = try reference.run(RandomStream(seed: 600).split(s)) { x, _ in chain.logLikelihood(intervals, x) }
      let record = LineObservation([.stamps(station: 1, departures)], span: departures.last!)
      for (k, plan) in plans.enumerated() {
        let begin = cpuSeconds()
        let found = try unknown.calibrate(from: record, events: plan.1, seed: UInt64(s), method: plan.0)
        seconds[k] += (cpuSeconds() - begin) / Double(sets)
        events[k] += Double(found.events) / Double(sets)
        worth[k] += found.effectiveSampleSize / Double(sets)
        for j in 0..<6 {
          let shift = (found.posterior.mean(j) - exact.mean(j)) / exact.deviation(j)
          let ratio = found.posterior.deviation(j) / exact.deviation(j)
          shifts[k] += shift * shift / Double(6 * sets)
          worst[k] = max(worst[k], abs(shift))
          ratios[k] = (min(ratios[k].0, ratio), max(ratios[k].1, ratio))
        }
      }
    }
    say("two stations, buffer 5, 1,000 stamps at the end; \(sets) data sets, six parameters; against the exact posterior")
    for (k, plan) in plans.enumerated() {
      say(
        "  \(plan.0.rawValue): \(text(events[k] / 1e6, 0)) M events, \(text(seconds[k], 1)) CPU s, worth \(Int(worth[k])) draws, shift/sd RMS",
        "\(text(shifts[k].squareRoot())) worst \(text(worst[k])), sd ratio \(text(ratios[k].0)) to \(text(ratios[k].1))")
    }
  }
}
