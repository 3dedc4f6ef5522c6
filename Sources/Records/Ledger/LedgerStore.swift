/// Reads entries in order. Consoles and verifiers are given this, never the store.
public protocol LedgerReader: AnyObject {
  /// How many entries are recorded.
  func count() throws(LedgerError) -> UInt64

  /// The entries whose sequence lies in `range`, in order; fewer where the ledger ends, or where rows are missing.
  func read(_ range: Range<UInt64>) throws(LedgerError) -> [LedgerEntry]
}

/// Keeps entries for ever. It does not judge them: `Ledger` makes the chain, `verify` checks it.
///
/// Every implementation passes `ledgerStoreViolations(in:)`.
public protocol LedgerStore: LedgerReader {
  /// Adds entries behind the last one, all or none, and returns once they survive a power cut.
  ///
  /// The first must have the sequence `count()`, and each the next; else it is `outOfOrder` and nothing is added.
  func append(_ entries: [LedgerEntry]) throws(LedgerError)
}

/// Why the ledger could not do it. Each case says whether trying again can help.
public enum LedgerError: Error, Sendable, Hashable {
  /// The disk is full: the fact is not recorded. Retrying helps once somebody makes room.
  case full
  /// Entry `found` where `expected` is next: somebody else wrote to this ledger. Retrying helps after opening it anew.
  case outOfOrder(expected: UInt64, found: UInt64)
  /// A row that is no entry (a hash of the wrong length, no text). Retrying does not help.
  case malformed(sequence: UInt64)
  /// The ledger ends before this sequence. Retrying does not help.
  case noSuchEntry(sequence: UInt64)
  /// The system refused; `reason` is its own text. Retrying may help.
  case failed(reason: String)
}
