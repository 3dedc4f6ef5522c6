import Probability
import Simulation
import Testing

private let clocks = [StoppageSpec.Clock.operating, .calendar]

private func saturated(_ cycle: Double, _ change: (inout StationSpec) -> Void) -> LineSpec {
  LineSpec(stations: [station("M", cycle: cycle, change)], buffers: [], sources: [])
}

/// A station that never stands but for its stops fails alike by both clocks: parts of 4 s, a stop of 5 s after every 9.
@Test func workAfterAStopGoesOnBeginsAnewOrIsScrapped() throws {
  func result(_ after: StoppageSpec.WorkAfter, _ clock: StoppageSpec.Clock, to horizon: Double, plain: Bool) throws -> LineResult {
    let spec = saturated(4) {
      var stop = StoppageSpec(interval: .constant(9), length: .constant(5))
      (stop.workAfter, stop.clock) = (after, clock)
      $0.failure = stop
      if !plain { $0.maintenance = [MaintenanceSpec(name: "Never", basis: .operating, every: 1e9, length: .constant(1))] }
    }
    return try run(spec, to: horizon)
  }
  for clock in clocks {
    for plain in [true, false] {
      // 4, 8; the third has had 1 s at 9: its rest 14–17; 21; 2 s of the fifth by 23: its rest 28–30.
      let resumed = try result(.resumes, clock, to: 30, plain: plain)
      #expect(resumed.departures == [4, 8, 17, 21, 30] && resumed.stations[0].times.failed == 10, "\(clock) \(plain)")
      // Anew at 14: 18, 22; anew at 28: 32.
      let anew = try result(.restarts, clock, to: 32, plain: plain)
      #expect(anew.departures == [4, 8, 18, 22, 32] && anew.scrapped == 0, "\(clock) \(plain)")
      // The same instants with other parts: two are scrapped.
      let lost = try result(.scrapped, clock, to: 32, plain: plain)
      #expect(lost.departures == [4, 8, 18, 22, 32] && lost.scrapped == 2 && lost.stations[0].rejected == 2, "\(clock) \(plain)")
      #expect(lost.stations[0].produced - lost.stations[0].rejected == lost.good, "\(clock) \(plain): \(lost.stations[0])")
    }
  }
}

/// By the clock a machine is down MTTR of every MTTF + MTTR seconds, though it never has a part; by operating time it is never down.
@Test func failuresByTheClockComeToAnIdleStationToo() throws {
  for (clock, share) in [(StoppageSpec.Clock.calendar, 0.1), (.operating, 0)] {
    let line = LineSpec(
      stations: [
        station("M", from: [0], cycle: 1) {
          $0.machines = 20
          $0.failure = StoppageSpec(interval: .exponential(mean: 90), length: .exponential(mean: 10))
          $0.failure?.clock = clock
        }
      ], buffers: [buffer("In")], sources: [source("S", into: 0, every: 1e6)])
    if share == 0 {
      #expect(try run(line, to: 4000).stations[0].times.failed == 0)
    } else {
      try expectMean(share, of: line, horizon: 1500, warmUp: 200, precision: 0.05, "starved") { $0.stations[0].times.failed / $0.span / 20 }
    }
  }
}

/// A station that works but half of the time (a part every 2 s, 1 s of work): by the clock it is down 1/10 of the time, by operating time it
/// fails half as often as if it worked all the time: 10 s in 90 s of work, 180 s of time.
@Test func theClockOfAFailureMattersWhereAStationIsNotBusy() throws {
  for (clock, share) in [(StoppageSpec.Clock.calendar, 0.1), (.operating, 10 / 180.0)] {
    let line = LineSpec(
      stations: [
        station("M", from: [0], cycle: 1) {
          $0.failure = StoppageSpec(interval: .exponential(mean: 90), length: .constant(10))
          $0.failure?.clock = clock
        }
      ], buffers: [buffer("In")], sources: [source("S", into: 0, every: 2)])
    try expectMean(share, of: line, horizon: 8000, warmUp: 300, precision: 0.06, "\(clock)") { $0.stations[0].times.failed / $0.span }
  }
}

@Test func shortStopsAndFailuresHaveTheirOwnClocks() throws {
  // Work of 4 s; a short stop of 1 s after every 5 s of work, a failure of 5 s after every 9. By work: 5 at 5–6, 9 at 10–15, 10 at 16–17,
  // 15 at 22–23. Parts at 4, 8, 12, 16 s of work.
  for named in [false, true] {
    let spec = saturated(4) {
      let failure = StoppageSpec(interval: .constant(9), length: .constant(5))
      var short = StoppageSpec(interval: .constant(5), length: .constant(1))
      if named {
        (short.name, short.kind) = ("jam", .microstop)
        $0.stoppages = [failure, short]
        $0.stoppages[0].name = "breakdown"
      } else {
        ($0.failure, $0.microstop) = (failure, short)
      }
    }
    let result = try run(spec, to: 24)
    #expect(result.departures == [4, 9, 19, 24], "\(named)")
    let times = result.stations[0].times
    #expect(times.microstopped == 3 && times.failed == 5 && times.working == 16, "\(named): \(times)")
  }
}

@Test func severalStopsByTheClockMayOverlap() throws {
  // One stop from 10 to 20, another from 15 to 18 within it; the next would be at 30 and 33. Work of 12 s: 10 by 10, the rest by 22.
  let spec = saturated(12) {
    var (long, short) = (StoppageSpec(interval: .constant(10), length: .constant(10)), StoppageSpec(interval: .constant(15), length: .constant(3)))
    (long.name, long.clock, short.name, short.clock, short.kind) = ("long", .calendar, "short", .calendar, .microstop)
    $0.stoppages = [long, short]
  }
  let result = try run(spec, to: 29)
  // While both are under way, the time is the first one's.
  #expect(result.departures == [22] && result.stations[0].times.failed == 10 && result.stations[0].times.working == 19)
}

@Test func aStopScrapsAWholeBatch() throws {
  // The first three that are there at 0 are lost at 5; the other three go in at 7.
  for clock in clocks {
    let line = LineSpec(
      stations: [
        station("Oven", from: [0], cycle: 10) {
          $0.batch = BatchSpec(least: 3, most: 3)
          $0.failure = StoppageSpec(interval: .empirical([5]), length: .constant(2))
          $0.failure?.workAfter = .scrapped
          $0.failure?.clock = clock
        }
      ], buffers: [buffer("In")], sources: [orders(into: 0, [(0, 1, 0), (0, 5, 0)])])
    let result = try run(line, to: 11)
    #expect(result.scrapped == 3 && result.good == 0 && result.stations[0].rejected == 3 && result.final.levels == [0], "\(clock)")
    #expect(result.orders.map(\.scrapped) == [1, 2], "\(clock)")
  }
}
