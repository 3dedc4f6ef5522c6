import Determinism
import Foundation
import Probability
import Quantities
import Testing

@testable import ChangeDetection

/// A line of ten stations, each with three streams on clocks of their own: times to failure (Exp, 100 s of operation), repairs (Exp, 10 s)
/// and the work of a hundred parts (Gamma(100), 100 s); buffers do not enter, so the streams are exactly these.
///
/// Station 4's law changes after `before` repairs of its own; the bank then sees `afterwards` more of each stream.
struct ShiftedLine {
  var activity: Activity
  var ratio: Double
  var before = 500
  var afterwards = 100
  var settings = DetectorSettings()

  struct Outcome {
    /// Observations of the changed stream until it alarmed; nil where it did not.
    var delay: Int?
    /// The first alarm of the line after the change was the right one.
    var firstIsRight = false
    /// The best supported change at the end is that of the right station and activity, in the right direction, dated by the interval.
    var named = false
    var dateHolds = false
    var estimate: Estimate?
    /// Alarms and observations of the streams that did not change, and of the changed one before it did.
    var (falseAlarms, quiet) = (0, 0)
    /// Alarms of the changed stream after the right one, up to the end, and observations.
    var (again, after) = (0, 0)
    /// Alarms taken back: of the changed stream once it had changed, and others.
    var (withdrawn, falseWithdrawn) = (0, 0)
  }

  func run(_ seed: Int) throws -> Outcome {
    var bank = ChangeBank()
    let activities: [(Activity, StreamLaw, Double)] = [
      (.timeToFailure, .exponential, 100), (.repair, .exponential, 10), (.cycleTime, .gamma(shape: 100), 100), (.reject, .binomial, 0.02),
    ]
    for s in 1...10 { for (activity, law, _) in activities { bank.watch(StreamKey(station: "S\(s)", activity), as: law, settings) } }
    let changed = StreamKey(station: "S4", activity)
    var streams: [[RandomStream]] = (1...10).map { s in (0..<4).map { RandomStream(seed: UInt64(seed)).split("S\(s)").split($0) } }
    let gamma = LawSampler(.gamma(mean: 1, cv: 0.1))
    var outcome = Outcome()
    var first: StreamKey?
    for i in 0..<before + afterwards {
      for s in 1...10 {
        for (a, (activity, _, mean)) in activities.enumerated() {
          let key = StreamKey(station: "S\(s)", activity)
          let isChanged = key == changed && i >= before
          let m = mean * (isChanged ? ratio : 1)
          let x: Double
          switch activity {
          case .cycleTime: x = m * gamma.sample(&streams[s - 1][a]) { _ in 0 }
          case .reject: x = Double((0..<100).reduce(0) { n, _ in n + (streams[s - 1][a].chance(m) ? 1 : 0) })
          default: x = m * streams[s - 1][a].exponential()
          }
          let t = Instant(seconds: Double(i) * 110)
          let finding = try bank.observe(x, of: key, exposure: activity == .reject ? 100 : 1, at: t)
          let alarm = finding.map { !$0.isWithdrawn } ?? false
          if let finding, finding.isWithdrawn {
            if isChanged { outcome.withdrawn += 1 } else { outcome.falseWithdrawn += 1 }
          }
          if isChanged {
            if outcome.delay != nil {
              outcome.after += 1
              outcome.again += alarm ? 1 : 0
            } else if alarm {
              outcome.delay = i - before + 1
            }
          } else {
            outcome.quiet += 1
            outcome.falseAlarms += alarm ? 1 : 0
          }
          if alarm, i >= before, first == nil { first = key }
        }
      }
    }
    outcome.firstIsRight = first == changed
    let best = bank.openChanges.first
    if best?.key != changed {
      show("seed \(seed): \(best?.words() ?? "nothing named") \(best?.evidence ?? 0); \(bank.change(of: changed)?.words() ?? "none")")
    }
    outcome.named = best?.key == changed && best?.direction == (ratio > 1 ? .up : .down)
    if outcome.again == 0, let change = bank.change(of: changed), outcome.delay != nil {
      outcome.estimate = change.after
      let date = Double(before) * 110
      outcome.dateHolds = change.earliest.seconds <= date && date <= change.latest.seconds
    }
    return outcome
  }
}

@Suite(.enabled(if: ProcessInfo.processInfo.environment["TAKT_STUDY"] != nil))
struct ShiftStudy {
  /// Task 1 of the calibration anchors and its siblings, 200 seeds each.
  @Test func theShiftOfOneActivityOfOneStation() throws {
    func row(_ activity: Activity, _ mean: Double, _ ratio: Double, _ afterwards: Int, _ rate: Double) throws -> [ShiftedLine.Outcome] {
      let line = ShiftedLine(activity: activity, ratio: ratio, afterwards: afterwards, settings: DetectorSettings(falseAlarmRate: rate))
      let outcomes = try (0..<200).map { try line.run($0) }
      let delays = outcomes.map { $0.delay ?? 99_999 }.sorted()
      let estimates = outcomes.compactMap(\.estimate)
      let truth = mean * ratio
      let errors = estimates.map { $0.value / truth - 1 }
      let rmse = (errors.reduce(0) { $0 + $1 * $1 } / Double(max(errors.count, 1))).squareRoot()
      let bias = errors.reduce(0, +) / Double(max(errors.count, 1))
      let covered = estimates.count { $0.low <= truth && truth <= $0.high }
      let quiet = outcomes.reduce(0) { $0 + $1.quiet }
      let falseAlarms = outcomes.reduce(0) { $0 + $1.falseAlarms }
      let again = (outcomes.reduce(0) { $0 + $1.again }, outcomes.reduce(0) { $0 + $1.after })
      func percent(_ k: Int, _ n: Int) -> String { "\((1000 * Double(k) / Double(max(n, 1))).rounded() / 10) %" }
      show(
        """
        \(activity) x\(ratio), rate 1 in \(Int(1 / rate)): delay median \(Double(delays[99] + delays[100]) / 2), 90 % \(delays[180]), missed \(outcomes.count { $0.delay == nil }); \
        named \(percent(outcomes.count(where: \.named), 200)), first alarm \(percent(outcomes.count(where: \.firstIsRight), 200)); \
        false alarms 1 in \(quiet / max(falseAlarms, 1)); of which withdrawn \(percent(outcomes.reduce(0) { $0 + $1.falseWithdrawn }, falseAlarms)); again 1 in \(again.1 / max(again.0, 1)), true ones withdrawn \(outcomes.reduce(0) { $0 + $1.withdrawn }); after \(afterwards): RMSE \
        \((1000 * rmse).rounded() / 10) % bias \((1000 * bias).rounded() / 10) %, coverage \(percent(covered, estimates.count)) of \
        \(estimates.count), date \(percent(outcomes.count(where: \.dateHolds), estimates.count))
        """)
      return outcomes
    }
    let task = try row(.repair, 10, 3, 100, 0.001)
    let delays = task.map { $0.delay ?? 99_999 }.sorted()
    #expect(Double(delays[99] + delays[100]) / 2 <= 11.5)
    #expect(task.count(where: \.named) >= 198)
    #expect(task.reduce(0) { $0 + $1.falseAlarms } * 1000 <= task.reduce(0) { $0 + $1.quiet } * 105 / 100)
    let estimates = task.compactMap(\.estimate)
    let rmse = (estimates.reduce(0) { $0 + ($1.value / 30 - 1) * ($1.value / 30 - 1) } / Double(estimates.count)).squareRoot()
    #expect(rmse <= 0.105)
    let coverage = Double(estimates.count { $0.low <= 30 && 30 <= $0.high }) / Double(estimates.count)
    #expect(coverage >= 0.85 && coverage <= 0.95)
    _ = try row(.repair, 10, 3, 100, 0.0001)
    // The alarm budget of one stream shared by the forty of the line.
    _ = try row(.repair, 10, 3, 100, 0.001 / 40)
    _ = try row(.repair, 10, 1.5, 400, 0.001)
    _ = try row(.timeToFailure, 100, 0.5, 100, 0.001)
    _ = try row(.cycleTime, 100, 1.1, 100, 0.001)
    _ = try row(.reject, 0.02, 2, 100, 0.001)
  }
}
