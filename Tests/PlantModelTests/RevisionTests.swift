import PlantModel
import Testing

@Suite struct RevisionTests {
  @Test func theHashIsOverPathsAndContentAndStable() throws {
    // sha256 of "a\0" "1\0" "x" "b\0" "0\0" "".
    #expect(PlantFolder.revision(of: ["b": "", "a": "x"]) == "67d356ddc4738efafeb23de943b29a7a9506589e3b0698523eb1cc88cbc7b7b5")
    let revision = try PlantFolder.read(files: GoodFolder.files).revision
    #expect(revision.count == 64)
    for _ in 0..<20 { #expect(PlantFolder.revision(of: GoodFolder.files) == revision) }
    for (file, text) in GoodFolder.files {
      #expect(PlantFolder.revision(of: GoodFolder.adding(file, text + "\n# note")) != revision, "\(file)")
    }
    // Moving a byte from one file to the next is another revision.
    #expect(PlantFolder.revision(of: ["a": "xy", "b": ""]) != PlantFolder.revision(of: ["a": "x", "b": "y"]))
  }

  @Test func readingTwiceGivesTheSameValue() throws {
    #expect(try PlantFolder.read(files: GoodFolder.files) == PlantFolder.read(files: GoodFolder.files))
  }
}

@Suite struct DiffTests {
  private func changes(_ old: String, _ new: String, in file: String) throws -> [String] {
    let before = try PlantFolder.read(files: GoodFolder.files)
    let after = try PlantFolder.read(files: GoodFolder.replacing(old, by: new, in: file))
    return PlantFolder.diff(from: before, to: after).map(\.description)
  }

  @Test func aFieldIsNamedByItsPathWithBothValuesAndItsKind() throws {
    #expect(try changes("cycle: 2.4 s", "cycle: 2.5 s", in: "plant.yaml") == ["stations.Packer.cycle: 2.4 s → 2.5 s (parameter)"])
    #expect(
      try changes("mean: 2.5 s", "mean: 2.6 s", in: "plant.yaml") == [
        "stations.Filler.cycle: {gamma: {mean: 2.5 s, cv: 0.1}} → {gamma: {mean: 2.6 s, cv: 0.1}} (parameter)"
      ])
    #expect(try changes("in: {B1: 1}", "in: {B1: 2}", in: "plant.yaml") == ["stations.Packer.in.B1: 1 → 2 (structural)"])
    #expect(
      try Set(changes("prices:", "reference: {sample: 12 h}\nprices:", in: "plant.yaml"))
        == ["reference.commissioning: - → 32 (parameter)", "reference.sample: - → 43200 s (parameter)"])
    #expect(try changes("scrap: 0.5", "scrap: 0.4", in: "plant.yaml") == ["prices.scrap: 0.5 → 0.4 (parameter)"])
    #expect(try changes("high: 28 1/min", "high: 27 1/min", in: "envelope.yaml") == ["limits.Filler/MachSpeed.high: 28 1/min → 27 1/min (envelope)"])
    #expect(
      try changes("forbids: [Filler/MachSpeed]", "forbids: [Filler/FillPressureSet]", in: "envelope.yaml") == [
        "interlocks.FillerAborted.forbids: [Filler/MachSpeed] → [Filler/FillPressureSet] (envelope)"
      ])
    #expect(try changes("cadence: 10 min", "cadence: 20 min", in: "loops/setpoints.yaml") == ["loops.setpoints.cadence: 600 s → 1200 s (loop)"])
    #expect(
      try changes("clock: system", "clock: {telemetry: {speed: 60}}", in: "connections.yaml") == [
        "clock: system → {telemetry: {speed: 60}} (connection)"
      ])
    #expect(
      try changes("    node: Small", "    node: Small\n    port: 1884", in: "connections.yaml") == [
        "sparkplug.Plant1/Small.port: 1883 → 1884 (connection)"
      ])
  }

  @Test func whatIsNewAndWhatIsGoneHasOneValue() throws {
    #expect(
      try changes("    scrap: 1 %", "    scrap: 1 %\n    changeover: 5 min", in: "plant.yaml") == [
        "stations.Packer.changeover: - → 300 s (parameter)"
      ])
    #expect(
      try changes(", level_tag: Buffer/B1", "", in: "plant.yaml").sorted() == [
        "buffers.B1.level_tag: Buffer/B1 → - (structural)", "tags.Buffer/B1.kind: count → - (structural)", "tags.Buffer/B1.low: 0 → - (parameter)",
        "tags.Buffer/B1.stale_after: 180 s → - (parameter)", "tags.Buffer/B1.unit: 1 → - (structural)",
      ])
  }

  @Test func anotherSpellingOfTheSameValueIsNoChange() throws {
    #expect(try changes("cycle: 2.4 s", "cycle: 2400 ms   # the same", in: "plant.yaml") == [])
    #expect(try changes("cycle: 2.4 s", "cycle: {constant: 2.4 s}", in: "plant.yaml") == [])
    #expect(try changes("scrap: 1 %", "scrap: 0.01", in: "plant.yaml") == [])
    #expect(try changes("max_step: 200 mbar", "max_step: 0.2 bar", in: "envelope.yaml") == [])
  }
}
