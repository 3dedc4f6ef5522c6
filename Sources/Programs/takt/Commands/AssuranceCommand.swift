import ArgumentParser
import Assurance
import Disk
import Foundation
import Governance
import Ledger
import PlantModel
import Quantities

struct AssuranceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "assurance", abstract: "The safety argument of a plant, with what the ledger says of each of its leaves now.",
    discussion: """
      Example: takt assurance examples/bottling --svg case.svg
      A leaf is red when it is breached or its evidence is too old. Exit code 1 where the argument as a whole is red.
      """)
  @Argument(help: "The plant folder.") var directory: String
  @Option(help: "The data folder of takt up, where it is not PLANT/.takt.") var data: String?
  @Option(help: "For this instant, e.g. 2026-05-04T06:00:00Z; by default now, or the last fact's where the plant's clock is telemetry's.") var at:
    String?
  @Option(help: "Write the argument as an SVG picture in goal structuring notation.") var svg: String?
  @Option(help: "Write the argument in the words of OMG's SACM, as XML.") var sacm: String?
  @Flag(help: "Print JSON.") var json = false

  func run() throws {
    try orExplain {
      let plant = PlantDirectory(directory)
      let folder = try plant.folder()
      let reader = try LedgerFile.reader(of: data ?? plant.dataPath)
      let verification = try verifyLedger(reader)
      // What stands behind a break is no evidence; and of what stands before it no fact is passed over.
      let end =
        switch verification {
        case .intact(let checkpoint): checkpoint.count
        case .broken(let sequence, _): sequence
        }
      var audit = LedgerAudit(GovernancePlan(folder))
      for entry in try reader.read(0..<end) { audit.take(try Fact(decoding: entry.payload)) }
      let argument = StandardCase().argument(for: folder.plant.name, audit, ledger: verification, at: try instant(folder, audit))
      if let svg { try Data(argument.svg.utf8).write(to: URL(filePath: svg)) }
      if let sacm { try Data(argument.sacm.utf8).write(to: URL(filePath: sacm)) }
      if json { try JSONOutput.print(argument) } else { show(argument) }
      if argument.status == .bad { throw ExitCode(1) }
    }
  }

  private func instant(_ folder: PlantFolder, _ audit: LedgerAudit) throws -> Instant {
    if let at {
      guard let instant = Instant(iso8601: at) else { throw CommandFailure("\(at) is no instant; write 2026-05-04T06:00:00Z") }
      return instant
    }
    if case .telemetry = folder.connections.clock { return audit.latest ?? WallClock.now }
    return WallClock.now
  }

  private func show(_ argument: AssuranceCase) {
    print("\(argument.name) at \(argument.at.iso8601): \(word(argument.status))")
    for node in argument.nodes where node.kind == .goal || node.kind == .solution {
      let indent = node.kind == .goal ? "" : "    "
      print("\(indent)\(word(argument.status(of: node.id)))  \(node.id)  \(node.text)")
      guard let indicator = node.indicator else { continue }
      let until = indicator.expires.map { ", counts until \($0.iso8601)" } ?? ""
      print("\(indent)       \(indicator.finding)\(indicator.evidence.map { " (\($0.iso8601)\(until))" } ?? "")")
    }
  }

  private func word(_ status: Indicator.Status) -> String {
    switch status {
    case .good: Style.colour(.green, "green")
    case .unknown: Style.colour(.yellow, "?    ")
    case .bad: Style.colour(.red, "red  ")
    }
  }
}
