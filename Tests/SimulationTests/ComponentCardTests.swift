import Probability
import Simulation
import Testing

/// The most and the mean of the parts between what two counters of a trace say: those made by a machine and those that have left.
private func wip(_ trace: LineTrace, madeBy machine: Int32) -> Int {
  var (made, left, most) = (0, 0, 0)
  for entry in trace.entries {
    if entry.kind == .produced && entry.index == machine { made = Int(entry.value) }
    if entry.kind == .left { left = Int(entry.value) }
    most = max(most, made - left)
  }
  return most
}

@Test func aKanbanLimitsAStationAndItsBuffer() throws {
  // Two cards. Part 1 is made by 1 and taken at once: its card is back. Parts 2 and 3 are made by 3 and wait; A waits from 3 to 6, when B takes
  // the next; then 6–7, waits to 11, …
  let line = LineSpec(
    stations: [station("A", to: 0, cycle: 1), station("B", from: [0], cycle: 5)], buffers: [buffer("Between")], sources: [],
    cardLoops: [CardLoopSpec(name: "Kanban", cards: 2, stations: [0], until: 0)])
  let result = try run(line, to: 16, trace: true)
  #expect(result.departures == [6, 11, 16] && result.buffers[0].mostParts == 2)
  #expect(result.stations[0].times.waiting == 3 + 4 + 4 && result.stations[0].times.working == 5)
  // In use: one from 0 to 2, both from 2 on: at 6, 11 and 16 A takes the card that B gives back.
  #expect((result.cardLoops[0].meanInUse - (1 * 2 + 2 * 14) / 16.0).magnitude < 1e-12)
  let trace = try #require(result.trace)
  #expect(trace.entries.allSatisfy { $0.kind != .level || $0.value <= 2 })
}

@Test func aWithdrawalEndsOneLoopAndBeginsTheNext() throws {
  // Three stations of 1, 1 and 4 s, one card each for the first two: a part waits before B until B's card is back, that is until C takes.
  let line = LineSpec(
    stations: [station("A", to: 0, cycle: 1), station("B", from: [0], to: 1, cycle: 1), station("C", from: [1], cycle: 4)],
    buffers: [buffer("ab"), buffer("bc")], sources: [],
    cardLoops: [CardLoopSpec(name: "ka", cards: 1, stations: [0], until: 0), CardLoopSpec(name: "kb", cards: 1, stations: [1], until: 1)])
  // A 0–1, B 1–2, C 2–6. A 1–2, B 2–3, then bc holds one until 6, A 2–3, ab holds one until B has a card, at 6: 6–7; and so on.
  let result = try run(line, to: 14)
  #expect(result.departures == [6, 10, 14] && result.buffers.map(\.mostParts) == [1, 1])
  #expect(result.stations[1].times.waiting == 3 + 3 + 3)
}

/// N parts in a closed loop of M equal exponential stations: throughput N/(N + M − 1).
@Test func aConwipLineHasItsExactThroughput() throws {
  for (n, viaSource) in [(4, false), (4, true), (2, true)] {
    var line = LineSpec(
      stations: (0..<3).map { i in
        StationSpec(
          name: "M\(i)", inputs: i == 0 ? [] : [InputSpec(buffer: i - 1, count: 1)], output: i == 2 ? nil : i, cycle: .exponential(mean: 1))
      }, buffers: [buffer("B0"), buffer("B1")], sources: [], cardLoops: [CardLoopSpec(name: "Conwip", cards: n, stations: [0])])
    if viaSource {
      line.stations[0].inputs = [InputSpec(buffer: 2, count: 1)]
      line.buffers.append(buffer("In"))
      line.sources = [source("S", into: 2, every: 1e-9)]
      line.cardLoops[0] = CardLoopSpec(name: "Conwip", cards: n, sources: [0])
    }
    try expectMean(Double(n) / Double(n + 2), of: line, horizon: 2500, warmUp: 100, "\(n) cards, source \(viaSource)") { $0.throughput }
    let result = try run(line, seed: 3, to: 1000, trace: true)
    #expect(wip(try #require(result.trace), madeBy: 0) <= n)
    #expect(result.cardLoops[0].meanInUse <= Double(n) && result.buffers.allSatisfy { $0.mostParts <= n })
    // Little's law by the cards: those in use = throughput · lead time.
    if viaSource { #expect((result.cardLoops[0].meanInUse - Double(n)).magnitude < 1e-6) }
    #expect((result.cardLoops[0].meanInUse / result.throughput / result.leadTime.mean - 1).magnitude < 0.02)
  }
}

@Test func aSourceBeforeAHandOverNeedsItsCards() throws {
  // One card: the part of 1 is at A to 2, at B to 7; the next comes in at 7, though A is free from 2.
  let line = LineSpec(
    stations: [station("A", from: [0], to: 1, cycle: 1), station("B", from: [1], cycle: 5)], buffers: [buffer("In", 0), buffer("Between")],
    sources: [source("S", into: 0, every: 1)], cardLoops: [CardLoopSpec(name: "Conwip", cards: 1, sources: [0])])
  let result = try run(line, to: 20)
  #expect(result.departures == [7, 13, 19] && result.cardLoops[0].meanInUse <= 1)
}

@Test func oneCardIsEnoughForAKit() throws {
  // A kit of three parts takes one card with its first: 2, 4, 6, whatever the number of cards.
  for cards in [1, 2, 3] {
    let line = LineSpec(
      stations: [
        StationSpec(name: "Join", inputs: [InputSpec(buffer: 0, count: 2), InputSpec(buffer: 1, count: 1)], output: nil, cycle: .constant(2))
      ], buffers: [buffer("a"), buffer("b")], sources: [stock(6, into: 0, "a"), stock(3, into: 1, "b")],
      cardLoops: [CardLoopSpec(name: "Loop", cards: cards, stations: [0])])
    let result = try run(line, to: 20)
    #expect(result.departures == [2, 4, 6], "\(cards) cards: \(String(describing: result.deadlock))")
    #expect(result.cardLoops[0].meanInUse == 6 / 20.0, "\(cards) cards")
  }
}

@Test func aKitGivesTheCardsOfItsOtherPartsBack() throws {
  // Both parts of a kit come in with cards of one loop of three. At 1 both are in, the kit begins and one card is back at once; A and B come in
  // at 2 in turn, A first: A takes one of two, B the other; both wait. The kit is done at 4; the next begins at once, …
  let line = LineSpec(
    stations: [station("Join", from: [0, 1], cycle: 3)], buffers: [buffer("a"), buffer("b")],
    sources: [source("A", into: 0, every: 1), source("B", into: 1, every: 1)],
    cardLoops: [CardLoopSpec(name: "Conwip", cards: 3, sources: [0, 1])])
  let result = try run(line, to: 13, trace: true)
  #expect(result.departures == [4, 7, 10, 13] && result.buffers.map(\.mostParts) == [1, 1] && result.cardLoops[0].meanInUse < 3)
}

@Test func aBatchWaitsForCardsOfItsLeast() throws {
  // An oven of exactly two parts with four cards: two batches may be in the line, one in the oven, one before the slow packer; with three cards the
  // second batch has to wait until two are back.
  func line(_ cards: Int) -> LineSpec {
    LineSpec(
      stations: [
        station("Oven", from: [0], to: 1, cycle: 2) { $0.batch = BatchSpec(least: 2, most: 2) }, station("Pack", from: [1], cycle: 3),
      ], buffers: [buffer("In"), buffer("Out")], sources: [stock(6, into: 0)],
      cardLoops: [CardLoopSpec(name: "Loop", cards: cards, stations: [0])])
  }
  // Batches 0–2, 2–4; packed by 5, 8, 11, 14; the third batch has its cards at 8, is baked by 10 and packed by 17 and 20.
  #expect(try run(line(4), to: 30).departures == [5, 8, 11, 14, 17, 20])
  // Three cards: the second batch waits for two of them until 5 (5–7), packed 8–11 and 11–14; the third until 11 (11–13), packed to 17, 20.
  let three = try run(line(3), to: 30)
  #expect(three.departures == [5, 8, 11, 14, 17, 20] && three.stations[0].produced == 6)
  #expect(three.stations[0].times.waiting == 3 + 4 && three.buffers[1].mostParts <= 2)
}
