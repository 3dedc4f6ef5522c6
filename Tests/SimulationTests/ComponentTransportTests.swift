import Probability
import Simulation
import Testing

/// Parts wait in "Here" at 0, a vehicle takes 2 s to come and 5 s to carry them to "There", where 1 s of work awaits them.
private func line(_ parts: Int, vehicles: Int = 1, load: Int = 1, least: Int = 1, room: Int = BufferSpec.unlimited, cycle: Double = 1) -> LineSpec {
  LineSpec(
    stations: [station("M", from: [1], cycle: cycle)], buffers: [buffer("Here"), buffer("There", room)], sources: [stock(parts, into: 0)],
    fleets: [FleetSpec(name: "AGV", vehicles: vehicles)],
    transports: [TransportSpec(name: "Way", fleet: 0, from: 0, to: 1, load: load, least: least, approach: .constant(2), haul: .constant(5))])
}

@Test func aVehicleComesLoadsAndDrives() throws {
  // 0–2–7, and back: 7–9–14.
  let result = try run(line(2), to: 20)
  #expect(result.departures == [8, 15])
  let way = result.transports[0]
  #expect(way.name == "Way" && way.trips == 2 && way.parts == 2 && way.busy == 14)
  // It is under way at 11: 7 + 4 s.
  #expect(try run(line(2), to: 11).transports[0].busy == 11)
}

@Test func aVehicleWaitsForItsLeastAndTakesItsLoad() throws {
  let pairs = try run(line(3, load: 2, least: 2), to: 30)
  #expect(pairs.departures == [8, 9] && pairs.final.levels == [1, 0])
  #expect(try run(line(3, load: 3, least: 2), to: 30).departures == [8, 9, 10])
}

@Test func twoVehiclesDriveAtOnce() throws {
  let result = try run(line(3, vehicles: 2), to: 30)
  // Both are there at 7; the first of them fetches the third part: 7–9–14.
  #expect(result.departures == [8, 9, 15] && result.transports[0].busy == 21)
}

@Test func aVehicleTakesNoMoreThanWillFindRoom() throws {
  // Room for two, work of 10 s, loads up to three: two come at 7, one goes to work at once: one more is fetched, 7–9–14. At 17 the next goes to
  // work: one is fetched, 17–19–24.
  let result = try run(line(6, load: 3, room: 2, cycle: 10), to: 40)
  #expect(result.departures == [17, 27, 37] && result.buffers[1].mostParts == 2)
  #expect(try run(line(6, load: 3, room: 2, cycle: 10), to: 25).transports[0].parts == 4)
}

@Test func aVehicleThatStandsThereNeedsNoApproach() throws {
  // To B1 by 7, where the same vehicle picks up at once and drives 5 s more: 12, and 1 s of work.
  var line = LineSpec(
    stations: [station("M", from: [2], cycle: 1)], buffers: [buffer("B0"), buffer("B1"), buffer("B2")], sources: [stock(1, into: 0)],
    fleets: [FleetSpec(name: "AGV", vehicles: 1)],
    transports: [
      TransportSpec(name: "One", fleet: 0, from: 0, to: 1, approach: .constant(2), haul: .constant(5)),
      TransportSpec(name: "Two", fleet: 0, from: 1, to: 2, approach: .constant(100), haul: .constant(5)),
    ])
  let result = try run(line, to: 20)
  #expect(result.departures == [13] && result.transports.map(\.busy) == [7, 5])
  // A vehicle of another fleet has to come first.
  line.fleets.append(FleetSpec(name: "Fork", vehicles: 1))
  line.transports[1].fleet = 1
  line.transports[1].approach = .constant(3)
  #expect(try run(line, to: 20).departures == [16])
}

@Test func theOldestPartsAreFetchedFirst() throws {
  // One vehicle, two ways. A's part is there at 0, B's from 1 on, A's second from 3 on: A 0–7, then B (waits since 1) 7–14, then A.
  let line = LineSpec(
    stations: [station("M", from: [2], cycle: 1)], buffers: [buffer("A"), buffer("B"), buffer("C")],
    sources: [orders("a", into: 0, [(0, 1, 0), (0, 1, 3)]), orders("b", into: 1, [(0, 1, 1)])], fleets: [FleetSpec(name: "AGV", vehicles: 1)],
    transports: [0, 1].map { TransportSpec(name: "Way \($0)", fleet: 0, from: $0, to: 2, approach: .constant(2), haul: .constant(5)) })
  let result = try run(line, to: 30)
  #expect(completions(result) == [8, 22, 15])
}

@Test func roomThatIsReservedInVainIsGivenBack() throws {
  // The vehicle is on its way from 0.5 to 5.5 for a part that another station takes at 3; the place it kept then goes to the giver, done at 2.
  let line = LineSpec(
    stations: [
      station("M", from: [1], cycle: 10), station("Thief", from: [0], cycle: 1) { $0.closures = [ClosureSpec(start: 0, end: 3)] },
      station("Giver", from: [2], to: 1, cycle: 2),
    ], buffers: [buffer("Here"), buffer("There", 1), buffer("More")],
    sources: [orders("Here", into: 0, [(0, 1, 0.5)]), stock(1, into: 2, "More"), stock(1, into: 1, "First")],
    fleets: [FleetSpec(name: "AGV", vehicles: 1)],
    transports: [TransportSpec(name: "Way", fleet: 0, from: 0, to: 1, approach: .constant(5), haul: .constant(5))])
  let result = try run(line, to: 30)
  #expect(result.departures == [4, 10, 20] && result.transports[0].trips == 0 && result.transports[0].busy == 5)
  #expect(result.stations[2].times.blocked == 3.5)
}
