import Probability
import Simulation
import Testing

private func line(_ cycle: Double, _ closures: [(Double, Double)], period: Double?) -> LineSpec {
  LineSpec(
    stations: [
      station("M", cycle: cycle) {
        $0.closures = closures.map { ClosureSpec(start: $0.0, end: $0.1) }
        $0.closurePeriod = period
      }
    ], buffers: [], sources: [])
}

@Test func closuresComeBackEveryPeriodAndTheWorkWaits() throws {
  // Closed 6–8 of every 10 s: parts of 4 s at 4, 10 (4–6 and 8–10), 14, 20, …
  let result = try run(line(4, [(6, 8)], period: 10), to: 30)
  #expect(result.departures == [4, 10, 14, 20, 24, 30])
  #expect(result.stations[0].times.closed == 6 && result.stations[0].times.working == 24)
  // Once only without a period.
  #expect(try run(line(4, [(6, 8)], period: nil), to: 30).departures == [4, 10, 14, 18, 22, 26, 30])
}

@Test func aNightOverMidnightIsTwoSpans() throws {
  // Closed 22 to 6 of a day of 24: open 6–22, 30–46, 54–70. Work of 10: 6–16, 16–22 and 30–34, 34–44, 44–46 and 54–62.
  let result = try run(line(10, [(0, 6), (22, 24)], period: 24), to: 62)
  #expect(result.departures == [16, 34, 44, 62] && result.stations[0].times.closed == 22)
}

@Test func oddPeriodsDoNotStandStill() throws {
  // A third of every period is closed, at its beginning or its end, though no multiple of the period is a round number.
  for period in [0.7, 0.1, 1 / 3.0, 7.3, 1.1] {
    for spans: [(Double, Double)] in [[(0, period / 3)], [(period * 2 / 3, period)], [(0, period / 6), (period * 5 / 6, period)]] {
      let result = try run(line(1, spans, period: period), to: 300 * period)
      #expect((result.stations[0].times.closed - 100 * period).magnitude < 1e-6 * period, "\(period) \(spans)")
    }
  }
}

@Test func parallelMachinesCloseTogether() throws {
  var spec = line(4, [(6, 8)], period: 10)
  spec.stations[0].machines = 3
  let result = try run(spec, to: 20)
  #expect(result.departures == [4, 4, 4, 10, 10, 10, 14, 14, 14, 20, 20, 20] && result.stations[0].times.closed == 12)
}

@Test func peopleStayWithAPartThatWaitsInAClosedStation() throws {
  // One person, two stations of 4 s. A is closed from 2 to 10 with its part and its person; B waits for him until 12.
  var spec = LineSpec(
    stations: [station("A", from: [0], cycle: 4), station("B", from: [1], cycle: 4)], buffers: [buffer("a"), buffer("b")],
    sources: [stock(1, into: 0, "a"), stock(1, into: 1, "b")], crews: [CrewSpec(name: "P", count: 1, skills: ["run"])])
  for s in 0..<2 { spec.stations[s].needs = [NeedSpec(skill: "run")] }
  spec.stations[0].closures = [ClosureSpec(start: 2, end: 10)]
  let result = try run(spec, to: 20)
  #expect(result.departures == [12, 16] && result.stations[1].times.waiting == 12 && result.crews[0].utilisation == 0.8)
}
