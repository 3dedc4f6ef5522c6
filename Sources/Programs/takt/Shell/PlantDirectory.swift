import ArgumentParser
import Disk
import Foundation
import PlantModel

/// A plant folder on disk.
struct PlantDirectory {
  let path: String

  init(_ path: String) { self.path = path }

  /// Its files as text, by relative path.
  func files() throws -> [String: String] {
    do { return try PlantFolderFiles.read(path) } catch { throw CommandFailure("\(error)") }
  }

  /// Read and checked; on errors prints them all and ends with exit code 1.
  func folder() throws -> PlantFolder {
    do { return try PlantFolder.read(files: try files()) } catch let errors as PlantFolderErrors {
      throw CommandFailure(errors.issues.map { "\(path)/\($0)" }.joined(separator: "\n") + "\nMend these, then try again: takt check \(path)")
    }
  }

  /// Where a running plant keeps its records, unless `--data` says otherwise.
  var dataPath: String { "\(path)/.takt" }
}

/// Ends a command with a message on standard error and exit code 1 (refused or falls short).
struct CommandFailure: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }

  /// Prints it; returns the exit code to end with.
  func told() -> ExitCode {
    FileHandle.standardError.write(Data("takt: \(description)\n".utf8))
    return ExitCode(1)
  }
}

extension ParsableCommand {
  /// Runs `body`; a `CommandFailure` is printed and becomes exit code 1.
  func orExplain<Value>(_ body: () throws -> Value) throws -> Value {
    do { return try body() } catch let failure as CommandFailure { throw failure.told() }
  }

  /// The same for work that waits.
  func orExplain<Value>(_ body: () async throws -> Value) async throws -> Value {
    do { return try await body() } catch let failure as CommandFailure { throw failure.told() }
  }
}
