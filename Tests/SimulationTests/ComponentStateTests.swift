import OutputAnalysis
import Probability
import Simulation
import Testing

private func working(_ elapsed: Double) -> StationState { StationState(condition: .working(elapsed: elapsed)) }
private let idle = StationState(condition: .idle)

@Test func stationsOfEveryKindStartInTheMiddleOfTheirWork() throws {
  let changes: [(inout StationSpec) -> Void] = [
    { _ in }, { $0.needs = [NeedSpec(skill: "run")] },
    { $0.maintenance = [MaintenanceSpec(name: "m", basis: .parts, every: 1e6, length: .constant(1))] },
    { $0.batch = BatchSpec(least: 1, most: 3) }, { $0.routing = .chance([BranchSpec(buffer: nil, share: 1)]) }, { $0.dispatch = .lastInFirstOut },
    { $0.wear = WearSpec(perPart: .constant(1), replacement: .constant(1)) }, { $0.setup = SetupSpec(matrix: [[nil]]) }, { $0.preempts = true },
  ]
  for (k, change) in changes.enumerated() {
    let line = LineSpec(
      stations: [station("M", from: [0], cycle: 10, change)], buffers: [buffer("In")], sources: [], products: [ProductSpec(name: "P")],
      crews: [CrewSpec(name: "C", count: 1, skills: ["run"])])
    // 4 s of 10 are done, one part waits.
    let result = try run(line, from: LineState(levels: [1], stations: [working(4)]), to: 30)
    #expect(result.departures == [6, 16] && result.good == 2, "\(k)")
    #expect(try run(line, from: LineState(levels: [1], stations: [working(4)]), to: 3).final.stations[0].condition == .working(elapsed: 7), "\(k)")
  }
}

@Test func whoWorksAtTheStartHasItsPeople() throws {
  // The only person is at A for 6 s more; B's part, in its buffer, waits for him.
  var line = LineSpec(
    stations: [station("A", from: [0], cycle: 10), station("B", from: [1], cycle: 5)], buffers: [buffer("a"), buffer("b")], sources: [],
    crews: [CrewSpec(name: "P", count: 1, skills: ["run"])])
  for s in 0..<2 { line.stations[s].needs = [NeedSpec(skill: "run")] }
  let result = try run(line, from: LineState(levels: [0, 1], stations: [working(4), idle]), to: 20)
  #expect(result.departures == [6, 11] && result.crews[0].utilisation == 11 / 20.0)
}

@Test func whoIsRepairedAtTheStartHasItsTechnician() throws {
  // A has been repaired for 3 of 10 s; B fails after 2 s of work, waits for the technician until 7, and is repaired until 17.
  var line = LineSpec(
    stations: [station("A", from: [0], cycle: 4), station("B", from: [1], cycle: 4)], buffers: [buffer("a"), buffer("b")], sources: [],
    crews: [CrewSpec(name: "T", count: 1, skills: ["repair"])])
  for s in 0..<2 {
    line.stations[s].failure = StoppageSpec(interval: .constant(s == 0 ? 1000 : 2), length: .constant(10))
    line.stations[s].failure?.need = NeedSpec(skill: "repair")
  }
  let state = LineState(levels: [1, 1], stations: [StationState(condition: .failed(elapsed: 3, holdsPart: false)), idle])
  let result = try run(line, from: state, to: 18)
  #expect(result.departures == [11] && result.stations.map(\.times.failed) == [7, 15] && result.crews[0].utilisation == 17 / 18.0)
}

@Test func aStopByTheClockGoesOnFromWhereItStands() throws {
  // Down for 3 of 10 s: up at 7 with the part in hand; by the clock it fails again 20 s later, at 27, for 10 s.
  var line = LineSpec(stations: [station("M", cycle: 4)], buffers: [], sources: [])
  line.stations[0].failure = StoppageSpec(interval: .constant(20), length: .constant(10))
  line.stations[0].failure?.clock = .calendar
  let result = try run(line, from: LineState(levels: [], stations: [StationState(condition: .failed(elapsed: 3, holdsPart: false))]), to: 40)
  // 7–11–15–19–23–27; the part done at 27 is done before or after the stop, as they fall together; so look at the times.
  #expect(result.stations[0].times.failed == 17 && result.departures.prefix(4) == [11, 15, 19, 23])
  // And it is seen in the final state.
  let down = try run(line, to: 23).final.stations[0].condition
  #expect(down == .failed(elapsed: 3, holdsPart: true) || down == .failed(elapsed: 3, holdsPart: false))
}

@Test func aBlockedStationOfEveryKindHandsOn() throws {
  let changes: [(inout StationSpec) -> Void] = [
    { _ in }, { $0.routing = .chance([BranchSpec(buffer: 0, share: 1)]) }, { $0.routing = .emptiest([0]) },
    { $0.batch = BatchSpec(least: 1, most: 2) }, { $0.routing = .disassembly([YieldSpec(buffer: 0, count: 1)]) }, { $0.routing = .route },
    { $0.rework = ReworkSpec(into: 1, attempts: 1) },
  ]
  for (k, change) in changes.enumerated() {
    var line = LineSpec(
      stations: [station("A", from: [1], to: 0, cycle: 1, change), station("B", from: [0], cycle: 10)], buffers: [buffer("Out", 1), buffer("In")],
      sources: [], products: [ProductSpec(name: "P", route: [StepSpec(buffer: 0), StepSpec(buffer: 0)])])
    if line.stations[0].routing != nil { line.stations[0].output = nil }
    let state = LineState(levels: [1, 0], stations: [StationState(condition: .blocked), working(5)])
    let result = try run(line, from: state, to: 40)
    #expect(result.departures == [5, 15, 25] && result.stations[0].times.blocked == 5, "\(k)")
  }
}

@Test func partsOnTheirRouteGoOnFromWhereTheyAre() throws {
  // The route is In, Mid, End. A part in End has one step to go, one in Mid two.
  let product = ProductSpec(name: "P", route: [StepSpec(buffer: 0), StepSpec(buffer: 1), StepSpec(buffer: 2)])
  let line = LineSpec(
    stations: (0..<3).map { i in station("S\(i)", from: [i], cycle: Double(i + 1)) { $0.routing = .route } },
    buffers: ["In", "Mid", "End"].map { buffer($0) }, sources: [], products: [product])
  let result = try run(line, from: LineState(levels: [0, 1, 1], stations: [idle, idle, idle]), to: 20)
  #expect(result.departures == [3, 6] && result.stations.map(\.produced) == [0, 1, 2])
}

/// A line met in equilibrium stays there: what its next 100 s make on average does not depend on whether it goes on or starts anew from its state.
@Test func restartsFromTheFinalStateAreUnbiased() throws {
  var breakdown = StoppageSpec(interval: .exponential(mean: 60), length: .gamma(mean: 12, cv: 0.5))
  breakdown.need = NeedSpec(skill: "repair")
  var jam = StoppageSpec(interval: .exponential(mean: 50), length: .exponential(mean: 25))
  jam.clock = .calendar
  let line = LineSpec(
    stations: [
      station("A", from: [0], to: 1, cycle: 0) {
        ($0.cycle, $0.machines, $0.failure, $0.needs) = (.gamma(mean: 4, cv: 0.4), 2, breakdown, [NeedSpec(skill: "run")])
      },
      station("B", from: [1], cycle: 0) { ($0.cycle, $0.failure, $0.scrap) = (.gamma(mean: 1.5, cv: 0.4), jam, 0.05) },
    ], buffers: [buffer("In", 6), buffer("Between", 6)], sources: [SourceSpec(name: "S", into: 0, lot: 1, interval: .exponential(mean: 2))],
    crews: [CrewSpec(name: "Operators", count: 2, skills: ["run"]), CrewSpec(name: "Technician", count: 1, skills: ["repair"])])
  let simulation = try LineSimulation(line)
  let count = 250
  let direct = try Replications.run(simulation, seed: 5, count: count, horizon: 260, warmUp: 200).estimate { Double($0.good) }
  let restarted = Estimate(
    of: try (0..<count).map { r in
      let final = try simulation.replicate(seed: 5, replication: r, horizon: 200).final
      return Double(try simulation.replicate(from: final, seed: 77, replication: r, horizon: 60).good)
    })
  let error = (direct.standardError * direct.standardError + restarted.standardError * restarted.standardError).squareRoot()
  #expect((direct.mean - restarted.mean).magnitude < 3 * error, "\(direct.mean) and \(restarted.mean) ± \(error)")
  #expect(error < 0.04 * direct.mean)
}

@Test func partsInTheLineHoldItsCardsFromTheStart() throws {
  // Two cards, both out: one part at B for 3 s more, one before it. A part comes in when one leaves: at 3, 8, 13, …
  for viaSource in [true, false] {
    var line = LineSpec(
      stations: [station("A", from: viaSource ? [1] : [], to: 0, cycle: 1), station("B", from: [0], cycle: 5)],
      buffers: [buffer("Between"), buffer("In")], sources: [],
      cardLoops: [CardLoopSpec(name: "Conwip", cards: 2, stations: viaSource ? [] : [0], sources: viaSource ? [0] : [])])
    if viaSource { line.sources = [source("S", into: 1, every: 1e-3)] } else { line.buffers.removeLast() }
    let levels = viaSource ? [1, 0] : [1]
    let result = try run(line, from: LineState(levels: levels, stations: [idle, working(2)]), to: 14)
    #expect(result.departures == [3, 8, 13] && result.stations[0].produced == 3 && result.buffers[0].mostParts == 1, "\(viaSource)")
    // Whether it is stock or work that holds them, both cards are in use, but for a moment of the source's.
    #expect(result.cardLoops[0].meanInUse > 1.99, "\(viaSource)")
  }
  // A kanban that ends where the part is taken: the part in work holds none, the one in the buffer does.
  let kanban = LineSpec(
    stations: [station("A", to: 0, cycle: 1), station("B", from: [0], cycle: 5)], buffers: [buffer("Between")], sources: [],
    cardLoops: [CardLoopSpec(name: "Kanban", cards: 2, stations: [0], until: 0)])
  let result = try run(kanban, from: LineState(levels: [1], stations: [idle, working(2)]), to: 14)
  #expect(result.departures == [3, 8, 13] && result.buffers[0].mostParts == 2)
  // One part is made at once, to 1; then A waits for a card until 3, and so on: 3–4, 8–9, 13–14.
  #expect(result.stations[0].produced == 4 && result.stations[0].times.waiting == 2 + 4 + 4)
}
