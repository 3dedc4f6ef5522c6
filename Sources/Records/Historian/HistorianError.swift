public import Storage

/// Why the historian could not do it. Each case says whether trying again can help.
public enum HistorianError: Error, Sendable, Hashable {
  /// The storage failed. Nothing that was acknowledged is lost; retrying helps as the inner case says, and is safe.
  case storage(StorageError)
  /// More samples in one call than the head may hold. Retrying helps only in smaller portions.
  case batchTooLarge(bytes: Int, limit: Int)
  /// The head is at its limit and is being sealed elsewhere, or a commit is being written: nothing was taken. Retrying helps once that is done;
  /// tell the sender to wait.
  case headFull(bytes: Int, limit: Int)
  /// Bytes at `offset` of a block file are not what was written. Retrying does not help; other tags and ranges can still be read.
  case damaged(name: String, offset: Int)
  /// An aggregate over more windows than one answer may have. Retrying does not help; ask for a shorter range or longer windows.
  case tooManyWindows(count: Int, limit: Int)
}
