import Foundation
import Testing

extension LoopTests {
  @Test(arguments: ["bottling", "bottling-4"])
  func takesTheExamplesAndNamesThePlaceOfAFault(example: String) async throws {
    guard Programs.areBuilt else { return print("skipped: takt is not built beside the tests") }
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("takt-check-\(example)-\(ProcessInfo.processInfo.processIdentifier)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let output = folder.appendingPathComponent("output.log")

    let source = Programs.repository.appendingPathComponent("examples/\(example)")
    let whole = try await Child(Programs.takt, ["check", source.path], output: output).ended(within: 30)
    #expect(whole == 0, "\((try? String(contentsOf: output, encoding: .utf8)) ?? "")")

    let broken = folder.appendingPathComponent("plant")
    try FileManager.default.copyItem(at: source, to: broken)
    let file = broken.appendingPathComponent("plant.yaml")
    let text = try String(contentsOf: file, encoding: .utf8)
    let line = try #require(text.split(separator: "\n", omittingEmptySubsequences: false).firstIndex { $0.contains("cycle: {gamma:") }) + 1
    let mean = try #require(text.range(of: #"cycle: \{gamma: \{mean: [0-9.]+ s"#, options: .regularExpression))
    try text.replacingCharacters(in: mean, with: "cycle: {gamma: {mean: 2 kg").write(to: file, atomically: true, encoding: .utf8)
    let status = try await Child(Programs.takt, ["check", broken.path], output: output).ended(within: 30)
    #expect(status == 1)
    let said = try String(contentsOf: output, encoding: .utf8)
    #expect(said.range(of: #"plant\.yaml:\#(line):[0-9]+"#, options: .regularExpression) != nil, "\(said)")
  }
}
