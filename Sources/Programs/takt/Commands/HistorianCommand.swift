import ArgumentParser
import Disk
import Foundation
import Historian

/// The historian on its own: a server for any sender, and the tools for its folder.
struct HistorianCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "historian", abstract: "The historian on its own: serve it over HTTP, check, fill and ask its folder.",
    discussion: """
      Examples:
        takt historian serve --data /var/lib/takt-historian
        takt historian check --data /var/lib/takt-historian
        takt historian tags --data /var/lib/takt-historian
      """,
    subcommands: [
      HistorianServeCommand.self, HistorianCheckCommand.self, HistorianImportCommand.self, HistorianQueryCommand.self, HistorianTagsCommand.self,
    ])
}

/// The folder of a historian that stands alone.
struct HistorianPlace: ParsableArguments {
  @Option(help: "The historian's folder.") var data: String

  init() {}
  init(folder: String) { data = folder }

  /// Reads what the folder holds, beside a server that may be running.
  func reader() throws -> any HistorianReader {
    guard FileManager.default.fileExists(atPath: data) else { throw CommandFailure("there is no folder \(data)") }
    do { return try Historian.reader(of: try FileStorage(folder: data)) } catch { throw CommandFailure("\(data): \(error)") }
  }

  /// Opens it for writing: nobody else may while the lock lives.
  func open() throws -> (historian: Historian, storage: FileStorage, lock: DataFolderLock) {
    do {
      try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
      let lock = try DataFolderLock(folder: data)
      let storage = try FileStorage(folder: data)
      return (try Historian(on: storage), storage, lock)
    } catch { throw CommandFailure("\(data): \(error)") }
  }
}
