import Quantities
import ReferencePlants
import Telemetry
import Testing

/// Everything that a plant says and truly does, as text.
func transcript(_ plant: inout ReferencePlant, hours: Double, write: (tag: String, value: Double, atHours: Double)? = nil) -> [String] {
  if let write {
    plant.advance(to: write.atHours * 3600)
    plant.write(write.tag, .number(write.value))
  }
  plant.advance(to: hours * 3600)
  plant.finish()
  let tags = plant.tags
  return plant.takeSamples().map { "\(tags[$0.tag].name),\($0.instant.milliseconds),\($0.value.text),\($0.quality.rawValue)" }
    + plant.takeRecords().map(\.line)
}

@Test func sameSeedGivesTheSameBytesAndAnotherSeedDoesNot() {
  func run(_ seed: UInt64, pieces: Int = 1) -> [String] {
    var plant = ReferencePlant(seed: seed, timeline: Scenario.story.timeline(faultAtHours: 0.5))
    for k in 1..<max(pieces, 2) { plant.advance(to: 3600 * Double(k) / Double(pieces)) }
    return transcript(&plant, hours: 1.2)
  }
  let first = run(7)
  #expect(first == run(7))
  #expect(first == run(7, pieces: 173))  // how time is cut does not matter
  #expect(first != run(8))
  #expect(first.contains { $0.contains("\"kind\":\"event\"") && $0.contains("valves are worn") })
}

@Test func aWriteChangesOnlyWhatItTouches() {
  func lines(_ write: (tag: String, value: Double, atHours: Double)?, of names: [String]) -> [String] {
    var plant = ReferencePlant(seed: 3)
    return transcript(&plant, hours: 2, write: write).filter { line in names.contains { line.hasPrefix($0) } }
  }
  // The glue decides only which bottles the Labeller rejects: nothing upstream and no state anywhere may differ.
  let untouched = ["Rinser/", "Filler/", "Capper/", "Buffer/", "Labeller/StateCurrent", "Labeller/ProdProcessedCount", "Labeller/CurMachSpeed"]
  let glue = ("Labeller/GlueTempSet", 155.0, 0.5)
  #expect(lines(glue, of: untouched) == lines(nil, of: untouched))
  #expect(lines(glue, of: ["Labeller/ProdDefectiveCount"]) != lines(nil, of: ["Labeller/ProdDefectiveCount"]))
  // A faster Filler meets the same noise on every process variable.
  let noise = ["Rinser/RinseTemp,", "Filler/FillPressure,", "Capper/CapTorque,", "Labeller/GlueTemp,"]
  #expect(lines(("Filler/MachSpeed", 27, 0.5), of: noise) == lines(nil, of: noise))
  #expect(!lines(nil, of: noise).isEmpty)
}
