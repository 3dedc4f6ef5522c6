import Quantities
import Testing

@testable import TemporalLogic

@Suite struct MonitorTests {
  private static func at(_ nanoseconds: Int64) -> Instant { Instant(nanoseconds: nanoseconds) }

  /// Random formulas on random signals, against the definition at every instant at which the monitor is asked.
  @Test(arguments: 0..<4)
  func everyFormulaIsMonitoredAsItIsDefined(block: Int) {
    var truths: [TruthValue: Int] = [:]
    for seed in block * 200..<block * 200 + 200 {
      var dice = Dice(UInt64(seed))
      let formula = Formula<Predicate>.random(depth: 1 + dice.below(3), &dice)
      let end: Int64 = 24
      let record = Record.random(until: end, &dice)
      let table = formula.table(record)
      var monitor = Monitor(formula)
      let horizon = monitor.horizon.nanoseconds
      var samples = record.samples.flatMap { signal, list in list.map { (signal: signal, at: $0.at, value: $0.value) } }
      samples.sort { ($0.at, $0.signal) < ($1.at, $1.signal) }
      var next = 0
      for t in 0...end where t == end || dice.below(2) == 0 {
        while next < samples.count, samples[next].at <= t {
          // A value that is no number says as little as none.
          monitor.observe(samples[next].value ?? [nil, .nan, .infinity][dice.below(3)], of: samples[next].signal, at: Self.at(samples[next].at))
          next += 1
        }
        let found = monitor.advance(to: Self.at(t))
        let expected = table[t - horizon]
        truths[found.truth, default: 0] += 1
        guard found != expected else { continue }
        Issue.record("seed \(seed), t \(t): \(found) instead of \(expected) for \(formula)")
        break
      }
    }
    #expect(truths.count == 3 && truths.values.allSatisfy { $0 > 300 }, "too quiet to prove anything: \(truths)")
  }

  @Test func aWindowIsUnknownUntilItIsFullUnlessOneSampleDecidesIt() throws {
    let below = try Formula<Predicate>(parsing: "historically[0, 60 s] A/p < 4")
    var monitor = Monitor(below)
    monitor.observe(3, of: "A/p", at: Instant(seconds: 0))
    #expect(monitor.advance(to: Instant(seconds: 30)).truth == .unknown && monitor.satisfaction.robustness == -.infinity)
    #expect(monitor.satisfaction.upper.degree == 1)
    // Known good since 0, so the window of 60 s is full at 60.
    #expect(monitor.advance(to: Instant(nanoseconds: 59_999_999_999)).truth == .unknown)
    #expect(monitor.advance(to: Instant(seconds: 60)).truth == .satisfied && monitor.satisfaction.robustness == 1)
    monitor.observe(4.5, of: "A/p", at: Instant(seconds: 61))
    #expect(monitor.advance(to: Instant(seconds: 61)).truth == .violated && monitor.satisfaction.robustness == -0.5)
    monitor.observe(2, of: "A/p", at: Instant(seconds: 62))
    // What stood until 62 s leaves a closed window of 60 s at 122 s.
    #expect(monitor.advance(to: Instant(nanoseconds: 121_999_999_999)).truth == .violated)
    #expect(monitor.advance(to: Instant(seconds: 122)).truth == .satisfied && monitor.satisfaction.robustness == 2)
  }

  @Test func aBadSampleIsNeverSatisfiedNeitherIsItsNegation() throws {
    for text in ["A/p < 4", "not (A/p < 4)", "A/p = 3", "A/p != 3", "once[0, 5 s] A/p < 4", "historically[0, 5 s] A/p > 4", "A/p < 4 or A/p >= 4"] {
      var monitor = Monitor(try Formula(parsing: text))
      #expect(monitor.advance(to: Instant(seconds: 1)).truth == .unknown, "\(text)")
      for (index, value) in [Double.nan, .infinity, -.infinity, nil].enumerated() {
        monitor.observe(value, of: "A/p", at: Instant(seconds: 2 + Double(index)))
        #expect(monitor.advance(to: Instant(seconds: 2 + Double(index))).truth == .unknown, "\(text) with \(String(describing: value))")
      }
    }
    // A sum that leaves the numbers is not known either.
    let sum = try Formula<Predicate>(parsing: "10*A/p - 10*A/q < 4")
    #expect(sum.satisfaction { _ in 1e308 }.truth == .unknown)
  }

  @Test func aBoundThatIsTouchedHoldsOrNotAsItIsWritten() throws {
    for (text, holds) in [("A/p <= 4", true), ("A/p < 4", false), ("A/p >= 4", true), ("A/p > 4", false), ("not (A/p < 4)", true)] {
      let found = try Formula<Predicate>(parsing: text).satisfaction { _ in 4 }
      #expect(found.robustness == 0 && (found.truth == .satisfied) == holds, "\(text)")
    }
  }

  @Test func timeThatRunsBackwardsRewritesNothing() throws {
    var monitor = Monitor(try Formula(parsing: "historically[0, 10 s] A/p < 4"))
    monitor.observe(5, of: "A/p", at: Instant(seconds: 100))
    #expect(monitor.advance(to: Instant(seconds: 100)).truth == .violated)
    // A good value dated an hour back takes effect now, and forgives nothing.
    monitor.observe(1, of: "A/p", at: Instant(seconds: -3500))
    #expect(monitor.advance(to: Instant(seconds: -3500)).truth == .violated)
    #expect(monitor.advance(to: Instant(seconds: 109)).truth == .violated)
    #expect(monitor.advance(to: Instant(seconds: 110.1)).truth == .satisfied)
    // A bad one at an instant that was judged already counts at once.
    monitor.observe(9, of: "A/p", at: Instant(seconds: 110.1))
    #expect(monitor.advance(to: Instant(seconds: 110.1)).truth == .violated)
  }

  /// The queues do a constant number of operations for each sample, however long the window.
  @Test(arguments: ["historically[0, 1000 s] A/p < 4", "once[0, 1000 s] historically[0, 50 s] A/p < 4", "(A/p < 4) until[0, 1000 s] (A/p > 5)"])
  func aSampleCostsTheSameHoweverLongTheWindow(text: String) throws {
    for shape in 0..<3 {
      var dice = Dice(7)
      var monitor = Monitor(try Formula(parsing: text))
      let count = 20_000
      for t in 0..<count {
        let value = shape == 0 ? Double(t) : shape == 1 ? Double(-t) : Double(dice.below(1000))
        monitor.observe(value, of: "A/p", at: Instant(seconds: Double(t)))
        monitor.advance(to: Instant(seconds: Double(t)))
      }
      #expect(monitor.windowWork > count / 2 && monitor.windowWork <= 12 * count, "\(monitor.windowWork) operations for \(count) samples")
    }
  }
}
