import ArgumentParser
import Foundation

struct LatencyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "latency", abstract: "How long a governed write and a takeover take on this machine, under load.",
    discussion: """
      Example: takt latency examples/bottling --rate 50000 --writes 1000 --takeovers 1000 --json
      The whole path runs for real: historian, ledger, fence and gateway on this disk, with every flush. Only the machine at the end is not
      there: what the gateway lets through is read back at once. With --broker the way leads through a broker, there and back: an edge node
      publishes the sample, and the write has come when it is told of it.
        write     from a sample handed in to the permit that it leads to: two facts and two fences on disk lie between
        shut      from the press of the switch to the gateway's being shut, while the core is flooded
        taken     from the press to the takeover's being in the ledger
      """)

  @Argument(help: "The plant folder.") var directory: String
  @Option(help: "Samples a second that come in beside.") var rate = 50_000
  @Option(help: "Governed writes that are timed.") var writes = 1_000
  @Option(help: "Takeovers that are timed.") var takeovers = 1_000
  @Option(help: "HOST:PORT of an MQTT broker to go through.") var broker: String?
  @Flag(help: "Print JSON.") var json = false

  func validate() throws {
    guard rate >= 0, writes >= 1, takeovers >= 0 else { throw ValidationError("--rate and --takeovers are not negative, --writes is at least 1") }
  }

  private func address() throws -> (host: String, port: Int)? {
    guard let broker else { return nil }
    let parts = broker.split(separator: ":")
    guard parts.count == 2, let port = Int(parts[1]), (1...65535).contains(port) else { throw ValidationError("--broker is HOST:PORT") }
    return (String(parts[0]), port)
  }

  func run() async throws {
    try await orExplain {
      let rig = try LatencyRig(folder: try PlantDirectory(directory).folder(), directory: directory, broker: try address())
      defer { rig.end() }
      let report = try await rig.measure(rate: rate, writes: writes, takeovers: takeovers)
      if json { return try JSONOutput.print(report) }
      for line in report.lines { print(line) }
    }
  }
}
