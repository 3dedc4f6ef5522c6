import Determinism
import Probability
import Testing

@testable import Estimation

/// A saturated station from its start: parts of work, failures in operating time, repairs.
func simulatedLog(parts: Int, work: Law, life: Law, repair: Law, _ stream: RandomStream) -> StationLog {
  var (w, f, r) = (stream.split("work"), stream.split("life"), stream.split("repair"))
  let (works, lives, repairs) = (LawSampler(work), LawSampler(life), LawSampler(repair))
  var log = StationLog()
  var left = lives.sample(&f) { _ in 0 }
  for _ in 0..<parts {
    var need = works.sample(&w) { _ in 0 }
    while left < need {
      log.append(.work(seconds: left, finished: false))
      log.append(.down(seconds: repairs.sample(&r) { _ in 0 }))
      need -= left
      left = lives.sample(&f) { _ in 0 }
    }
    log.append(.work(seconds: need, finished: true))
    left -= need
  }
  return log
}

@Test func aStateLogGivesWorkLifetimesAndRepairs() {
  var log = StationLog()
  log.append(.work(seconds: 3, finished: true))
  log.append(.work(seconds: 1, finished: false))
  log.append(.idle(seconds: 50))
  log.append(.work(seconds: 1, finished: false))
  log.append(.down(seconds: 4))
  log.append(.down(seconds: 2))
  log.append(.work(seconds: 2, finished: true))
  #expect(log.work == [.exact(3), .exact(4)])
  #expect(log.lifetimes == [.exact(5)])
  #expect(log.repairs == [.exact(6)])
  log.append(.work(seconds: 1.5, finished: false))
  #expect(log.closed.lifetimes == [.exact(5), .rightCensored(3.5)])
  #expect(log.closed.work == [.exact(3), .exact(4), .rightCensored(1.5)])
  log.append(.down(seconds: 1))
  #expect(log.closed.repairs == [.exact(6), .rightCensored(1)])
  #expect(log.closed.lifetimes == [.exact(5), .exact(3.5)])
  // A log that begins in the middle of things.
  var late = StationLog(fromStart: false)
  late.append(.work(seconds: 2, finished: true))
  late.append(.down(seconds: 1))
  late.append(.work(seconds: 3, finished: true))
  #expect(late.work == [.exact(3)] && late.lifetimes == [.rightCensored(2)] && late.repairs == [.exact(1)])
}

@Test func stationIntervalsHoldTheTruth() {
  var inside = [0, 0, 0]
  let sets = 60
  for seed in 0..<sets {
    let stream = RandomStream(seed: UInt64(seed), "station")
    let log = simulatedLog(parts: 600, work: .gamma(mean: 1, cv: 0.3), life: .exponential(mean: 30), repair: .lognormal(mean: 10, cv: 0.8), stream)
    let posterior = UnreliableStationPosterior(
      log, workPrior: ActivityPrior(mean: 1.2), failurePrior: ActivityPrior(mean: 60), repairPrior: ActivityPrior(mean: 5), empirical: .never)
    let intervals = posterior.intervals()
    if intervals.work.contains(1) { inside[0] += 1 }
    if intervals.mttf.contains(30) { inside[1] += 1 }
    if intervals.mttr.contains(10) { inside[2] += 1 }
    if seed == 0 {
      let draws = posterior.draws(200, stream)
      let availability = draws.reduce(0) { $0 + $1.availability } / 200
      #expect(abs(availability - posterior.timeToFailure.mean / (posterior.timeToFailure.mean + posterior.repair.mean)) < 0.02)
      #expect(draws.allSatisfy { abs($0.rate * $0.work.mean - $0.availability) < 1e-12 })
    }
  }
  print("station: \(inside) of \(sets) inside 90 %")
  for k in inside { #expect((47...60).contains(k)) }
}
