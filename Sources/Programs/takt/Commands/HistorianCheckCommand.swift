import ArgumentParser
import Disk
import Foundation
import Historian

struct HistorianCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Verify every byte of a historian's folder, and say what was found.",
    discussion: """
      Checksums, counts, order of instants, and the summaries against the samples themselves. With --repair, torn tails are cut, damaged chunks
      are left out, leftovers are removed, and what nobody can read is moved to damaged/; each is said. No server must run on the folder.
      Exit code 1 where anything acknowledged is lost.

      Examples:
        takt historian check --data historian
        takt historian check --data historian --repair
      """)
  @OptionGroup var place: HistorianPlace
  @Flag(help: "Mend what can be mended.") var repair = false
  @Flag(help: "Print JSON.") var json = false

  func run() throws {
    try orExplain {
      guard FileManager.default.fileExists(atPath: place.data) else { throw CommandFailure("there is no folder \(place.data)") }
      let report: CheckReport
      do {
        let lock = try DataFolderLock(folder: place.data)
        defer { withExtendedLifetime(lock) {} }
        report = try Historian.check(try FileStorage(folder: place.data), repairs: repair)
      } catch { throw CommandFailure("\(place.data): \(error)") }
      if json { try JSONOutput.print(Printed(report)) } else { print(report.isSound ? "\(report)" : Style.colour(.red, "\(report)")) }
      if !report.isSound { throw ExitCode(1) }
    }
  }

  private struct Printed: Encodable {
    struct Finding: Encodable {
      var name: String
      var offset: Int
      var problem: String
      var samplesLost: Int?
      var repair: String?
    }
    var isSound: Bool
    var blockFiles: Int
    var chunks: Int
    var blockSamples: Int
    var blockBytes: Int
    var segments: Int
    var records: Int
    var logBytes: Int
    var findings: [Finding]

    init(_ report: CheckReport) {
      (isSound, blockFiles, chunks, blockSamples) = (report.isSound, report.blockFiles, report.chunks, report.blockSamples)
      (blockBytes, segments, records, logBytes) = (report.blockBytes, report.segments, report.records, report.logBytes)
      findings = report.findings.map {
        Finding(name: $0.name, offset: $0.offset, problem: $0.problem, samplesLost: $0.samplesLost, repair: $0.repair)
      }
    }
  }
}
