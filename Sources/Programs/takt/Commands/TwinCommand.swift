import ArgumentParser
import Console
import Quantities

struct TwinCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "twin", abstract: "May the running twin be believed, and how far is the plant from what it was at commissioning?",
    discussion: """
      Examples: takt twin --plant examples/bottling
                takt twin accept --because "new caps since Monday, they jam more"
                takt twin mended --because "the reject camera was dirty"
      """,
    subcommands: [TwinShowCommand.self, TwinAcceptCommand.self, TwinMendedCommand.self], defaultSubcommand: TwinShowCommand.self)
}

struct TwinShowCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Validity and references of the running twin.", discussion: "Example: takt twin show --plant examples/bottling")
  @OptionGroup var plant: RunningPlant
  @Flag(help: "Print JSON.") var json = false

  func run() async throws {
    try await orExplain {
      let client = try plant.client()
      if json { return print(try await client.getText("twin")) }
      Self.lines(try await client.get("twin", as: TwinView.self)).forEach { print($0) }
    }
  }

  static func lines(_ twin: TwinView) -> [String] {
    var lines = ["twin \(twin.valid.map { $0 ? "valid" : "NOT VALID" } ?? "not calibrated") (\(fixed(twin.score, 2)))  \(twin.reason)"]
    guard !twin.references.isEmpty else { return lines }
    let length = twin.referenceInterval.map { "; a sample is \(fixed($0.hours, 1)) h" } ?? ""
    lines += ["", "Against commissioning, in standard deviations of a sample\(length):"]
    lines += TextTable(
      header: ["STATION", "QUANTITY", "REFERENCE", "DISTANCE", "OF ALARM %"],
      rows: twin.references.map { view in
        [
          view.station, view.quantity,
          view.since.map { "since \($0.iso8601)" } ?? "being commissioned, \(view.samples) of \(view.commissioning) samples",
          fixed(view.distance, 2), view.drift == nil ? fixed(view.strain.map { 100 * $0 }, 0) : "DRIFTED",
        ]
      }
    ).lines()
    let drifts = twin.references.compactMap(\.drift)
    return drifts.isEmpty ? lines : lines + [""] + drifts + ["An engineer decides: takt twin accept, or takt twin mended."]
  }
}

struct TwinAcceptCommand: PlantCommand {
  static let configuration = CommandConfiguration(
    commandName: "accept", abstract: "End the quarantine: what the plant is now is what it shall be held to.",
    discussion: "Example: takt twin accept --because \"new caps since Monday, they jam more\"")
  @OptionGroup var plant: RunningPlant
  @Option(help: "Why, for the ledger.") var because: String
  var path: String { "twin/accept" }
  var reason: String? { because }
  var done: String { "Accepted: what had drifted is commissioned anew. The twin is judged with its next calibration." }
}

struct TwinMendedCommand: PlantCommand {
  static let configuration = CommandConfiguration(
    commandName: "mended", abstract: "End the quarantine: the cause was found and removed, and the old reference holds.",
    discussion: "Example: takt twin mended --because \"the reject camera was dirty\"")
  @OptionGroup var plant: RunningPlant
  @Option(help: "Why, for the ledger.") var because: String
  var path: String { "twin/mended" }
  var reason: String? { because }
  var done: String { "The old reference holds; what had drifted counts little. The twin is judged with its next calibration." }
}
