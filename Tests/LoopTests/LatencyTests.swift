import Foundation
import Testing

extension LoopTests {
  /// The rig of `takt latency` begins in the middle of a change: what the governor asks of a start must not leave it waiting for ever.
  @Test func theLatencyRigWritesAndNothingPassesAfterAPress() async throws {
    guard Programs.areBuilt else { return print("skipped: takt is not built beside the tests") }
    let output = FileManager.default.temporaryDirectory.appendingPathComponent("takt-latency-\(ProcessInfo.processInfo.processIdentifier).json")
    defer { try? FileManager.default.removeItem(at: output) }
    let plant = Programs.repository.appendingPathComponent("examples/bottling").path
    let arguments = ["latency", plant, "--rate", "1000", "--writes", "5", "--takeovers", "3", "--json"]
    let status = try await Child(Programs.takt, arguments, output: output).ended(within: 60)
    let said = try String(contentsOf: output, encoding: .utf8)
    #expect(status == 0, "\(said)")
    let report = try JSONDecoder().decode(Report.self, from: Data(said.utf8))
    #expect(report.write.count == 5 && report.taken.count == 3 && report.permitsAfterPress == 0, "\(said)")
  }
}

private struct Report: Decodable {
  struct Times: Decodable { var count: Int }
  var write: Times
  var taken: Times
  var permitsAfterPress: Int
}
