import LineModel
import Quantities
import Testing

@testable import Twin

/// One station whose variable is moved through its range, two hours at each place.
private func walked(cliff: Double, seed: Int) -> (line: TestLine, twin: Twin) {
  var line = TestLine(seed: seed, stations: 1)
  (line.machines[0].curvature, line.machines[0].optimum) = (0.0004, 48)
  line.machines[0].cliff = (cliff, 8)
  (line.machines[0].mtbf, line.machines[0].micro) = (1e9, 1e9)
  for (k, value) in [50.0, 40, 60, 54, 44, 58, 62].enumerated() {
    line.machines[0].variable = value
    line.run(toHours: 2 * Double(k + 1))
  }
  var twin = Twin(plant: line.plant, seed: 3, configuration: .small)
  twin.follow(line.samples)
  return (line, twin)
}

@Test func aResponseOfTheRightFormIsNotCalledStructural() throws {
  let (_, twin) = walked(cliff: 0, seed: 21)
  let found = try #require(twin.scrapMismatches.first)
  #expect(found.station == "M1" && found.stretches > 45)
  #expect(found.verdict == .consistent || found.verdict == .miscalibrated, "\(found)")
  #expect(found.modifier == nil && twin.scrapModifiers.isEmpty)
}

@Test func aCliffIsAStructuralErrorAndComesWithItsModifier() throws {
  let (line, twin) = walked(cliff: 0.25, seed: 22)
  let found = try #require(twin.scrapMismatches.first)
  #expect(found.verdict == .structural && !found.evidence.isEmpty, "\(found)")
  let modifier = try #require(found.modifier)
  let slope = try #require(modifier.slopes.first)
  #expect(slope.variable == "M1/Temp" && abs(slope.base - 62) < 0.5 && slope.deviation > 0)
  // At its base the corrected model says what the plant does; the model alone does not.
  let machine = line.machines[0]
  let truth = machine.scrap + machine.curvature * 14 * 14 + machine.cliff.share
  let draws = twin.calibration.draws.map { $0.stations[0].scrap }
  func share(_ responses: [Double]) -> Double { responses.reduce(0, +) / Double(responses.count) }
  let plain = share(draws.map { $0.probability(at: ["M1/Temp": 62], speedRatio: 1) })
  let corrected = share(draws.map { $0.corrected(by: modifier).probability(at: ["M1/Temp": 62], speedRatio: 1) })
  print("share at 62: plant \(truth), model \(plain), corrected \(corrected)")
  #expect(abs(corrected - truth) < 0.04 && abs(corrected - truth) < abs(plain - truth) + 0.01)
}

@Test func aVariableThatNeverMovedTellsNothingOfTheForm() throws {
  var line = TestLine(seed: 23, stations: 1)
  line.run(toHours: 1)
  var twin = Twin(plant: line.plant, seed: 3, configuration: .small)
  twin.follow(line.samples)
  #expect(twin.scrapMismatches.map(\.verdict) == [.untested])
}
