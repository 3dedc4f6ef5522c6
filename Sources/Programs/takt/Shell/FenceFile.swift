import Foundation
import Governance
import Storage

/// The gateway's fence on disk: one small JSON file, replaced whole and flushed before each write that it guards.
enum FenceFile {
  static let name = "fence.json"

  /// - Throws: where the file is there but cannot be read as a fence: then nothing may be written until a person has looked.
  static func read(_ storage: any Storage) throws -> FenceState {
    let bytes: [UInt8]
    do { bytes = try storage.read(name) } catch StorageError.notFound { return FenceState() }
    do { return try JSONDecoder().decode(FenceState.self, from: Data(bytes)) } catch {
      throw CommandFailure(
        "\(name) is damaged (\(error)); without it the gateway cannot tell old writes from new. Look at the ledger, then remove it.")
    }
  }

  static func bytes(_ fence: FenceState) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    return Array(try encoder.encode(fence))
  }
}
