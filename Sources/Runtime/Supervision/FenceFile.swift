internal import Foundation
public import Governance
public import Storage

/// The gateway's fence on disk: one small JSON file, replaced whole and flushed before each write that it guards.
public enum FenceFile {
  public static let name = "fence.json"

  /// What was stored last; the fence of a plant that was never written where there is no file.
  ///
  /// - Throws: `RuntimeError.fenceDamaged` where the file is there but cannot be read as a fence: then nothing may be written until a
  ///   person has looked. `StorageError` where the disk refuses.
  public static func read(_ storage: any Storage) throws -> FenceState {
    let bytes: [UInt8]
    do { bytes = try storage.read(name) } catch StorageError.notFound { return FenceState() }
    do { return try JSONDecoder().decode(FenceState.self, from: Data(bytes)) } catch { throw RuntimeError.fenceDamaged(reason: "\(error)") }
  }

  /// The bytes of a fence; equal fences give equal bytes.
  ///
  /// - Precondition: every number is finite (the gateway refuses the rest before it keeps them).
  static func bytes(_ fence: FenceState) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    do { return Array(try encoder.encode(fence)) } catch { preconditionFailure("a fence cannot be encoded: \(error)") }
  }
}

/// What a plant's runtime cannot go on from.
public enum RuntimeError: Error, Sendable, Hashable, CustomStringConvertible {
  /// Without its fence the gateway cannot tell old writes from new. Retrying does not help.
  case fenceDamaged(reason: String)

  public var description: String {
    switch self {
    case .fenceDamaged(let reason):
      "\(FenceFile.name) is damaged (\(reason)); without it the gateway cannot tell old writes from new. Look at the ledger, then remove it."
    }
  }
}
