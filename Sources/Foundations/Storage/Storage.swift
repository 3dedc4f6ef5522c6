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
  /// Gives a file another name, durably, in place of what had it: after a crash one of the two names is there, whole. Its bytes were synced before.
  func rename(_ name: String, to other: String) throws(StorageError)
  /// The file as it is now, to be read from any thread, also after it has been removed. What is appended later may or may not be seen.
  func open(_ name: String) throws(StorageError) -> any StoredFile
}

/// A file opened for reading; it may be handed to another thread, and outlives the file's name.
public protocol StoredFile: AnyObject, Sendable {
  /// How long it was when it was opened, or is by now.
  var byteCount: Int { get }
  /// `count` bytes from `offset`; fewer only at the end of the file.
  func read(offset: Int, count: Int) throws(StorageError) -> [UInt8]
}

extension Storage {
  /// By writing it anew under the other name: right for any storage, fast for none.
  public func rename(_ name: String, to other: String) throws(StorageError) {
    try replace(other, try read(name))
    try remove(name)
  }

  /// By holding all of it in memory.
  public func open(_ name: String) throws(StorageError) -> any StoredFile { FileInMemory(try read(name)) }
}

/// A file's bytes, held in memory.
final class FileInMemory: StoredFile {
  private let bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var byteCount: Int { bytes.count }

  func read(offset: Int, count: Int) throws(StorageError) -> [UInt8] {
    precondition(offset >= 0 && count >= 0, "reading \(count) bytes from \(offset)")
    let start = min(offset, bytes.count)
    return Array(bytes[start..<min(start + count, bytes.count)])
  }
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
