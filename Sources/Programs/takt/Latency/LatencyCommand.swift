import ArgumentParser
import Foundation
import Governance

struct LatencyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "latency", abstract: "How long a governed write and a takeover take on this machine, under load.",
    discussion: """
      Example: takt latency examples/bottling --rate 50000 --writes 1000 --takeovers 1000 --json
      The whole path runs for real: historian, ledger, fence and gateway on this disk, with every flush. Only the machine at the end is not
      there: what the gateway lets through is read back at once.
        write     from a sample handed in to the permit that it leads to: two facts and two fences on disk lie between
        shut      from the press of the switch to the gateway's being shut, while the core is flooded
        taken     from the press to the takeover's being in the ledger
      """)

  @Argument(help: "The plant folder.") var directory: String
  @Option(help: "Samples a second that come in beside.") var rate = 50_000
  @Option(help: "Governed writes that are timed.") var writes = 1_000
  @Option(help: "Takeovers that are timed.") var takeovers = 1_000
  @Flag(help: "Print JSON.") var json = false

  func validate() throws {
    guard rate >= 0, writes >= 1, takeovers >= 0 else { throw ValidationError("--rate and --takeovers are not negative, --writes is at least 1") }
  }

  func run() async throws {
    try await orExplain {
      let rig = try LatencyRig(folder: try PlantDirectory(directory).folder(), directory: directory)
      defer { rig.end() }
      let report = try await rig.measure(rate: rate, writes: writes, takeovers: takeovers)
      if json { return try JSONOutput.print(report) }
      for line in report.lines { print(line) }
    }
  }
}

/// Times in milliseconds.
struct LatencyReport: Encodable {
  struct Quantiles: Encodable {
    var count: Int
    var p50: Double
    var p99: Double
    var p999: Double
    var worst: Double

    init(_ times: [Duration]) {
      let sorted = times.map { Double($0.components.seconds) * 1e3 + Double($0.components.attoseconds) / 1e15 }.sorted()
      func at(_ p: Double) -> Double { sorted.isEmpty ? .nan : sorted[min(Int((p * Double(sorted.count)).rounded(.up)) - 1, sorted.count - 1)] }
      (count, p50, p99, p999, worst) = (sorted.count, at(0.5), at(0.99), at(0.999), sorted.last ?? .nan)
    }

    var text: String { "p50 \(fixed(p50, 2))  p99 \(fixed(p99, 2))  p99.9 \(fixed(p999, 2))  worst \(fixed(worst, 2)) ms of \(count)" }
  }

  var write: Quantiles
  var shut: Quantiles
  var taken: Quantiles
  /// Samples that were made durable beside, in a second, while writes were timed and while takeovers were.
  var rateBesideWrites: Double
  var rateBesideTakeovers: Double
  /// Permits that left after a press and before the re-arming.
  var permitsAfterPress: Int

  var lines: [String] {
    [
      "write  \(write.text)", "shut   \(shut.text)", "taken  \(taken.text)",
      "beside writes \(fixed(rateBesideWrites, 0)) samples/s, beside takeovers \(fixed(rateBesideTakeovers, 0)) samples/s",
      "permits after a press: \(permitsAfterPress)",
    ]
  }

  typealias Duration = Swift.Duration
}
