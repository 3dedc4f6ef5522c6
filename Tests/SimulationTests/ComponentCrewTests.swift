import Probability
import Simulation
import Testing

/// Stations side by side, each with its own stock of parts at 0, a cycle and the people that it needs.
private func line(_ stations: [(cycle: Double, parts: Int, needs: [NeedSpec])], crews: [CrewSpec]) -> LineSpec {
  LineSpec(
    stations: stations.enumerated().map { i, spec in station("S\(i)", from: [i], cycle: spec.cycle) { $0.needs = spec.needs } },
    buffers: stations.indices.map { buffer("B\($0)") }, sources: stations.enumerated().map { stock($1.parts, into: $0, "Stock \($0)") }, crews: crews)
}

private func crew(_ name: String, _ skills: [String], count: Int = 1) -> CrewSpec { CrewSpec(name: name, count: count, skills: skills) }

@Test func onePersonServesTwoStationsInTurn() throws {
  // A works 0–3 while B waits; B 3–5 while A, which asked at 3, waits; A 5–8, B 8–10.
  let both = line([(3, 2, [NeedSpec(skill: "run")]), (2, 2, [NeedSpec(skill: "run")])], crews: [crew("People", ["run"])])
  let result = try run(both, to: 20)
  #expect(result.departures == [3, 5, 8, 10])
  #expect(result.stations.map(\.times.waiting) == [2, 6] && result.stations.map(\.times.working) == [6, 4])
  #expect(result.stations.map(\.times.starved) == [12, 10] && result.crews.map(\.utilisation) == [0.5])
  // A shared tool is a crew of the tool's skill: two of them, and nobody waits.
  let tools = line([(3, 2, [NeedSpec(skill: "jig")]), (2, 2, [NeedSpec(skill: "jig")])], crews: [crew("Jigs", ["jig"], count: 2)])
  let shared = try run(tools, to: 20)
  #expect(shared.departures == [2, 3, 4, 6] && shared.crews[0].utilisation == 0.25)
}

@Test func whoAskedFirstIsServedFirst() throws {
  // Of two people one works for 5 s at C. A needs both, B one: B may not pass A, though one is free. A 5–8, B 8–10.
  let needs = { (n: Int) in [NeedSpec(skill: "run", count: n)] }
  let result = try run(line([(5, 1, needs(1)), (3, 1, needs(2)), (2, 1, needs(1))], crews: [crew("People", ["run"], count: 2)]), to: 10)
  #expect(result.departures == [5, 8, 10] && result.stations.map(\.times.waiting) == [0, 5, 8])
  // 5·1 + 3·2 + 2·1 person seconds of 20.
  #expect((result.crews[0].utilisation - 13 / 20.0).magnitude < 1e-12)
}

@Test func theLeastVersatileServes() throws {
  // Whoever can only weld does so, wherever he stands in the list; so the painter of both is free for paint.
  for crews in [[crew("W", ["weld"]), crew("Both", ["weld", "paint"])], [crew("Both", ["weld", "paint"]), crew("W", ["weld"])]] {
    let result = try run(line([(4, 1, [NeedSpec(skill: "weld")]), (4, 1, [NeedSpec(skill: "paint")])], crews: crews), to: 8)
    #expect(result.departures == [4, 4] && result.crews.map(\.utilisation) == [0.5, 0.5])
  }
}

@Test func twoSkillsComeAtOnce() throws {
  // S1 needs a fitter and an electrician; the fitter is at S0 until 3. S2 needs the electrician, but asked after S1: S1 3–5, S2 5–6.
  let needs = [[NeedSpec(skill: "fit")], [NeedSpec(skill: "fit"), NeedSpec(skill: "wire")], [NeedSpec(skill: "wire")]]
  let people = [crew("Fitter", ["fit"]), crew("Electrician", ["wire"])]
  let result = try run(line([(3, 1, needs[0]), (2, 1, needs[1]), (1, 1, needs[2])], crews: people), to: 10)
  #expect(result.departures == [3, 5, 6])
  #expect(result.crews.map(\.utilisation) == [0.5, 0.3])
}

@Test func peopleAreSharedOutSoThatAllSkillsAreThere() throws {
  // One can fit and wire, one can fit and paint: who needs a fitter and an electrician has both, in whatever order they are named.
  let people = [crew("X", ["fit", "wire"]), crew("Y", ["fit", "paint"])]
  for skills in [["fit", "wire"], ["wire", "fit"]] {
    let result = try run(line([(2, 1, skills.map { NeedSpec(skill: $0) })], crews: people), to: 10)
    #expect(result.departures == [2], "\(skills)")
  }
  // One person cannot be two.
  let alone = line([(2, 1, [NeedSpec(skill: "fit"), NeedSpec(skill: "wire")])], crews: [crew("X", ["fit", "wire"])])
  #expect(alone.faults.contains { $0.contains("fit") && $0.contains("wire") }, "\(alone.faults)")
}

@Test func whoIsBusyFinishesBeforeHeGoes() throws {
  // Nobody is there from 4 to 10 of every 10 s. Work of 3 s begins at 0, 3, 10, 13, 20, 23: it is busy from 0 to 6 of each period.
  var spec = line([(3, 20, [NeedSpec(skill: "run")])], crews: [crew("Shift", ["run"])])
  spec.crews[0].absences = [ClosureSpec(start: 4, end: 10)]
  spec.crews[0].absencePeriod = 10
  let result = try run(spec, to: 30)
  #expect(result.departures == [3, 6, 13, 16, 23, 26] && result.stations[0].times.waiting == 12)
  // Present while there or still busy: 6 s a period, all of them busy.
  #expect((result.crews[0].utilisation - 1).magnitude < 1e-12)
}

@Test func repairsQueueForOneTechnician() throws {
  // Both fail after 5 s of work, for 4 s each: 5–9, and 9–13 after 4 s of waiting.
  var both = line([(10, 1, []), (10, 1, [])], crews: [crew("Technician", ["repair"])])
  for s in 0..<2 {
    both.stations[s].failure = StoppageSpec(interval: .constant(5), length: .constant(4))
    both.stations[s].failure?.need = NeedSpec(skill: "repair")
  }
  // After the second five seconds of work both would fail again, at the end of their parts; the parts are done first.
  let result = try run(both, to: 20)
  #expect(result.departures == [14, 18] && result.stations.map(\.times.failed) == [4, 8])
  #expect(result.crews[0].utilisation == 8 / 20.0)
}

/// The machine repair problem: N machines that fail at rate λ and one repairman of rate μ. With N = 2, λ = 1/20, μ = 1/10 the stationary shares
/// of 0, 1, 2 machines down are as 1 : 1 : 1/2, so machines work 1·2 + 1·1 of 2.5, that is a share of 0.6.
@Test func machinesQueueForTheirRepairmanByTheory() throws {
  var line = LineSpec(
    stations: [
      station("M", cycle: 1) {
        $0.machines = 2
        $0.failure = StoppageSpec(interval: .exponential(mean: 20), length: .exponential(mean: 10))
        $0.failure?.need = NeedSpec(skill: "repair")
      }
    ], buffers: [], sources: [], crews: [crew("Repairman", ["repair"])])
  try expectMean(0.6, of: line, horizon: 6000, warmUp: 100, "one repairman") { $0.stations[0].times.working / $0.span / 2 }
  // With two of them each machine is on its own: 20/30.
  line.crews[0].count = 2
  try expectMean(2 / 3.0, of: line, horizon: 6000, warmUp: 100, "two repairmen") { $0.stations[0].times.working / $0.span / 2 }
}

@Test func whoRunsTheStationMayRepairIt() throws {
  // The only person runs it for 5 s, repairs it from 5 to 9, and runs it for 5 s more.
  for clock in [StoppageSpec.Clock.operating, .calendar] {
    var own = line([(10, 1, [NeedSpec(skill: "run")])], crews: [crew("Person", ["run", "repair"])])
    own.stations[0].failure = StoppageSpec(interval: .constant(5.5), length: .constant(4))
    own.stations[0].failure?.need = NeedSpec(skill: "repair")
    own.stations[0].failure?.clock = clock
    let result = try run(own, to: 14)
    #expect(result.departures == [14] && result.stations[0].times.failed == 4 && result.crews[0].utilisation == 1, "\(clock)")
  }
}
