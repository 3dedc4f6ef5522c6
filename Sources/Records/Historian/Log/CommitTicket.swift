public import Storage

/// Bytes of the log that wait to become durable, and where they belong: what one group commit writes.
///
/// `Historian.beginCommit` makes it under whatever lock protects the historian; `write` may run outside of that lock, on another
/// thread, while appends go on; `Historian.finishCommit` takes the result in, under the lock again.
public struct CommitTicket: Sendable {
  /// The last append that these bytes make durable.
  public let sequence: UInt64
  let name: String
  /// What goes to the end of the file; the first `prefaceCount` bytes are not records.
  let bytes: [UInt8]
  let prefaceCount: Int
  /// The length of the file before.
  let offset: Int
  /// So many series are named in the segment with these bytes.
  let namedCount: Int

  /// The bytes to write.
  public var byteCount: Int { bytes.count }

  /// Writes the bytes, and syncs them unless `isSynced` is false (then they survive the process but not the machine).
  ///
  /// The storage must allow it beside other calls: `FileStorage` does, `MemoryStorage` only from the same thread.
  public func write(to storage: any Storage, isSynced: Bool = true) -> Result<Void, StorageError> {
    do throws(StorageError) {
      try storage.append(name, bytes)
      if isSynced { try storage.sync(name) }
      return .success(())
    } catch { return .failure(error) }
  }
}
