import ArgumentParser
import Console
import Foundation
import Historian
import Interchange
import Quantities
import Telemetry

/// The historian of a plant's data folder.
struct HistorianFolder: ParsableArguments {
  @Option(name: .customLong("plant"), help: "The plant folder.") var directory = "."
  @Option(help: "The data folder of takt up, where it is not PLANT/.takt.") var data: String?

  var place: String { data ?? PlantDirectory(directory).dataPath }

  func reader() throws -> any HistorianReader { try HistorianPlace(folder: place).reader() }
}

/// A span of plant time, from options.
struct Span: ParsableArguments {
  @Option(help: "From this instant on, e.g. 2026-05-04T06:00:00Z.") var from: String?
  @Option(help: "Up to, not including, this instant.") var to: String?

  func range() throws -> Range<Instant> {
    func instant(_ text: String?, _ standard: Instant) throws -> Instant {
      guard let text else { return standard }
      guard let instant = Instant(iso8601: text) else { throw CommandFailure("\(text) is no instant; write 2026-05-04T06:00:00Z") }
      return instant
    }
    let (start, end) = (try instant(from, .distantPast), try instant(to, .distantFuture))
    guard start < end else { throw CommandFailure("--from must lie before --to") }
    return start..<end
  }
}

struct QueryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "query", abstract: "Read the historian: last values, raw samples, or aggregates over windows.",
    discussion: """
      Examples:
        takt query --plant examples/bottling                              (every tag, its last value and its health)
        takt query Filler/FillPressure --from 2026-05-04T06:00:00Z
        takt query Filler/FillPressure --window 10m                       (count, min, mean, time-weighted mean, max per window)
      """)
  @Argument(help: "A tag; without one, the last value of every tag.") var tag: String?
  @OptionGroup var historian: HistorianFolder
  @OptionGroup var span: Span
  @Option(help: "Aggregate over windows of this length: 30s, 10m, 1h.") var window: String?
  @Flag(help: "Print JSON.") var json = false
  @Flag(help: "Print CSV.") var csv = false

  func run() throws {
    try orExplain {
      let reader = try historian.reader()
      let table = try HistorianTables(reader: reader).table(of: tag, span: span, window: window)
      if json { print(String(decoding: table.json(), as: UTF8.self)) } else { print(String(decoding: table.csv(), as: UTF8.self), terminator: "") }
    }
  }
}

struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write telemetry as CSV to standard output.",
    discussion: "Example: takt export --plant examples/bottling > telemetry.csv")
  @Argument(help: "Tags; without any, all.") var tags: [String] = []
  @OptionGroup var historian: HistorianFolder
  @OptionGroup var span: Span

  func run() throws {
    try orExplain {
      let reader = try historian.reader()
      let range = try span.range()
      FileHandle.standardOutput.write(Data(TelemetryCSV.headerLine))
      for tag in tags.isEmpty ? reader.tags : tags {
        FileHandle.standardOutput.write(Data(TelemetryCSV.lines(try reader.samples(of: tag, in: range).map { SampleBlock(tag: tag, $0) })))
      }
    }
  }
}

struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Read telemetry from CSV into a plant's historian; takt up must not be running.",
    discussion: "Columns: tag,timestamp_ms,value,quality.\nExample: takt import telemetry.csv --plant examples/bottling-4")
  @Argument(help: "The file.") var file: String
  @OptionGroup var historian: HistorianFolder

  func run() throws {
    try orExplain { try TelemetryImport.run(file, into: HistorianPlace(folder: historian.place)) }
  }
}

struct UserCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "user", abstract: "People who may sign in at the console.", subcommands: [Set.self])

  struct Set: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Add a person, or change a password and roles; the password is read from standard input.",
      discussion: "Example: takt user set maria --role operator --plant examples/bottling")
    @Argument(help: "The name.") var name: String
    @Option(name: .customLong("role"), help: "viewer, operator, engineer, approver, safety or auditor; may be given several times.") var roles:
      [String] = []
    @OptionGroup var folder: HistorianFolder

    func run() throws {
      try orExplain {
        let parsed = try roles.map { role in
          guard let known = Role(rawValue: role) else {
            throw CommandFailure("there is no role \(role); there are \(Role.allCases.map(\.rawValue).joined(separator: ", "))")
          }
          return known
        }
        if isatty(STDIN_FILENO) == 1 { FileHandle.standardError.write(Data("password: ".utf8)) }
        guard let password = readLine(strippingNewline: true) else { throw CommandFailure("no password given") }
        try FileManager.default.createDirectory(atPath: folder.place, withIntermediateDirectories: true)
        try Accounts(data: folder.place).set(name: name, password: password, roles: parsed.isEmpty ? [.viewer] : parsed)
        print("\(name) may sign in")
      }
    }
  }
}
