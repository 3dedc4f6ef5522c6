import ArgumentParser
import Foundation
import Historian
import Interchange

struct HistorianImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Read telemetry from CSV into a historian's folder; no server must run on it.",
    discussion: "Columns: tag,timestamp_ms,value,quality.\nExample: takt historian import telemetry.csv --data historian")
  @Argument(help: "The file.") var file: String
  @OptionGroup var place: HistorianPlace

  func run() throws {
    try orExplain { try TelemetryImport.run(file, into: place) }
  }
}

/// Reads a CSV file into a historian, a portion at a time, each durable before the next.
struct TelemetryImport {
  let historian: Historian
  let file: String

  /// The whole command: says how many samples were taken, and ends with exit code 1 where a line was refused.
  static func run(_ file: String, into place: HistorianPlace) throws {
    guard let handle = FileHandle(forReadingAtPath: file) else { throw CommandFailure("\(file) cannot be read") }
    let size = ((try? FileManager.default.attributesOfItem(atPath: file))?[.size] as? Int) ?? 0
    let opened = try place.open()
    defer { withExtendedLifetime(opened.lock) {} }
    let result = try TelemetryImport(historian: opened.historian, file: file).run(handle, size: size)
    print("\(result.samples) samples imported, \(result.problems) lines refused")
    if result.problems > 0 { throw ExitCode(1) }
  }

  private func run(_ handle: FileHandle, size: Int) throws -> (samples: Int, problems: Int) {
    let bar = ProgressBar("importing ")
    var importer = TelemetryCSV.Importer()
    var done = 0
    while let chunk = try handle.read(upToCount: 1 << 20), !chunk.isEmpty {
      try take(importer.read(Array(chunk)))
      done += chunk.count
      bar.show(min(done, size), of: size)
    }
    try take(importer.finish())
    return (importer.sampleCount, importer.problemCount)
  }

  private func take(_ portion: TelemetryCSV.Importer.Portion) throws {
    for problem in portion.problems { FileHandle.standardError.write(Data("\(file): \(problem)\n".utf8)) }
    _ = try historian.append(blocks: portion.blocks)
    _ = try historian.commit()
    _ = try historian.maintain()
  }
}
