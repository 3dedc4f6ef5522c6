import Probability
import Simulation
import Testing

/// Components that meet.

@Test func aVehicleThatFetchesAPartFreesItsCard() throws {
  // One card from A to where the vehicle picks up. A 0–1; picked up at 3, so A 3–4; there at 6, B 6–7. The vehicle comes back 6–8, so A 8–9; there
  // at 11, B 11–12.
  let line = LineSpec(
    stations: [station("A", to: 0, cycle: 1), station("B", from: [1], cycle: 1)], buffers: [buffer("Here"), buffer("There")], sources: [],
    fleets: [FleetSpec(name: "AGV", vehicles: 1)],
    transports: [TransportSpec(name: "Way", fleet: 0, from: 0, to: 1, approach: .constant(2), haul: .constant(3))],
    cardLoops: [CardLoopSpec(name: "Kanban", cards: 1, stations: [0], until: 0)])
  let result = try run(line, to: 12)
  #expect(result.departures == [7, 12] && result.stations[0].produced == 3 && result.stations[0].times.waiting == 2 + 4 + 3)
}

@Test func aStopWaitsForItsTechnicianAndAClosureHidesIt() throws {
  // Fails at 2; the technician comes at 5 and repairs to 7, though the station is closed from 3 to 10; the part is done at 12.
  var line = LineSpec(
    stations: [
      station("M", cycle: 4) {
        $0.failure = StoppageSpec(interval: .constant(2.5), length: .constant(2))
        $0.failure?.need = NeedSpec(skill: "repair")
        $0.closures = [ClosureSpec(start: 3, end: 10)]
      }
    ], buffers: [], sources: [],
    crews: [CrewSpec(name: "T", count: 1, skills: ["repair"], absences: [ClosureSpec(start: 0, end: 5)])])
  line.stations[0].failure?.interval = .constant(2)
  // The second failure would come with the part's end at 4 s of work, which comes first.
  let result = try run(line, to: 12)
  #expect(result.departures == [12] && result.stations[0].times.failed == 1 && result.stations[0].times.closed == 7)
  #expect(result.crews[0].utilisation == 2 / 7.0)
}

@Test func aStopByTheClockOutlastsAClosure() throws {
  // Work 0–2, closed 2–6, down 4–9, the rest of the work 9–10.
  let line = LineSpec(
    stations: [
      station("M", cycle: 3) {
        $0.failure = StoppageSpec(interval: .constant(4), length: .constant(5))
        $0.failure?.clock = .calendar
        $0.closures = [ClosureSpec(start: 2, end: 6)]
      }
    ], buffers: [], sources: [])
  let result = try run(line, to: 10)
  #expect(result.departures == [10] && result.stations[0].times.closed == 4 && result.stations[0].times.failed == 3)
}

@Test func aStopByTheClockInterruptsASetUpAndOneByWorkDoesNot() throws {
  for clock in [StoppageSpec.Clock.calendar, .operating] {
    let line = LineSpec(
      stations: [
        station("M", from: [0], cycle: 4) {
          $0.setup = SetupSpec(matrix: [[nil, .constant(5)], [nil, nil]], initial: 0)
          $0.failure = StoppageSpec(interval: .constant(3.5), length: .constant(2))
          $0.failure?.clock = clock
        }
      ], buffers: [buffer("In")], sources: [orders(into: 0, [(1, 1, 0)])], products: ["A", "B"].map { ProductSpec(name: $0) })
    // By the clock: down 3.5–5.5 in the set-up, which ends at 7, and 9–11 in the work, which ends at 13. By work: set-up to 5, down 8.5–10.5, work
    // to 11.
    let result = try run(line, to: 13)
    let times = result.stations[0].times
    #expect(result.departures == [clock == .calendar ? 13 : 11] && result.stations[0].setups == 1, "\(clock)")
    #expect(times.setup == 5 && times.working == 4 && times.failed == (clock == .calendar ? 4 : 2), "\(clock)")
  }
}

@Test func aReworkedPartKeepsItsCardAndAScrappedOneGivesItBack() throws {
  // One card. A part comes in at 1, is done at 2, reworked by 3 and scrapped; the next comes in at 3, and so on.
  let line = LineSpec(
    stations: [
      station("M", from: [0], cycle: 1) {
        $0.scrap = 1
        $0.rework = ReworkSpec(into: 0, attempts: 1)
      }
    ], buffers: [buffer("In")], sources: [source("S", into: 0, every: 1)], cardLoops: [CardLoopSpec(name: "Conwip", cards: 1, sources: [0])])
  let result = try run(line, to: 7)
  #expect(result.scrapped == 3 && result.stations[0].produced == 6 && result.stations[0].reworked == 3 && result.cardLoops[0].meanInUse == 6 / 7.0)
}

@Test func urgentPartsInterruptAsManyMachinesAsThereAreOfThem() throws {
  // Two machines work on low ones (10 s) from 0. High ones (3 s) come at 4.
  for (urgent, low) in [(1, [13.0, 10]), (2, [13.0, 13])] {
    let line = LineSpec(
      stations: [
        station("M", from: [0], cycle: 1) {
          ($0.machines, $0.preempts, $0.productCycles) = (2, true, [.constant(10), .constant(3)])
        }
      ], buffers: [buffer("In")], sources: [orders("Low", into: 0, [(0, 1, 0), (0, 1, 0)]), orders("High", into: 0, [(1, urgent, 4)])],
      products: [ProductSpec(name: "Low"), ProductSpec(name: "High", priority: 1)])
    #expect(completions(try run(line, to: 20)) == low.map { $0 } + [7], "\(urgent)")
  }
}

@Test func twoOvensFillInTurn() throws {
  // Two parts make a batch: 2–12 and 4–14, then 12–22 and 14–24.
  let line = LineSpec(
    stations: [
      station("Oven", from: [0], cycle: 10) { ($0.machines, $0.batch) = (2, BatchSpec(least: 2, most: 2)) }
    ], buffers: [buffer("In")], sources: [source("S", into: 0, every: 1)])
  #expect(try run(line, to: 24).departures == [12, 12, 14, 14, 22, 22, 24, 24])
}

@Test func piecesAreHandedOverWithoutABuffer() throws {
  // Apart 0–2, both pieces taken at once; 2–4, the left one taken, the right one held until 7; 7–9, held until 12.
  let line = LineSpec(
    stations: [
      station("Apart", cycle: 2) { $0.routing = .disassembly([YieldSpec(buffer: 0, count: 1), YieldSpec(buffer: 1, count: 1)]) },
      station("Left", from: [0], cycle: 1), station("Right", from: [1], cycle: 5),
    ], buffers: [buffer("l", 0), buffer("r", 0)], sources: [])
  let result = try run(line, to: 13)
  #expect(result.departures == [3, 5, 7, 10, 12] && result.stations[0].times.blocked == 6)
}

@Test func lostPartsOfAnOrderAreDoneToo() throws {
  // Three at once before one place and one machine: one is lost, two are done at 10 and 20.
  var spec = stock(3, into: 0)
  spec.isLossy = true
  let line = LineSpec(stations: [station("M", from: [0], cycle: 10)], buffers: [buffer("In", 1)], sources: [spec])
  let result = try run(line, to: 30)
  #expect(result.sources[0].lost == 1 && result.scrapped == 0 && completions(result) == [20])
  #expect(result.orders[0].good == 2 && result.orders[0].scrapped == 1)
}

@Test func aLineOfNearlyEverythingKeepsItsBooksWhereverItIsCut() throws {
  // What came is out, spoilt, merged or there.
  for seed in 0..<6 as Range<UInt64> {
    let whole = try run(richLine(), seed: seed, to: 600)
    let half = try run(richLine(), seed: seed, to: 300)
    let rest = try run(richLine(), from: half.final, seed: seed &+ 100, to: 300)
    for result in [whole, half, rest] {
      let b = result.balance
      #expect(b.before + b.delivered + b.made + b.split == b.left + b.scrapped + b.merged + b.after, "seed \(seed): \(b)")
      for station in result.stations { #expect(station.produced >= station.rejected) }
    }
    #expect(rest.balance.before > 0 && rest.good > 20)
  }
}
