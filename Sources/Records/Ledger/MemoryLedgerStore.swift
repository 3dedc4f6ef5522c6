/// A ledger in memory, for tests and rehearsal. Its rows may be changed, as a forger would.
public final class MemoryLedgerStore: LedgerStore {
  /// The rows as they stand.
  public var entries: [LedgerEntry] = []
  /// The next appends throw this.
  public var failure: LedgerError?

  public init() {}

  public func count() throws(LedgerError) -> UInt64 { UInt64(entries.count) }

  public func read(_ range: Range<UInt64>) throws(LedgerError) -> [LedgerEntry] {
    Array(entries[Int(min(range.lowerBound, UInt64(entries.count)))..<Int(min(range.upperBound, UInt64(entries.count)))])
  }

  public func append(_ entries: [LedgerEntry]) throws(LedgerError) {
    if let failure { throw failure }
    for (expected, entry) in zip(UInt64(self.entries.count)..., entries) where entry.sequence != expected {
      throw .outOfOrder(expected: expected, found: entry.sequence)
    }
    self.entries += entries
  }
}
