import PlantModel
import Probability
import Quantities
import Testing

@Suite struct ExamplesTests {
  @Test(arguments: ["bottling", "bottling-4"]) func examplesHaveNoIssue(_ name: String) throws {
    let check = PlantFolder.check(files: try Examples.files(name))
    #expect(check.issues.map(\.description) == [])
    let folder = try #require(check.folder)
    #expect(folder.plant.name == name)
    let limited = Set(folder.envelope.limits.map(\.tag))
    #expect(folder.loops.map(\.name) == ["setpoints"])
    #expect(folder.loops.allSatisfy { limited.isSuperset(of: $0.moves) })
    #expect(folder.connections.clock == .telemetry(speed: 60))
  }

  @Test(arguments: Examples.names) func everyExampleHasNoIssue(_ name: String) throws {
    let check = PlantFolder.check(files: try Examples.files(name))
    #expect(check.issues.map(\.description) == [])
    #expect(check.folder?.plant.name == name)
  }

  @Test func bottling4CanReachItsGoodSetpoints() throws {
    let folder = try PlantFolder.read(files: try Examples.files("bottling-4"))
    let wanted: [String: Double] = [
      "Filler/MachSpeed": 27, "Filler/FillPressureSet": 2.54, "Capper/CapTorqueSet": 2.12, "Labeller/GlueTempSet": 150,
      "Labeller/MachSpeed": 28.6, "Labeller/ToolLife": 7700, "Packer/MachSpeed": 28,
    ]
    for (tag, value) in wanted {
      let limit = try #require(folder.envelope.limits.first { $0.tag == tag })
      #expect(limit.low < value && value < limit.high, "\(tag)")
      // When tools are changed is for people to settle: inside the limits, not among what the loop moves by itself.
      if tag != "Labeller/ToolLife" { #expect(folder.loops[0].moves.contains(tag), "\(tag)") }
    }
  }

  @Test func defaultsFollowPackTags() throws {
    let plant = try PlantFolder.read(files: try Examples.files("bottling-4")).plant
    let filler = try #require(plant.station(named: "Filler"))
    #expect(
      filler.tags
        == StationTags(
          state: "Filler/StateCurrent", processed: "Filler/ProdProcessedCount", defective: "Filler/ProdDefectiveCount", speed: "Filler/CurMachSpeed"))
    #expect(filler.speed?.setpoint == SetpointSpec(tag: "Filler/MachSpeed", unit: "1/min", design: 24, low: 15, high: 30))
    #expect(filler.processVariables[0].tag == "Filler/FillPressure")
    #expect(filler.processVariables[0].setpoint?.tag == "Filler/FillPressureSet")
    #expect(filler.processVariables[0].defectsSeenAt == ["Filler"])
    #expect(plant.station(named: "Capper")?.processVariables[0].defectsSeenAt == ["Packer"])
    #expect(plant.station(named: "Labeller")?.processVariables[1].defectsSeenAt == [])
    #expect(plant.setpoints.count == 9)
    // 36 tags of the plant, node metrics included.
    #expect(plant.tags.count == 36)
    #expect(plant.tag("Buffer/B2") == nil && plant.tag("Buffer/B1")?.kind == .count)
    #expect(plant.tag("Filler/FillPressure")?.staleAfter == .minutes(3))
    #expect(plant.stations.map(\.scrap) == [0.01, 0, 0.01, 0.01])
    #expect(filler.failure?.timeToFailure == .exponential(mean: 14_400))
  }
}
