import ArgumentParser
import Foundation
import Historian
import Quantities

struct HistorianCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Verify every block and log record of a historian's folder, repair what can be, and say what was done.",
    discussion: """
      It opens the folder as a start would (a torn tail of the log is cut off, superseded files go) and then decodes every sample. Exit code 1
      where anything acknowledged may be lost.
      Example: takt historian check --data historian
      """)
  @OptionGroup var place: HistorianPlace
  @Flag(help: "Print JSON.") var json = false

  func run() throws {
    try orExplain {
      let opened = try place.open()
      defer { withExtendedLifetime(opened.lock) {} }
      let bar = ProgressBar("checking ")
      var damage: [String] = []
      var samples = 0
      let tags = opened.historian.tags
      for (number, tag) in tags.enumerated() {
        do { samples += try opened.historian.samples(of: tag, in: .distantPast ..< .distantFuture).count } catch { damage.append("\(tag): \(error)") }
        bar.show(number + 1, of: tags.count)
      }
      let recovery = opened.historian.recovery
      if json {
        try JSONOutput.print(
          Report(recovery: "\(recovery)", isSound: recovery.isSound && damage.isEmpty, tags: tags.count, samples: samples, damage: damage))
      } else {
        print("\(recovery)\n\(tags.count) tags with \(samples) samples read, each block against its checksum")
        for line in damage { print(Style.colour(.red, "DAMAGED: \(line)")) }
      }
      if !recovery.isSound || !damage.isEmpty { throw ExitCode(1) }
    }
  }

  private struct Report: Encodable {
    var recovery: String
    var isSound: Bool
    var tags: Int
    var samples: Int
    var damage: [String]
  }
}
