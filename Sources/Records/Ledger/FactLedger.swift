public import Quantities

/// The end of the chain, where the next fact is added: the ledger's only writer.
///
/// One process has one of these; whoever else reads the store uses `LedgerReader`.
public final class FactLedger {
  private let store: any LedgerStore
  /// How many entries are recorded: the sequence of the next.
  public private(set) var count: UInt64
  /// The hash of the last entry; zeros for an empty ledger. It stands for all that was ever recorded.
  public private(set) var head: LedgerHash

  /// Finds the end of the chain in `store`. It does not verify the chain: that is `verifyLedger`.
  ///
  /// - Throws: what the store throws; `malformed` if its last entry is missing.
  public init(on store: any LedgerStore) throws(LedgerError) {
    let count = try store.count()
    var head = LedgerHash.zero
    if count > 0 {
      guard let last = try store.read(count - 1..<count).first else { throw .malformed(sequence: count - 1) }
      head = last.hash
    }
    (self.store, self.count, self.head) = (store, count, head)
  }

  /// Records facts in order, all or none, and returns them once they survive a power cut.
  ///
  /// - Throws: what the store throws; then none is recorded, and the same facts may be tried again. (Where a failing disk
  ///   leaves it open whether they were, the next append throws `outOfOrder`: open the ledger anew.)
  @discardableResult
  public func append(_ drafts: [LedgerDraft]) throws(LedgerError) -> [LedgerEntry] {
    var entries: [LedgerEntry] = []
    entries.reserveCapacity(drafts.count)
    for draft in drafts {
      entries.append(LedgerEntry(draft, sequence: count + UInt64(entries.count), previous: entries.last?.hash ?? head))
    }
    guard let last = entries.last else { return [] }
    try store.append(entries)
    (count, head) = (last.sequence + 1, last.hash)
    return entries
  }

  /// Records one fact and returns it once it survives a power cut.
  @discardableResult
  public func append(kind: String, payload: [UInt8], at instant: Instant) throws(LedgerError) -> LedgerEntry {
    try append([LedgerDraft(instant: instant, kind: kind, payload: payload)])[0]
  }
}
