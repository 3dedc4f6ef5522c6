import ReferencePlants
import Telemetry
import Testing

@Test func writesAreClampedRefusedLoggedAndReadBack() {
  var plant = ReferencePlant(seed: 1)
  plant.advance(to: 100)
  _ = plant.takeSamples()
  _ = plant.takeRecords()
  #expect(plant.write("Filler/MachSpeed", .number(26)) == .applied)
  #expect(plant.write("Filler/MachSpeed", .number(99)) == .clamped(30))
  #expect(plant.write("Capper/CapTorqueSet", .number(-1)) == .clamped(1))
  let nothing: [(String, SampleValue)] = [
    ("Filler/MachSpeed", .number(.nan)), ("Filler/MachSpeed", .number(.infinity)), ("Filler/MachSpeed", .text("26")), ("Filler/Nothing", .number(1)),
    ("Filler/FillPressure", .number(2)), ("Filler/StateCurrent", .number(6)), ("MachSpeed", .number(26)),
  ]
  for (tag, value) in nothing { #expect(plant.write(tag, value) == .refused, "\(tag) \(value)") }
  let echoed = plant.takeSamples().map { "\(plant.tags[$0.tag].name)=\($0.value.text)" }
  #expect(echoed == ["Filler/MachSpeed=26.0", "Filler/MachSpeed=30.0", "Capper/CapTorqueSet=1.0"])
  let lines = plant.takeRecords().map(\.line)
  #expect(lines.count == 3 + nothing.count)
  #expect(
    lines[1] == #"{"t":100,"ts":100000,"kind":"write","tag":"Filler/MachSpeed","requested":99,"shown":30,"used":30,"via":"call","outcome":"clamped"}"#
  )
  #expect(lines[3].contains(#""requested":"nan""#) && lines[3].contains(#""outcome":"rejected""#))
  #expect(plant.setpoints["Filler/MachSpeed"] == 30 && plant.setpoints["Capper/CapTorqueSet"] == 1)
}

@Test func aProcessVariableFollowsItsSetpointAfterItsDeadTime() {
  var (still, moved) = (ReferencePlant(seed: 4), ReferencePlant(seed: 4))
  func glue(_ plant: ReferencePlant) -> Double {
    guard case .double(let x)? = plant.tags.first(where: { $0.name == "Labeller/GlueTemp" })?.value else { return .nan }
    return x
  }
  still.advance(to: 1000)
  moved.advance(to: 1000)
  moved.write("Labeller/GlueTempSet", .number(150))
  // Gain 0.92, dead time 20 s, lag 150 s; the noise cancels between the two, up to deadband and resolution.
  for (seconds, share) in [(15.0, 0.0), (170.0, 0.632), (1500.0, 1.0)] {
    still.advance(to: 1000 + seconds)
    moved.advance(to: 1000 + seconds)
    #expect(abs(glue(moved) - glue(still) - 9.2 * share) < 0.9, "after \(seconds) s: \(glue(moved) - glue(still))")
  }
}

@Test func aFrozenSensorRepeatsItsLastValueAsGood() {
  var plant = ReferencePlant(seed: 2, timeline: Scenario.sensor.timeline(faultAtHours: 0.5))
  plant.advance(to: 1800)
  _ = plant.takeSamples()
  let held = plant.tags.first { $0.name == "Filler/FillPressure" }!.value
  plant.advance(to: 5400)
  let later = plant.takeSamples().filter { plant.tags[$0.tag].name == "Filler/FillPressure" }
  #expect(later.count > 50 && later.allSatisfy { $0.value == held && $0.quality == .good })
}

@Test func theGlueOptimumDriftsBySixKelvinOverEightHours() {
  var plant = ReferencePlant(seed: 2, timeline: Scenario.drift.timeline(faultAtHours: 1))
  plant.advance(to: 10 * 3600)
  let lines = plant.takeRecords().map(\.line)
  #expect(lines.contains { $0.contains(#""param":"Labeller.GlueTemp.optimum","was":143,"now":149"#) && $0.hasPrefix(#"{"t":32400,"#) })
  #expect(lines.contains { $0.hasPrefix(#"{"t":18000,"#) && $0.contains(#""optimum":146"#) })
}
