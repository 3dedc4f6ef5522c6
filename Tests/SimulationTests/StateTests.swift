import OutputAnalysis
import Probability
import Simulation
import Testing

private func departures(_ line: LineSpec, from state: LineState? = nil, horizon: Double, seed: UInt64 = 1) throws -> [Double] {
  try simulate(line: line, state: state, seed: seed, horizon: horizon, recording: Recording(departures: true)).departures
}

private func one(_ condition: StationState.Condition, sinceFailure: Double = 0, sinceMicrostop: Double = 0) -> LineState {
  LineState(levels: [], stations: [StationState(condition: condition, sinceFailure: sinceFailure, sinceMicrostop: sinceMicrostop)])
}

@Test func workUnderWayGoesOnFromWhereItStands() throws {
  let line = serial([.constant(10)], capacities: [])
  #expect(try departures(line, from: one(.working(elapsed: 4)), horizon: 30) == [6, 16, 26])
  #expect(try departures(line, from: one(.working(elapsed: 40)), horizon: 15) == [0, 10])
  #expect(try departures(line, from: one(.idle), horizon: 20) == [10, 20])
}

@Test func stopsUnderWayGoOnFromWhereTheyStand() throws {
  let stop = StoppageSpec(interval: .constant(1000), length: .constant(100))
  for seed in 0..<20 as Range<UInt64> {
    let failed = try departures(
      serial([.constant(10)], capacities: [], failure: stop), from: one(.failed(elapsed: 30, holdsPart: true)), horizon: 100, seed: seed)
    #expect(failed[0] > 70 && failed[0] < 80 && (failed[1] - failed[0] - 10).magnitude < 1e-9)
    let held = try departures(
      serial([.constant(10)], capacities: [], microstop: stop), from: one(.microstopped(elapsed: 95, holdsPart: true)), horizon: 30, seed: seed)
    #expect(held[0] > 5 && held[0] < 15)
  }
  let empty = try departures(serial([.constant(10)], capacities: [], failure: stop), from: one(.failed(elapsed: 30, holdsPart: false)), horizon: 100)
  #expect(empty == [80, 90, 100])
  // 995 of 1000 operating seconds are gone: it fails after five more.
  let due = try departures(serial([.constant(10)], capacities: [], failure: stop), from: one(.idle, sinceFailure: 995), horizon: 130)
  #expect(due == [110, 120, 130])
}

/// The plant may show what the parameters hold for impossible; the run goes on and does not fail again.
@Test func aStopThatTheSpecDoesNotKnowEndsAtOnce() throws {
  let line = serial([.constant(10)], capacities: [])
  #expect(try departures(line, from: one(.failed(elapsed: 30, holdsPart: false)), horizon: 30) == [10, 20, 30])
  #expect(try departures(line, from: one(.microstopped(elapsed: 3, holdsPart: false)), horizon: 30) == [10, 20, 30])
}

@Test func aBlockedStationHandsOnWhenThereIsRoom() throws {
  let line = serial([.constant(1), .constant(10)], capacities: [2])
  let state = LineState(levels: [2], stations: [StationState(condition: .blocked), StationState(condition: .working(elapsed: 5))])
  let result = try simulate(line: line, state: state, seed: 1, horizon: 30, recording: Recording(departures: true))
  #expect(result.departures == [5, 15, 25])
  // Hands on at 5, makes the next by 6 and is blocked until 15, and so on.
  #expect(result.stations[0].times == StateTimes(working: 3, starved: 0, blocked: 27, failed: 0, microstopped: 0, closed: 0))
  #expect(result.stations[0].produced == 3 && result.final.stations[0].condition == .blocked)
}

/// Half a run and the rest from its final state are one run, part by part, where nothing is random.
@Test func aRunGoesOnFromItsFinalState() throws {
  let stop = StoppageSpec(interval: .constant(37), length: .constant(11))
  let brief = StoppageSpec(interval: .constant(13), length: .constant(2.5))
  let line = serial([.constant(1), .constant(1.5), .constant(1.25)], capacities: [3, 2], failure: stop, microstop: brief)
  let whole = try departures(line, horizon: 400)
  for cut in [3.1, 50.3, 61.7, 100.2, 123.4, 201.9, 202.1] {
    let first = try simulate(line: line, seed: 1, horizon: cut, recording: Recording(departures: true))
    // A held part's rest is drawn anew, so cut only where no station stands with a part in hand.
    let stopped = first.final.stations.contains {
      switch $0.condition {
      case .failed, .microstopped: true
      default: false
      }
    }
    if stopped { continue }
    let second = try departures(line, from: first.final, horizon: 400 - cut)
    let joined = first.departures + second.map { $0 + cut }
    #expect(joined.count == whole.count && zip(joined, whole).allSatisfy { ($0 - $1).magnitude < 1e-6 }, "cut at \(cut)")
  }
}

/// Conditional draws: a line met in equilibrium stays there, so its first minutes make as many parts as any others.
@Test func forecastsFromAStateWithAgesAreUnbiased() throws {
  let line = serial(
    [.gamma(mean: 2, cv: 0.3), .gamma(mean: 2, cv: 0.3)], capacities: [5],
    failure: StoppageSpec(interval: .weibull(mean: 200, shape: 2), length: .lognormal(mean: 40, cv: 0.6)))
  let simulation = try LineSimulation(line)
  let count = 400
  let long = try Replications.run(simulation, seed: 5, count: count, horizon: 1100)
  let snapshots = try (0..<count).map { try simulation.replicate(seed: 5, replication: $0, horizon: 1000).final }
  let direct = try Replications.run(simulation, seed: 5, count: count, horizon: 1100, warmUp: 1000).estimate { Double($0.good) }
  let restarted = Estimate(
    of: try snapshots.enumerated().map { Double(try simulation.replicate(from: $1, seed: 77, replication: $0, horizon: 100).good) })
  #expect(long.results.count == count)
  let error = (direct.standardError * direct.standardError + restarted.standardError * restarted.standardError).squareRoot()
  #expect((direct.mean - restarted.mean).magnitude < 3 * error, "\(direct.mean) and \(restarted.mean) ± \(error)")
}

@Test func closedStationsWaitAndRepairsGoOn() throws {
  var line = serial([.constant(10)], capacities: [])
  line.stations[0].closures = [ClosureSpec(start: 25, end: 100), ClosureSpec(start: 100, end: 101), ClosureSpec(start: 130, end: 130)]
  let result = try simulate(line: line, seed: 1, horizon: 130, recording: Recording(departures: true))
  #expect(result.departures == [10, 20, 106, 116, 126])
  #expect(result.stations[0].times.closed == 76 && result.stations[0].times.working == 54)
  // Fails at 15, would be repaired at 65, but is closed until 80: the part's last 5 s follow.
  line.stations[0].failure = StoppageSpec(interval: .constant(15), length: .constant(50))
  line.stations[0].closures = [ClosureSpec(start: 20, end: 80)]
  let failed = try simulate(line: line, seed: 1, horizon: 90, recording: Recording(departures: true))
  #expect(failed.departures == [10, 85])
  #expect(failed.stations[0].times == StateTimes(working: 25, starved: 0, blocked: 0, failed: 5, microstopped: 0, closed: 60))
  // Closed while blocked: room that comes is used at the reopening.
  var pair = serial([.constant(1), .constant(10)], capacities: [1])
  pair.stations[0].closures = [ClosureSpec(start: 5, end: 40)]
  let blocked = try simulate(line: pair, seed: 1, horizon: 61, recording: Recording(departures: true))
  // Parts are finished at 1, 2 and 3 (blocked); the third moves on at 40 only, when the second station has been starved since 21.
  #expect(blocked.departures == [11, 21, 50, 60])
}

@Test func warmUpForgetsCountsAndTimes() throws {
  let line = serial([.constant(1), .constant(10)], capacities: [2])
  let result = try simulate(line: line, seed: 1, horizon: 101, warmUp: 51, recording: Recording(instants: [51, 101]))
  #expect(result.good == 5 && result.span == 50 && result.curve == [5, 10])
  #expect(result.stations.allSatisfy { ($0.times.total - 50).magnitude < 1e-9 })
  #expect(result.meanLevels == [2])
}

@Test func atOneInstantWorkEndsBeforeAClosureBegins() throws {
  var line = serial([.constant(10)], capacities: [])
  line.stations[0].closures = [ClosureSpec(start: 20, end: 30)]
  #expect(try departures(line, horizon: 40) == [10, 20, 40])
}

@Test func aClosureTakesNoOperatingTimeAway() throws {
  // Due to fail after 15 s of work, it has worked 12 when it closes at 12: it fails at 23, three seconds after it reopens.
  var line = serial([.constant(10)], capacities: [], failure: StoppageSpec(interval: .constant(15), length: .constant(50)))
  line.stations[0].closures = [ClosureSpec(start: 12, end: 20)]
  #expect(try simulate(line: line, seed: 1, horizon: 22).stations[0].times.failed == 0)
  #expect(try simulate(line: line, seed: 1, horizon: 33).stations[0].times.failed == 10)
  #expect(try departures(line, horizon: 80) == [10, 78])
}

@Test func agesGoOnInTheFinalState() throws {
  let stop = StoppageSpec(interval: .constant(1000), length: .constant(5))
  let line = serial([.constant(10)], capacities: [], failure: stop, microstop: stop)
  let state = one(.working(elapsed: 4), sinceFailure: 600, sinceMicrostop: 800)
  let final = try simulate(line: line, state: state, seed: 1, horizon: 3).final.stations[0]
  #expect(final.condition == .working(elapsed: 7) && final.sinceFailure == 603 && final.sinceMicrostop == 803)
  // At 200 the short stop comes, ends at 205, and its age begins anew.
  let later = try simulate(line: line, state: state, seed: 1, horizon: 215).final.stations[0]
  #expect(later.sinceFailure == 810 && later.sinceMicrostop == 10)
}
