import Foundation
import LineModel
import Optimization
import PlantModel
import Quantities
import Supervision
import Testing

/// The program that an example folder brings with it, run as Takt runs it. Needs Python; says so and passes where there is none.
@Suite struct ExampleProgramTests {
  private static let forge = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "examples/forge")

  private func folder() throws -> PlantFolder {
    var files: [String: String] = [:]
    for path in try FileManager.default.subpathsOfDirectory(atPath: Self.forge.path) where path.hasSuffix(".yaml") {
      files[path] = try String(contentsOf: Self.forge.appending(path: path), encoding: .utf8)
    }
    return try PlantFolder.read(files: files)
  }

  /// What the program says to these messages, heartbeats left out; nil without Python.
  private func answers(to messages: [MessageToLoop], _ loop: LoopSpec) throws -> [MessageFromLoop]? {
    guard ["/usr/bin/python3", "/usr/local/bin/python3"].contains(where: FileManager.default.isExecutableFile) else {
      print("skipped: examples/forge was not run because Python is not installed")
      return nil
    }
    let process = Process()
    process.executableURL = Self.forge.appending(path: loop.program)
    process.arguments = loop.arguments
    process.currentDirectoryURL = Self.forge
    let (input, output) = (Pipe(), Pipe())
    (process.standardInput, process.standardOutput) = (input, output)
    try process.run()
    input.fileHandleForWriting.write(Data(messages.flatMap { $0.line() + [0x0A] }))
    try input.fileHandleForWriting.close()
    let said = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return try said.split(separator: 0x0A).map { line throws in try MessageFromLoop(line: Array(line)) }.filter {
      if case .heartbeat = $0 { false } else { true }
    }
  }

  @Test func theForgesProgramMovesItsFurnaceAShareOfTheWayAndClaimsWhatThatSaves() throws {
    let folder = try folder()
    let loop = try #require(folder.loops.first)
    #expect(loop.owner == "eve" && loop.feedback?.weight == 0.3)
    let hello = LoopHello(version: 1, loop: loop.name, plant: folder.plant, limits: folder.envelope.limits, objective: loop.objective)
    // The design holds 1210 Cel for best, where 50 K off spoil 4 %.
    let known = LineParameters.design(folder.plant)
    var ignorant = known
    for station in ignorant.stations.indices { ignorant.stations[station].scrap.terms = [] }
    func look(_ request: Int, _ temperature: Double, _ draw: LineParameters) -> MessageToLoop {
      .observe(
        LoopObservation(
          request: request, now: Instant(seconds: 1_800_000_000), setpoints: ["Furnace/TemperatureSet": temperature], calibration: "c",
          draws: Array(repeating: draw, count: 20), openShare: 1, takenBack: [], seed: 1))
    }
    let asked: [MessageToLoop] = [.hello(hello), look(1, 1180, known), look(2, 1209, known), look(3, 1150, known), look(4, 1180, ignorant), .stop]
    guard let said = try answers(to: asked, loop) else { return }
    #expect(said.count == 5)
    guard case .ready(version: 1)? = said.first, case .proposal(let first) = said[1], case .stay(request: 2, _) = said[2],
      case .proposal(let far) = said[3], case .stay(request: 4, _) = said[4]
    else {
      Issue.record("\(said)")
      return
    }
    #expect(first.request == 1 && abs((first.moves["Furnace/TemperatureSet"] ?? 0) - 1189) < 1e-9 && first.units == ["Furnace/TemperatureSet": "Cel"])
    // 4 % · ((30 K)² − (21 K)²) / (50 K)² of 70 parts an hour, at 9 earned and 4 not lost.
    #expect(abs(first.gain.good.expected - 0.514) < 0.001 && abs(first.gain.value.expected - 13 * 0.514) < 0.01)
    // From farther away it takes one of the envelope's steps.
    #expect(far.request == 3 && far.moves["Furnace/TemperatureSet"] == 1160)
  }
}
