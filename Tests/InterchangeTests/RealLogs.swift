import Foundation
import Interchange
import ProcessMining
import Quantities

/// Real event logs beside the project, where they are at hand. They may not be passed on, so they are not in it.
enum RealLogs {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../shared/data").standardizedFileURL

  /// The production log of a job shop; nil, with a printed line, where it is absent.
  static func production() throws -> EventLogReading? {
    guard let data = contents("production-log/production_part1.csv") else { return nil }
    return try EventLogCSV.read([UInt8](data))
  }

  /// The sensor log of a packaging line, unpacked by `xz`; nil, with a printed line, where it is absent.
  static func line() throws -> EventLogReading? {
    let packed = folder.appending(path: "autotwin-line/events_part1.csv.xz")
    guard FileManager.default.fileExists(atPath: packed.path) else {
      print("skipped: \(packed.path) is absent")
      return nil
    }
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["xz", "-dc", packed.path]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return try EventLogCSV.read([UInt8](data))
  }

  private static func contents(_ path: String) -> Data? {
    let url = folder.appending(path: path)
    guard let data = try? Data(contentsOf: url) else {
      print("skipped: \(url.path) is absent")
      return nil
    }
    return data
  }
}
