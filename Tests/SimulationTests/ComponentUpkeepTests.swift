import Probability
import Simulation
import Testing

private func line(_ cycle: Double, _ change: (inout StationSpec) -> Void) -> LineSpec {
  LineSpec(stations: [station("M", cycle: cycle, change)], buffers: [], sources: [])
}

@Test func aToolLastsItsNumberOfParts() throws {
  // Three parts of 2 s, then 5 s for a new tool.
  let result = try run(line(2) { $0.wear = WearSpec(perPart: .constant(1), replaceAt: 3, replacement: .constant(5)) }, to: 30)
  #expect(result.departures == [2, 4, 6, 13, 15, 17, 24, 26, 28])
  #expect(result.stations[0].times.maintenance == 12 && result.stations[0].times.working == 18)
}

@Test func aToolBreaksWhereNobodyReplacesIt() throws {
  // Two parts of 2 s, then 4 s of failure.
  let wear = WearSpec(perPart: .constant(1), replacement: .constant(99), breaksAt: 2, breakage: .constant(4))
  let result = try run(line(2) { $0.wear = wear }, to: 16)
  #expect(result.departures == [2, 4, 10, 12] && result.stations[0].times.failed == 8 && result.stations[0].times.maintenance == 0)
}

/// Wear of exponential steps of mean 1 passes 4 after 1 + 4 parts on average: by the renewal theorem 5 parts in every 5·2 + 10 s.
@Test func conditionBasedReplacementHasItsExactRate() throws {
  let wear = WearSpec(perPart: .exponential(mean: 1), replaceAt: 4, replacement: .constant(10))
  try expectMean(0.25, of: line(2) { $0.wear = wear }, horizon: 8000, warmUp: 100, "renewal") { $0.throughput }
}

@Test func upkeepComesByCalendarByWorkOrByParts() throws {
  func departures(_ basis: MaintenanceSpec.Basis, _ every: Double, to horizon: Double) throws -> [Double] {
    try run(line(3) { $0.maintenance = [MaintenanceSpec(name: "Oil", basis: basis, every: every, length: .constant(2))] }, to: horizon).departures
  }
  // Due at 10, done after the part, 12–14; due again at 24, done 26–28; due at 38.
  #expect(try departures(.calendar, 10, to: 38) == [3, 6, 9, 12, 17, 20, 23, 26, 31, 34, 37])
  // After 7 s of work, that is after three parts of 3 s: 9–11, 20–22.
  #expect(try departures(.operating, 7, to: 30) == [3, 6, 9, 14, 17, 20, 25, 28])
  #expect(try departures(.parts, 2, to: 24) == [3, 6, 11, 14, 19, 22])
}

@Test func upkeepOfAnIdleStationBeginsAtOnce() throws {
  // Due at 10, done 10–12: the part of 11 waits for it.
  var idle = LineSpec(
    stations: [
      station("M", from: [0], cycle: 3) { $0.maintenance = [MaintenanceSpec(name: "Oil", basis: .calendar, every: 10, length: .constant(2))] }
    ], buffers: [buffer("In")], sources: [source("S", into: 0, every: 11)])
  let result = try run(idle, to: 16)
  #expect(result.departures == [15] && result.stations[0].times.maintenance == 2 && result.stations[0].times.starved == 11)
  // Whom it needs comes at 14 only: 14–16, and the part 16–19.
  idle.stations[0].maintenance[0].need = NeedSpec(skill: "oil")
  idle.crews = [CrewSpec(name: "Oilers", count: 1, skills: ["oil"], absences: [ClosureSpec(start: 0, end: 14)])]
  let waits = try run(idle, to: 20)
  #expect(waits.departures == [19] && waits.stations[0].times.waiting == 4 && waits.stations[0].times.maintenance == 2)
}

@Test func upkeepWaitsWhileTheStationIsClosed() throws {
  // Two parts by 6, upkeep 6–7, closed from 7 to 20, the rest of the upkeep 20–21, and the next parts.
  let spec = line(3) {
    $0.maintenance = [MaintenanceSpec(name: "Oil", basis: .parts, every: 2, length: .constant(2))]
    $0.closures = [ClosureSpec(start: 7, end: 20)]
  }
  let result = try run(spec, to: 27)
  #expect(result.departures == [3, 6, 24, 27] && result.stations[0].times.maintenance == 2 && result.stations[0].times.closed == 13)
}

@Test func severalKindsOfUpkeepHaveTheirOwnClocks() throws {
  // Cycle 1. "Clean" 0.5 s after every second part, "Check" 1 s after every third: parts 1, 2; clean 2–2.5; 3.5; check 3.5–4.5; 5.5; clean to 6;
  // 7; 8; clean (fourth since the last clean at the fourth part … the sixth) then check.
  let spec = line(1) {
    $0.maintenance = [
      MaintenanceSpec(name: "Clean", basis: .parts, every: 2, length: .constant(0.5)),
      MaintenanceSpec(name: "Check", basis: .parts, every: 3, length: .constant(1)),
    ]
  }
  let result = try run(spec, to: 10.5)
  #expect(result.departures == [1, 2, 3.5, 5.5, 7, 8, 10.5] && result.stations[0].times.maintenance == 0.5 * 3 + 2)
}
