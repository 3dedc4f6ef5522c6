import Probability
import Simulation
import Testing

@Test func parallelMachinesShareOneStation() throws {
  // Three machines of 6 s behind a part every 2 s: each part goes to a free machine at once. By 20, the ten arrivals have been worked on for
  // 7 · 6 + 4 + 2 + 0 = 48 s of 60.
  let line = LineSpec(
    stations: [station("M", from: [0], cycle: 6) { $0.machines = 3 }], buffers: [buffer("In")], sources: [source("S", into: 0, every: 2)])
  let result = try run(line, to: 20)
  #expect(result.departures == [8, 10, 12, 14, 16, 18, 20])
  #expect(result.stations[0].produced == 7 && result.stations[0].times.working == 48 && result.stations[0].times.starved == 12)
  #expect(result.final.stations.count == 3 && result.buffers[0].waited == 0)
}

/// Two exponential servers at a load of 2/3 (Erlang C): the mean queue is 16/15.
@Test func parallelMachinesQueueByErlang() throws {
  var line = queue(arrivals: .exponential(mean: 0.75), service: .exponential(mean: 1))
  line.stations[0].machines = 2
  try expectMean(16 / 15.0, of: line, horizon: 3000, warmUp: 100, replications: 10, precision: 0.08, "M/M/2") { $0.meanLevels[0] }
}

@Test func anOvenWaitsForItsLeastAndTakesItsMost() throws {
  // A part every 2 s. At 4 there are two: 4 to 14. At 14 four wait (6 to 12), three go in: 14 to 24; then three of those left: 24 to 34.
  var line = LineSpec(
    stations: [station("Oven", from: [0], cycle: 10) { $0.batch = BatchSpec(least: 2, most: 3) }], buffers: [buffer("In")],
    sources: [source("S", into: 0, every: 2)])
  let result = try run(line, to: 34)
  #expect(result.departures == [14, 14, 24, 24, 24, 34, 34, 34])
  #expect(result.stations[0].produced == 8 && result.stations[0].times.working == 30 && result.stations[0].times.starved == 4)
  // One part alone never starts it.
  line.sources[0].limit = 1
  #expect(try run(line, to: 100).stations[0].times.starved == 100)
  // Batch by batch out, through room for two: the third waits until the first of them is taken.
  line.sources = [stock(3, into: 0)]
  line.stations[0].batch = BatchSpec(least: 3, most: 3)
  line.stations[0].output = 1
  line.stations.append(station("After", from: [1], cycle: 4))
  line.buffers.append(buffer("Out", 1))
  let through = try run(line, to: 50)
  #expect(through.departures == [14, 18, 22] && through.stations[0].times.blocked == 4)
}

@Test func aKitIsCompleteWithAllItsParts() throws {
  // Two bolts and a frame. Bolts come at 1, 2, 3, …; frames at 5, 10: kits from 5 to 6 and 10 to 11; the bolts of the next kit are held already.
  let line = LineSpec(
    stations: [
      StationSpec(name: "Join", inputs: [InputSpec(buffer: 0, count: 2), InputSpec(buffer: 1, count: 1)], output: nil, cycle: .constant(1))
    ],
    buffers: [buffer("Bolts", 3), buffer("Frames", 3)], sources: [source("B", into: 0, every: 1), source("F", into: 1, every: 5)])
  let result = try run(line, to: 12)
  #expect(result.departures == [6, 11])
  // Taken: four bolts of two kits and two held for the third.
  #expect(result.buffers[0].taken == 6 && result.buffers[1].taken == 2)
  // The kit is as old as the first bolt that came: at 1, and at 3 (the next two were taken at 6, having come at 3 and 4).
  #expect(result.leadTime.most == 8 && result.leadTime.least == 5)
}

/// A kit is defective where any of its parts is: 1 − 0.9² · 0.8.
@Test func aKitHasTheDefectsOfAllItsParts() throws {
  let line = LineSpec(
    stations: [
      station("Bolt", to: 0, cycle: 1) { $0.latentDefect = 0.1 }, station("Frame", to: 1, cycle: 2) { $0.latentDefect = 0.2 },
      StationSpec(name: "Join", inputs: [InputSpec(buffer: 1, count: 1), InputSpec(buffer: 0, count: 2)], output: nil, cycle: .constant(0.5)),
    ],
    buffers: [buffer("Bolts", 4), buffer("Frames", 4)], sources: [])
  let result = try run(line, to: 8000)
  #expect(result.good + result.escapes == 3999)
  expectShare(result.escapes, of: 3999, 1 - 0.81 * 0.8)
}

@Test func anOrderIsDoneWhenItsKitsAre() throws {
  // Four parts of one order make two kits.
  let line = LineSpec(
    stations: [StationSpec(name: "Join", inputs: [InputSpec(buffer: 0, count: 2)], output: nil, cycle: .constant(3))], buffers: [buffer("In")],
    sources: [stock(4, into: 0)])
  let result = try run(line, to: 20)
  #expect(result.departures == [3, 6] && completions(result) == [6] && result.orders[0].good == 4)
}

@Test func aPartComesApartIntoItsYields() throws {
  // Two pallets at 0, 4 s each: one tray leaves, two pieces go on and take 1 s each.
  let products = ["Pallet", "Piece"].map { ProductSpec(name: $0) }
  var line = LineSpec(
    stations: [
      station("Apart", from: [0], cycle: 4) {
        $0.routing = .disassembly([YieldSpec(buffer: 1, count: 2, product: 1), YieldSpec(buffer: nil, count: 1)])
      }, station("After", from: [1], cycle: 1),
    ],
    buffers: [buffer("In"), buffer("Pieces")], sources: [stock(2, into: 0)], products: products)
  let result = try run(line, to: 20)
  #expect(result.departures == [4, 5, 6, 8, 9, 10])
  #expect(result.products.map(\.good) == [2, 4] && result.stations.map(\.produced) == [2, 4])
  // The first piece carries the order: it is done with the second pallet's first piece.
  #expect(completions(result) == [9])
  // Three pieces and room for one: one is worked on, one waits, one is held until 5.
  line.stations[0].routing = .disassembly([YieldSpec(buffer: 1, count: 3, product: 1), YieldSpec(buffer: nil, count: 1)])
  line.buffers[1].capacity = 1
  let tight = try run(line, to: 20)
  #expect(tight.departures == [4, 5, 6, 7, 9, 10, 11, 12])
  // Held from 4 to 5, and from 9 to 10.
  #expect(tight.stations[0].times.blocked == 2)
}
