import Foundation
import PlantModel
import Quantities
import Testing

/// A rollout that interleaves like machines, and each way in which machines cannot be each other's control.
@Suite struct LikeMachinesTests {
  static let loop = "loops/setpoints.yaml"

  /// The good folder with two fillers side by side, and a rollout that interleaves them.
  static let twins: [String: String] = {
    var files = GoodFolder.files
    let plant = files["plant.yaml"]!
    let start = plant.range(of: "  Filler:\n")!.lowerBound, end = plant.range(of: "  Packer:\n")!.lowerBound
    let filler = String(plant[start..<end])
    files["plant.yaml"] = plant.replacingCharacters(
      in: start..<end, with: filler + filler.replacingOccurrences(of: "Filler", with: "Second"))
    let limits = "  Second/MachSpeed: {low: 18 1/min, high: 28 1/min, max_step: 2 1/min, max_per_hour: 6 1/min}\n"
    files["envelope.yaml"] = files["envelope.yaml"]!.replacingOccurrences(of: "interlocks:", with: limits + "interlocks:")
    files[loop] =
      files[loop]!.replacingOccurrences(of: "moves: [Filler/MachSpeed, Filler/FillPressureSet]", with: "moves: [Second/MachSpeed, Filler/MachSpeed]")
      + "\n  interleave: {pairs: 30, dwell: 20 min, washout: 15 min}"
    return files
  }()

  static func edited(_ edits: [(file: String, old: String, new: String)]) -> [String: String] {
    var files = twins
    for edit in edits {
      guard let range = files[edit.file]!.range(of: edit.old) else { fatalError("\(edit.file) holds no \(edit.old)") }
      files[edit.file] = files[edit.file]!.replacingCharacters(in: range, with: edit.new)
    }
    return files
  }

  @Test func machinesSideBySideAreTakenInThePlantsOrderEachWithItsOwnSetPoints() throws {
    let check = PlantFolder.check(files: Self.twins)
    #expect(check.issues.map(\.description) == [])
    let spec = try #require(check.folder?.loops[0].rollout.interleave)
    #expect(
      spec.machines == [
        LikeMachine(station: "Filler", tags: ["Filler/MachSpeed"]), LikeMachine(station: "Second", tags: ["Second/MachSpeed"]),
      ])
    #expect(spec.calendar.pairs == 30 && spec.calendar.dwell == .minutes(20) && spec.calendar.washout == .minutes(15))
    let before = try #require(PlantFolder.check(files: GoodFolder.files).folder)
    #expect(before.loops[0].rollout.interleave == nil && before.loops[0].rollout.calendar == nil)
  }

  static let plant = "plant.yaml"
  static let faults: [(name: String, edits: [(file: String, old: String, new: String)], problem: String, remedy: String)] = [
    ("one machine", [(loop, "Second/MachSpeed, ", "")], "`Filler` alone", "add the set-points of its like"),
    (
      "both designs", [(loop, "  interleave:", "  switchback: {pairs: 30, dwell: 20 min, washout: 15 min}\n  interleave:")],
      "stands beside `switchback`", "keep `interleave`"
    ),
    (
      "one moves more than the other",
      [
        (loop, "moves: [", "moves: [Filler/FillPressureSet, ")
      ], "`moves` names `Filler/FillPressureSet`, and not `Second/FillPressureSet`", "add `Second/FillPressureSet`"
    ),
    ("another cycle", [(plant, "mean: 2.5 s", "mean: 2.6 s")], "are not alike: their `cycle` differs", "declare them alike if they are"),
    ("another speed", [(plant, "rated: 24 1/min", "rated: 25 1/min")], "their `speed.rated` differs", "declare them alike"),
    (
      "another range", [(plant, "low: 15 1/min", "low: 14 1/min")], "the ranges of `Filler/MachSpeed` and `Second/MachSpeed` differ",
      "declare them alike"
    ),
    ("two machines under one name", [(plant, "    out: B1\n", "    out: B1\n    machines: 2\n")], "more parts at a time", "declare them alike"),
    (
      "no count", [(plant, "    out: B1\n", "    out: B1\n    tags: {processed: none}\n")], "`Filler` does not tell how many parts it has finished",
      "give it that tag"
    ),
    ("no rejects", [(plant, "    out: B1\n", "    out: B1\n    tags: {defective: none}\n")], "how many it has rejected", "give it that tag"),
    (
      "no state",
      [
        (plant, "    out: B1\n", "    out: B1\n    tags: {state: none}\n"),
        ("envelope.yaml", "tag: Filler/StateCurrent", "tag: Packer/StateCurrent"),
      ], "its state", "give it that tag"
    ),
    (
      "one after the other",
      [
        (plant, "  B1: {capacity: 20", "  B2: {capacity: 20}\n  B1: {capacity: 20"), (plant, "    out: B1\n", "    out: B2\n"),
        (plant, "  Second:\n    in: {B0: 1}", "  Second:\n    in: {B2: 1}"),
      ],
      "parts of `Filler` come to `Second`", "side by side"
    ),
    (
      "rework that comes back",
      [(plant, "    out: sink", "    out: sink\n    inspection: {sensitivity: 98 %, false_reject: 1 %}\n    rework: {into: B0, attempts: 2}")],
      "parts of `Filler` come back to it", "side by side"
    ),
    (
      "hidden defects", [(plant, "    out: B1\n", "    out: B1\n    latent_defects: 1 %\n")], "`Filler` makes defects that it does not see",
      "write `switchback` instead"
    ),
    (
      "one operator for both",
      [
        (plant, "buffers:", "crews:\n  Ann: {count: 1, skills: [operator]}\nbuffers:"),
        (plant, "    out: B1\n", "    out: B1\n    needs: operator\n"),
        (plant, "  Second:\n    in: {B0: 1}", "  Second:\n    needs: operator\n    in: {B0: 1}"),
      ], "`Ann` serves `Filler` and `Second`", "give each its own"
    ),
    (
      "defects that are seen elsewhere",
      [
        (loop, "Second/MachSpeed, Filler/MachSpeed", "Second/FillPressureSet, Filler/FillPressureSet"),
        (
          "envelope.yaml", "interlocks:",
          "  Second/FillPressureSet: {low: 1.6 bar, high: 3 bar, max_step: 200 mbar, max_per_hour: 1 bar}\ninterlocks:"
        ),
        (plant, "        high: 3.4 bar\n", "        high: 3.4 bar\n        defects_seen_at: [Packer]\n"),
      ], "defects of `Filler`'s `FillPressure` are seen at `Packer`", "write `switchback` instead"
    ),
  ]

  @Test(arguments: faults.indices) func whatCannotBeEachOthersControlIsRefusedWithItsPlaceAndARemedy(_ index: Int) {
    let fault = Self.faults[index]
    let check = PlantFolder.check(files: Self.edited(fault.edits))
    #expect(check.folder == nil, "\(fault.name) was taken for good")
    let found = check.issues.filter { $0.path == "rollout.interleave" }
    #expect(found.count == 1 && check.issues.count == 1, "\(fault.name): \(check.issues.map(\.description))")
    guard let issue = found.first else { return }
    let line = Self.edited(fault.edits)[Self.loop]!.split(separator: "\n").firstIndex { $0.contains("interleave:") }! + 1
    #expect(issue.file == Self.loop && issue.line == line, "\(fault.name): \(issue)")
    #expect(issue.problem.contains(fault.problem) && issue.remedy.contains(fault.remedy), "\(fault.name): \(issue)")
  }

  /// Rework further down the line, and a crew that only repairs, come between no machines.
  @Test func whatDoesNotReachFromOneMachineToTheOtherIsNoReason() {
    let files = Self.edited([
      (Self.plant, "buffers:", "crews:\n  Ann: {count: 1, skills: [mechanic]}\nbuffers:"),
      (
        Self.plant, "    out: B1\n",
        "    out: B1\n    failure: {time_to_failure: {exponential: 4 h}, repair: {exponential: 10 min}, needs: mechanic}\n"
      ),
      (
        Self.plant, "  Second:\n    in: {B0: 1}",
        "  Second:\n    failure: {time_to_failure: {exponential: 4 h}, repair: {exponential: 10 min}, needs: mechanic}\n    in: {B0: 1}"
      ),
      (Self.plant, "    out: sink", "    out: sink\n    inspection: {sensitivity: 98 %, false_reject: 1 %}\n    rework: {into: B1, attempts: 2}"),
    ])
    #expect(PlantFolder.check(files: files).issues.filter { $0.severity == .error }.map(\.description) == [])
  }

  /// The mills of the assembly line are seen to be alike; the tag that one of them alone has is not.
  @Test func theMillsOfTheAssemblyLineAreRecognised() throws {
    var files = try Examples.files("assembly-8")
    files["loops/mills.yaml"] =
      GoodFolder.files[Self.loop]!.replacingOccurrences(
        of: "[Filler/MachSpeed, Filler/FillPressureSet]", with: "[MillA/MachSpeed, MillB/MachSpeed]")
      + "\n  interleave: {pairs: 30, dwell: 20 min, washout: 15 min}"
    let check = PlantFolder.check(files: files)
    #expect(check.issues.filter { $0.severity == .error }.map(\.description) == [])
    #expect(check.folder?.loops.first?.rollout.interleave?.machines.map(\.station) == ["MillA", "MillB"])
    files["loops/mills.yaml"] = files["loops/mills.yaml"]!.replacingOccurrences(of: "MillB/MachSpeed", with: "Mould/MachSpeed")
    #expect(PlantFolder.check(files: files).issues.map(\.problem) == ["`MillA` and `Mould` are not alike: their `cycle` differs"])
  }
}
