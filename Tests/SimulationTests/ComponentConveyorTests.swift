import Probability
import Simulation
import Testing

/// Four parts that want onto a conveyor at 1, 2 s apart, 5 s long: they enter at 1, 3, 5, 7 and would arrive at 6, 8, 10, 12.
private func line(_ cycle: Double, accumulates: Bool, parts: Int = 4, closures: [ClosureSpec] = []) -> LineSpec {
  LineSpec(
    stations: [station("M", from: [0], cycle: cycle) { $0.closures = closures }],
    buffers: [BufferSpec(name: "Belt", capacity: 10, transit: 5, headway: 2, accumulates: accumulates)],
    sources: [source("S", into: 0, lot: parts, every: 1) { $0.limit = parts }])
}

@Test func aConveyorKeepsItsPartsApart() throws {
  for accumulates in [true, false] {
    #expect(try run(line(1, accumulates: accumulates), to: 30).departures == [7, 9, 11, 13], "\(accumulates)")
    // A slow station at the end sets the pace: 6 to 10, 10 to 14, …
    #expect(try run(line(4, accumulates: accumulates), to: 30).departures == [10, 14, 18, 22], "\(accumulates)")
  }
}

@Test func partsAccumulateOrTheBeltStands() throws {
  // The station works on the first part from 6 to 6.5, is closed until 20, and goes on to 20.5. Accumulating, the others have arrived: one a
  // second, and a fifth, which came on at 9, too.
  let closed = [ClosureSpec(start: 6.5, end: 20)]
  let queue = try run(line(1, accumulates: true, parts: 5, closures: closed), to: 40)
  #expect(queue.departures == [20.5, 21.5, 22.5, 23.5, 24.5] && queue.buffers[0].mostParts == 4)
  // Without, the belt stands from 8, when the second part is at its end, to 20.5, when it is taken. The third arrives at 10 + 12.5, the fourth at
  // 12 + 12.5; the fifth comes on two seconds of belt time after the fourth, at 9 + 12.5, and arrives at 26.5.
  let belt = try run(line(1, accumulates: false, parts: 5, closures: closed), to: 40)
  #expect(belt.departures == [20.5, 21.5, 23.5, 25.5, 27.5] && belt.buffers[0].mostParts == 3)
}

@Test func aBeltStandsAgainAndAgain() throws {
  // A station of 4 s behind parts 2 s apart: parts 2, 3, 4 are taken at 10, 14, 18, having been at the end since 8, 12 and 16: the belt has stood
  // 2, 4, 6 s. The fifth wants on at belt time 9, that is at 11 (it stood from 8 to 10), and arrives at belt time 14, that is 14 + 6 = 20.
  let result = try run(line(4, accumulates: false, parts: 5), to: 40)
  #expect(result.departures == [10, 14, 18, 22, 26])
  // On the belt: 1–6, 3–10, 5–14, 7–18, 11–22: 5 + 7 + 9 + 11 + 11 s of 40.
  #expect((result.meanLevels[0] - 43 / 40.0).magnitude < 1e-12)
  // Accumulating, the fifth comes on at 9: two seconds more.
  #expect((try run(line(4, accumulates: true, parts: 5), to: 40).meanLevels[0] - 45 / 40.0).magnitude < 1e-12)
}

@Test func aFullConveyorBlocksWhoFeedsIt() throws {
  // Room for two, 3 s long, behind a machine of 1 s, before one of 10 s: on at 1 and 2, the third is held from 3 to 4, when the first is taken
  // (4 to 14), the fourth from 5 to 14.
  let line = LineSpec(
    stations: [station("A", to: 0, cycle: 1), station("B", from: [0], cycle: 10)],
    buffers: [BufferSpec(name: "Belt", capacity: 2, transit: 3)], sources: [])
  let result = try run(line, to: 24)
  #expect(result.departures == [14, 24] && result.stations[0].times.blocked == 1 + 9 + 9)
}

@Test func aBeltThatStartsWithAPartAtItsEndStands() throws {
  // Work goes on until 10, so the belt stands, and nothing may come on. The source's part, due before 4, comes on at 10 and arrives at 15.
  var belt = line(10, accumulates: false, parts: 1)
  belt.sources[0].interval = .constant(4)
  let state = LineState(levels: [1], stations: [StationState(condition: .working(elapsed: 0))])
  let result = try run(belt, from: state, to: 40)
  #expect(result.departures == [10, 20, 30])
  #expect(result.buffers[0].mostParts == 1)
}
