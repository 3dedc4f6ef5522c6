import Determinism
import Foundation
import Probability
import Quantities
import Testing

@testable import ProcessMining

/// A log of a shop that is known: orders come every 700 s, exponential; two mills take 1,000 s each, gamma of cv 0.5, first come first
/// served; an inspection of 300 s without a queue sends a fifth back to the mills.
func queueLog(seed: UInt64, orders: Int) -> EventLog {
  var stream = RandomStream(seed: seed, "queue log")
  var events: [LogEvent] = []
  var ready: [(time: Double, order: Int)] = []
  var t = 0.0
  for order in 0..<orders {
    t += 700 * stream.exponential()
    ready.append((t, order))
  }
  var free = [0.0, 0.0]
  while !ready.isEmpty {
    let i = ready.indices.min { ready[$0].time < ready[$1].time }!
    let (time, order) = ready.remove(at: i)
    let mill = free[0] <= free[1] ? 0 : 1
    let start = max(time, free[mill])
    free[mill] = start + Law.gamma(mean: 1000, cv: 0.5).sample(&stream)
    let end = free[mill] + 300
    events.append(
      LogEvent(caseID: "O\(order)", activity: "mill", resource: "M\(mill)", start: Instant(seconds: start), complete: Instant(seconds: free[mill])))
    events.append(
      LogEvent(caseID: "O\(order)", activity: "inspect", resource: "Q", start: Instant(seconds: free[mill]), complete: Instant(seconds: end)))
    if stream.chance(0.2) { ready.append((end, order)) }
  }
  return EventLog(events)
}

@Suite struct QueueLogTests {
  @Test func aQueueBeforeTwoMachinesIsMinedAsSuch() throws {
    let model = try LogStudy.calibrate(queueLog(seed: 1, orders: 300))
    guard case .cases(let cases, _) = model.content else {
      Issue.record("no model of cases")
      return
    }
    let mill = try #require(cases.activities.first { $0.name == "mill" })
    let pool = cases.pools[try #require(mill.pool)]
    #expect(pool.isBottleneck && pool.capacity == 2 && pool.members.map(\.name) == ["M0", "M1"])
    #expect(abs((mill.duration?.law.mean ?? 0) - 1000) < 100)
    #expect(abs(cases.arrivals.exposure / Double(cases.arrivals.cases) - 700) < 120)
    // After an inspection a fifth goes back, whatever else.
    #expect(abs(cases.routing.chances(.init(last: 0, visits: 1, previous: 1))[1] - 0.2) < 0.08)
    // Nothing waits but for the mills.
    #expect(cases.waits.all.immediateShare > 0.95)
    let coded = try JSONDecoder().decode(MinedModel.self, from: JSONEncoder().encode(model))
    #expect(coded == model)
  }

  @Test func whatComesAfterTheCutIsForetoldWithHonestIntervals() throws {
    var (inside, periods, mass) = (0.0, 0.0, 0.0)
    var errors: [Double] = []
    for seed in 1...4 as ClosedRange<UInt64> {
      let log = queueLog(seed: seed, orders: 260)
      let result = try LogStudy.backtest(
        log, cut: Instant(seconds: 120_000), until: Instant(seconds: 170_000), period: 5000, replications: 60, seed: seed)
      let counter = result.report.counters[0]
      inside += counter.coverage * Double(counter.periods)
      mass += counter.massCoverage * Double(counter.periods)
      periods += Double(counter.periods)
      errors.append(counter.relativeError)
      #expect(counter.observedTotal >= counter.totalLow - 15 && counter.observedTotal <= counter.totalHigh + 15)
    }
    #expect(periods == 40 && inside / periods > 0.8 && mass / periods > 0.75)
    #expect(abs(errors.reduce(0, +) / 4) < 0.12)
  }

  @Test func aForecastIsTheSameForTheSameSeedAndNotForAnother() throws {
    let model = try LogStudy.calibrate(queueLog(seed: 2, orders: 80))
    func total(_ seed: UInt64) -> [Double] {
      model.forecast(until: Instant(seconds: model.now.seconds + 20_000), period: 5000, replications: 20, seed: seed).counters[0].total.draws
    }
    #expect(total(1) == total(1) && total(1) != total(2))
  }

  @Test func tooFewCasesAreRefused() {
    #expect(throws: MiningError.tooFewCases(2, needed: 3)) { try LogStudy.calibrate(queueLog(seed: 1, orders: 2)) }
    #expect(throws: MiningError.cutOutsideLog) {
      try LogStudy.backtest(queueLog(seed: 1, orders: 20), cut: Instant(seconds: 1e9), period: 100, replications: 1, seed: 1)
    }
  }
}
