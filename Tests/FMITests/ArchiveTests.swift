import Foundation
import TestFMUs
import Testing

@testable import FMI

@Suite struct ArchiveTests {
  private func write(_ name: String, _ files: [(String, String)]) throws -> String? {
    let path = TestUnits.folder.appendingPathComponent(name).path
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments =
      [
        "python3", "-c",
        "import sys, zipfile\nz = zipfile.ZipFile(sys.argv[1], 'w')\nfor n, t in zip(sys.argv[2::2], sys.argv[3::2]): z.writestr(n, t)", path,
      ]
      + files.flatMap { [$0.0, $0.1] }
    try process.run()
    process.waitUntilExit()
    if process.terminationStatus != 0 { print("skipped: no python3 to pack an archive with") }
    return process.terminationStatus == 0 ? path : nil
  }

  private func message(_ path: String, _ unpack: Bool = false) -> String {
    do {
      let fmu = try FMU(path)
      if unpack { _ = try fmu.unpacked() }
      return "no error"
    } catch { return "\(error)" }
  }

  @Test func whatIsNoFMUIsRefusedInWords() throws {
    let text = TestUnits.folder.appendingPathComponent("text.fmu")
    try Data("no archive".utf8).write(to: text)
    #expect(message(text.path).contains("text.fmu: it cannot be read as a zip archive"))
    #expect(message("/nonexistent.fmu").contains("/nonexistent.fmu: it cannot be read"))
    guard let empty = try write("empty.fmu", [("readme.txt", "")]) else { return }
    #expect(message(empty).contains("holds no modelDescription.xml"))
    let description = Descriptions.xml("heater", 2)
    for name in ["../escape.txt", "/etc/escape.txt", "binaries/../../escape.txt", "..\\escape.txt", "C:/escape.txt"] {
      let slip = try #require(try write("slip.fmu", [("modelDescription.xml", description), (name, "x")]))
      #expect(message(slip).contains("leads out of the archive"), "\(name)")
    }
    let other = try #require(
      try write("other.fmu", [("modelDescription.xml", description), ("binaries/win64/heater.dll", "x"), ("binaries/darwin64/heater.dylib", "x")]))
    #expect(message(other, true).contains("has no binaries/\(FMU.platforms(2)[0])/heater.so, only for darwin64, win64; export it for"))
    let exchange = description.replacing(#/<CoSimulation[^>]*>/#, with: #"<ModelExchange modelIdentifier="heater"/>"#)
    #expect(
      message(try #require(try write("me.fmu", [("modelDescription.xml", exchange)])), true).contains("model exchange only; export it for co-sim"))
    let broken = try #require(
      try write("broken.fmu", [("modelDescription.xml", description), ("binaries/\(FMU.platforms(2)[0])/heater.so", "not ELF")]))
    #expect(throws: FMIError.self) { try FMUSession(try FMU(broken), host: TestUnits.host) }
    #expect(throws: FMIError.host(problem: "/nonexistent/host: not an executable file")) {
      try FMUSession(try FMU(broken), host: "/nonexistent/host")
    }
  }

  @Test func aDescriptionSaysAllThatIsWrongAndWhere() throws {
    let right = Descriptions.xml("heater", 3)
    let description = try ModelDescription(Array(right.utf8), file: "heater.fmu")
    #expect(description.states.map { description.variables[$0].name } == ["T"])
    #expect(description.outputs.map { description.variables[$0].name } == ["T"] && description.experiment.stepSize == 0.1)
    #expect(description.units["kW"] == UnitDefinition(powers: [1, 2, -3, 0, 0, 0, 0, 0], factor: 1000))
    #expect(try ModelDescription(Array(Descriptions.xml("heater", 2).utf8), file: "").states == description.states)

    let wrong =
      right.replacing(#"start="10""#, with: #"start="ten""#).replacing(#"causality="input""#, with: #"causality="inptu""#)
      .replacing(#"valueReference="6""#, with: "").replacing(#"<Output valueReference="0"/>"#, with: #"<Output valueReference="77"/>"#)
    guard case .description(_, let faults)? = error(wrong) else {
      Issue.record("taken")
      return
    }
    #expect(faults.count == 3)
    #expect(faults.map(\.description)[0] == "9: <Float64> (k) has the start ten; write a number for each value")
    #expect(faults[1].description.contains("(u) has the causality inptu; write one of parameter,"))
    #expect(faults[2].description.contains("(steps) has no valueReference"))
    let dangling = right.replacing(#"<Output valueReference="0"/>"#, with: #"<Output valueReference="77"/>"#)
    guard case .description(_, let later)? = error(dangling) else {
      Issue.record("taken")
      return
    }
    #expect(later.count == 1 && later[0].problem == "names the variable 77")

    #expect("\(error(right.replacing(#"fmiVersion="3.0""#, with: #"fmiVersion="1.0""#))!)".contains("it is of FMI 1.0; export it as FMI 2.0 or 3.0"))
    #expect("\(error(String(right.prefix(900)))!)".contains("is broken here"))
    #expect("\(error("<html></html>")!)".contains("is not the root of a model description"))
    #expect(error("") != nil)
  }

  private func error(_ xml: String) -> FMIError? {
    do throws(FMIError) {
      _ = try ModelDescription(Array(xml.utf8), file: "test.fmu")
      return nil
    } catch { return error }
  }
}
