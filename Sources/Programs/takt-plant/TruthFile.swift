import Foundation
import Quantities
import ReferencePlants

/// The truth log on disk, and announcements on the terminal.
final class TruthFile {
  private let file: FileHandle?

  /// - Parameter path: nil keeps no log.
  init(_ path: String?) throws {
    guard let path else {
      file = nil
      return
    }
    guard FileManager.default.createFile(atPath: path, contents: nil), let file = FileHandle(forWritingAtPath: path) else {
      throw Failure("cannot write \(path)")
    }
    self.file = file
  }

  /// Writes what became known since the last call, and says aloud what is announced.
  func take(from plant: inout ReferencePlant) throws {
    let records = plant.takeRecords()
    guard !records.isEmpty else { return }
    for record in records {
      if let text = record.announcement { say("announced fault: \(text)", at: record.seconds, Instant(milliseconds: record.milliseconds)) }
    }
    try file?.write(contentsOf: Data(records.map { $0.line + "\n" }.joined().utf8))
  }

  func close() throws { try file?.close() }
}

/// One line on the terminal, with plant time, at once.
func say(_ text: String, at seconds: Double, _ instant: Instant) {
  let iso = Date(timeIntervalSince1970: instant.seconds).formatted(.iso8601)
  say("\(iso) (plant hour \((seconds / 36).rounded() / 100))  \(text)")
}

/// One line on the terminal, at once.
func say(_ text: String) { FileHandle.standardOutput.write(Data("takt-plant: \(text)\n".utf8)) }
