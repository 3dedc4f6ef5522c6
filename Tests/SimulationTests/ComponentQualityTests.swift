import Determinism
import Probability
import Simulation
import Testing

@Test func aPartIsReworkedSoOftenAndThenScrapped() throws {
  // Everything is rejected: two parts, each done three times (two attempts of rework), then scrapped.
  var line = LineSpec(
    stations: [
      station("M", from: [0], cycle: 1) {
        $0.scrap = 1
        $0.rework = ReworkSpec(into: 0, attempts: 2)
      }
    ], buffers: [buffer("In")], sources: [stock(2, into: 0)])
  let all = try run(line, to: 50)
  #expect(all.stations[0].produced == 6 && all.stations[0].rejected == 6 && all.stations[0].reworked == 4)
  #expect(all.scrapped == 2 && all.good == 0 && completions(all) == [6])
  // With p = 0.3 a share p³ is scrapped, and a part is done 1 + p + p² = 1.39 times on average (standard deviation 0.646).
  line.stations[0].scrap = 0.3
  line.sources = [stock(6000, into: 0)]
  let some = try run(line, to: 20_000)
  #expect(some.good + some.scrapped == 6000 && some.stations[0].rejected - some.stations[0].reworked == some.scrapped)
  expectShare(some.scrapped, of: 6000, 0.027)
  #expect((Double(some.stations[0].produced) / 6000 - 1.39).magnitude < 4 * 0.646 / 6000.0.squareRoot())
}

@Test func reworkTakesTheDefectAway() throws {
  // Every part gets a defect; the inspection finds it, the part comes back without, and passes.
  let line = LineSpec(
    stations: [
      station("Make", from: [0], to: 1, cycle: 1) { $0.latentDefect = 1 },
      station("Inspect", from: [1], cycle: 1) {
        $0.inspection = InspectionLaw(sensitivity: 1, falseReject: 0)
        $0.rework = ReworkSpec(into: 1, attempts: 1)
      },
    ], buffers: [buffer("In"), buffer("Between")], sources: [stock(5, into: 0)])
  let result = try run(line, to: 50)
  #expect(result.good == 5 && result.escapes == 0 && result.scrapped == 0)
  #expect(result.stations[1].produced == 10 && result.stations[1].reworked == 5)
}

/// An inspection of sensitivity s and false rejects f after a defect share d, its rejects reworked once and then inspected anew without defect:
/// scrapped: (d·s + (1 − d)·f)·f; escapes: d·(1 − s).
@Test func inspectionWithReworkHasItsShares() throws {
  let (d, s, f) = (0.3, 0.9, 0.2)
  let n = 6000
  let line = LineSpec(
    stations: [
      station("Make", from: [0], to: 1, cycle: 1) { $0.latentDefect = d },
      station("Inspect", from: [1], cycle: 0.5) {
        $0.inspection = InspectionLaw(sensitivity: s, falseReject: f)
        $0.rework = ReworkSpec(into: 1, attempts: 1)
      },
    ], buffers: [buffer("In"), buffer("Between")], sources: [stock(n, into: 0)])
  let result = try run(line, to: 20_000)
  #expect(result.good + result.escapes + result.scrapped == n)
  expectShare(result.scrapped, of: n, (d * s + (1 - d) * f) * f, "scrapped")
  expectShare(result.escapes, of: n, d * (1 - s), "escapes")
}

/// A tool that spoils 0.4·(w/4)² at wear w is replaced after four parts: on average 0.4·(1 + 4 + 9 + 16)/16/4 = 0.1875.
@Test func scrapGrowsWithWear() throws {
  let wear = WearSpec(perPart: .constant(1), replaceAt: 4, replacement: .constant(0), scrapWhenWorn: 0.4, scrapExponent: 2)
  let line = LineSpec(stations: [station("M", cycle: 1) { $0.wear = wear }], buffers: [], sources: [])
  let result = try run(line, to: 8000)
  #expect(result.stations[0].produced == 8000)
  expectShare(result.scrapped, of: 8000, 0.1875)
}

/// A temperature of 100 cools towards 20 (time constant 100) while the station stands, and comes back with 50. It fails after 25 s of work for
/// 100 s: the third part is finished 5 s after, at 100 − (100 − T)·e^(−0.1), T = 20 + 80/e; the fourth 10 s later.
@Test func scrapAfterAStopIsThatOfTheCooledMachine() throws {
  func off(_ worked: Double) -> Double { (80 - 80 * 0.36787944117144233) * Portable.exp(-worked / 50) }
  let condition = ConditionSpec(
    name: "Temperature", setpoint: 100, timeConstant: 50, standing: 20, standingTimeConstant: 100, optimum: 100, curvature: 1e-4)
  let machines = 1500
  var line = LineSpec(
    stations: [
      station("M", cycle: 10) {
        $0.machines = machines
        $0.conditions = [condition]
        $0.failure = StoppageSpec(interval: .constant(25), length: .constant(100))
      }
    ], buffers: [], sources: [])
  #expect(try run(line, to: 129).scrapped == 0)
  let third = try run(line, to: 131)
  #expect(third.stations[0].produced == 3 * machines)
  expectShare(third.scrapped, of: machines, 1e-4 * off(5) * off(5), "third")
  expectShare(try run(line, to: 141).scrapped - third.scrapped, of: machines, 1e-4 * off(15) * off(15), "fourth")
  // One that keeps its temperature makes none.
  line.stations[0].conditions[0].standing = nil
  #expect(try run(line, to: 141).scrapped == 0)
}

/// An Ornstein-Uhlenbeck disturbance of deviation σ makes a mean scrap of curvature·σ² = 0.02 · 4.
@Test func noiseOfAConditionMakesItsMeanScrap() throws {
  let condition = ConditionSpec(name: "T", setpoint: 50, timeConstant: 10, noise: 2, noiseTime: 30, optimum: 50, curvature: 0.02)
  let line = LineSpec(stations: [station("M", cycle: 10) { $0.conditions = [condition] }], buffers: [], sources: [])
  try expectMean(0.08, of: line, horizon: 15_000, warmUp: 0, precision: 0.05, "noise") { Double($0.scrapped) / Double($0.stations[0].produced) }
}
