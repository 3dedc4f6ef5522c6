import Quantities
import Testing
import Twin

/// Follows a line that changes after three hours; says when the twin became valid, lost validity after the change, and regained it.
private func life(_ seed: Int, hours: Double, change: (inout TestLine) -> Void) -> (
  valid: Double?, lost: Double?, regained: Double?, reasons: [String], twin: Twin
) {
  var line = TestLine(seed: seed)
  line.run(toHours: 3)
  change(&line)
  line.run(toHours: hours)
  var twin = Twin(plant: line.plant, seed: 1, configuration: .small)
  var (valid, lost, regained): (Double?, Double?, Double?)
  var reasons: [String] = []
  twin.follow(line.samples) { twin, now in
    let t = (now - line.start).hours
    let isValid = twin.validity.valid
    if isValid && valid == nil { valid = t }
    if t > 3, !isValid, lost == nil { lost = t }
    if !isValid, lost != nil, regained == nil { reasons.append(twin.validity.reason) }
    if let lost, isValid, regained == nil, t > lost { regained = t }
  }
  return (valid, lost, regained, reasons, twin)
}

@Test func validityIsEarnedLostToAChangeNamedAndRegained() throws {
  let slower = life(11, hours: 5.5) { $0.machines[1].cycle = 6.2 }
  let (valid, lost, regained) = (try #require(slower.valid), try #require(slower.lost), try #require(slower.regained))
  #expect(valid < 1.5 && lost < 4 && regained < lost + 1.2, "valid \(valid) h, lost \(lost) h, regained \(regained) h")
  #expect(slower.reasons.contains { $0.contains("M2: cycle time changed") }, "\(Set(slower.reasons))")
  let cycle = try #require(slower.twin.calibration.estimate("M2", .cycle))
  #expect(abs(cycle.mean / 6.2 - 1) < 0.02)
  #expect(slower.twin.validity.score > 0.4 && slower.twin.validity.validUntil != nil)

  let spoiling = life(12, hours: 5.5) { $0.machines[0].scrap = 0.12 }
  let spoilt = try #require(spoiling.lost)
  #expect(spoilt < 4 && spoiling.regained != nil)
  #expect(spoiling.reasons.contains { $0.contains("M1: scrap changed") }, "\(Set(spoiling.reasons))")
  let scrap = try #require(spoiling.twin.calibration.estimate("M1", .scrap))
  #expect(scrap.low < 0.12 && 0.12 < scrap.high && scrap.low > 0.06)
  #expect(spoiling.twin.residuals.contains { $0.station == "M1" && $0.kind == .scrap && $0.z > 3 })
}

@Test func anUnchangedPlantLosesNoValidity() {
  var losses = 0
  for seed in 21..<24 {
    let calm = life(seed, hours: 5) { _ in }
    #expect(calm.valid.map { $0 < 1.5 } ?? false)
    if calm.lost != nil { losses += 1 }
  }
  #expect(losses <= 1)
}

@Test func silenceEndsTrust() {
  var line = TestLine(seed: 31)
  line.run(toHours: 1.5)
  var twin = Twin(plant: line.plant, seed: 1, configuration: .small)
  twin.follow(line.samples)
  #expect(twin.validity.valid)
  twin.advance(to: line.start + .hours(1.75))
  #expect(!twin.validity.valid)
  #expect(twin.validity.reason.hasPrefix("no telemetry since"))
}
