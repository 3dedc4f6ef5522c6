/// Files as the records see them: named byte sequences that grow at the end. Synchronous, so that nothing below the edges awaits.
///
/// `Disk` implements it on real files; `MemoryStorage` in memory, with faults. Every implementation passes the same kit,
/// `storageViolations(in:)`. Names are relative paths with `/`; no part is empty or begins with a dot (`checkedName`).
public protocol Storage: AnyObject {
  /// The names that exist and begin with `prefix`, sorted bytewise.
  func list(prefix: String) throws(StorageError) -> [String]
  /// The whole content.
  func read(_ name: String) throws(StorageError) -> [UInt8]
  /// `count` bytes from `offset`; fewer only at the end of the file.
  func read(_ name: String, offset: Int, count: Int) throws(StorageError) -> [UInt8]
  /// Adds bytes at the end, creating the file if need be. They are durable only after `sync`.
  ///
  /// When it throws, any part of the bytes may stand at the end of the file: the writer cuts it off or goes on in another file.
  func append(_ name: String, _ bytes: [UInt8]) throws(StorageError)
  /// Returns once all that was appended to `name` survives a power cut, its directory entry included.
  ///
  /// When it throws, what was not yet durable may never become so, even if a later `sync` of the file succeeds (Linux drops
  /// the dirty pages): the writer must write it again, to another file. A file that does not exist is `notFound`.
  func sync(_ name: String) throws(StorageError)
  /// Replaces the content so that after a crash either the old or the new content is there, whole and durable.
  func replace(_ name: String, _ bytes: [UInt8]) throws(StorageError)
  /// Cuts the file to `count` bytes, durably: a torn tail is removed so.
  func truncate(_ name: String, to count: Int) throws(StorageError)
  /// Removes the file; durable on return. No error where it does not exist.
  func remove(_ name: String) throws(StorageError)
}

/// Why storage failed. Each case says whether trying again can help.
public enum StorageError: Error, Sendable, Hashable {
  /// No such file. Retrying does not help.
  case notFound(name: String)
  /// The disk is full. Retrying helps once somebody makes room.
  case full(name: String)
  /// The system refused; `reason` is its own text. Retrying may help.
  case failed(name: String, reason: String)
}
