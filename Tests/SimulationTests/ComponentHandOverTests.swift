import Probability
import Simulation
import Testing

/// Stations hand over through buffers of capacity 0 alike, whether the engine takes them for plain or not.
@Test func handOversAreTheSameForEveryKindOfStation() throws {
  for mask in 0..<8 {
    func line(_ cycles: [Double]) -> LineSpec {
      LineSpec(
        stations: (0..<3).map { i in
          station("M\(i)", from: i == 0 ? [] : [i - 1], to: i == 2 ? nil : i, cycle: cycles[i]) {
            // Upkeep that never comes due: a station that is not plain.
            if mask >> i & 1 == 1 { $0.maintenance = [MaintenanceSpec(name: "Never", basis: .operating, every: 1e9, length: .constant(1))] }
          }
        }, buffers: [buffer("B0", 0), buffer("B1", 0)], sources: [])
    }
    // The middle one is slow: 2 to 5, 5 to 8, …; the first holds its second part from 4 to 5.
    let middle = try run(line([2, 3, 1]), to: 12)
    #expect(middle.departures == [6, 9, 12] && middle.stations[0].times.blocked == 3, "\(mask)")
    #expect(middle.meanLevels == [0, 0] && middle.buffers.map(\.taken) == [4, 3], "\(mask)")
    // The last one is slow: both before it stand blocked.
    let last = try run(line([1, 1, 3]), to: 11)
    #expect(last.departures == [5, 8, 11] && last.stations.map(\.times.working) == [5, 4, 9], "\(mask)")
    #expect(last.stations[1].times.blocked == 6 && last.stations[1].times.starved == 1, "\(mask)")
  }
}

@Test func sourcesHandOverToo() throws {
  for isPlain in [true, false] {
    var line = LineSpec(
      stations: [station("M", from: [0], cycle: 3) { if !isPlain { $0.needs = [NeedSpec(skill: "any")] } }], buffers: [buffer("In", 0)],
      sources: [source("S", into: 0, lot: 2, every: 1)], crews: [CrewSpec(name: "C", count: 1, skills: ["any"])])
    // A lot of two at 1: the second is taken at 4; the next lot is due at 5, and its first part is taken at 7, its second at 10.
    #expect(try run(line, to: 13).departures == [4, 7, 10, 13], "\(isPlain)")
    line.sources[0].limit = 3
    #expect(try run(line, to: 30).departures == [4, 7, 10], "\(isPlain)")
  }
}

@Test func aKitIsHandedOverPartByPart() throws {
  // Frames of 2 s and bolts of 3 s meet without buffers: the frame is taken at 2, the bolt at 3, the kit done at 7; meanwhile both next parts are
  // held (from 4 and 6) until 7.
  let line = LineSpec(
    stations: [station("F", to: 0, cycle: 2), station("B", to: 1, cycle: 3), station("Join", from: [0, 1], cycle: 4)],
    buffers: [buffer("f", 0), buffer("b", 0)], sources: [])
  let result = try run(line, to: 15)
  #expect(result.departures == [7, 11, 15])
  // Frames: 0–2, 2–4, held to 7, 7–9, held to 11, 11–13, held to 15. Bolts: 0–3, 3–6, held to 7, 7–10, held to 11, 11–14, held to 15.
  #expect(result.stations.map(\.times.blocked) == [7, 3, 0])
}
