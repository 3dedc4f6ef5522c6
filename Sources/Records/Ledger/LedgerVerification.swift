/// What a ledger's whole content is, in 40 bytes: kept elsewhere (printed, signed, sent to another machine) it also proves that
/// the ledger's end was not cut off, which a chain alone cannot.
public struct LedgerCheckpoint: Sendable, Hashable {
  public var count: UInt64
  /// The hash of entry `count − 1`; zeros for an empty ledger.
  public var head: LedgerHash

  public init(count: UInt64, head: LedgerHash) { (self.count, self.head) = (count, head) }
}

/// Whether the chain holds from the first entry to the last.
public enum LedgerVerification: Sendable, Hashable {
  case intact(LedgerCheckpoint)
  case broken(sequence: UInt64, LedgerBreak)
}

/// What is wrong with the first entry that does not fit.
public enum LedgerBreak: Sendable, Hashable {
  /// No entry stands here, or another one than should.
  case missing
  /// The row cannot be read as an entry.
  case malformed
  /// The content was changed after it was hashed.
  case contentChanged
  /// It does not name the entry before it: an entry was replaced, removed or put in.
  case chainBroken
  /// The ledger is shorter than at the checkpoint: its end was cut off.
  case cutOff(expectedCount: UInt64)
  /// The entry is not the one that the checkpoint saw: history was rewritten.
  case notTheCheckpoint
}

/// Checks every entry: sequence without gaps, content against hash, hash against the next entry's `previous`; and that the
/// ledger contains `checkpoint`, if there is one. Says which entry is the first that does not fit.
///
/// O(n) time, and memory for one page of entries.
/// - Parameter progress: called after each page with the number of entries checked and the number of all.
/// - Throws: what the reader throws, but for `malformed`, which is an answer.
public func verifyLedger(
  _ reader: any LedgerReader, containing checkpoint: LedgerCheckpoint? = nil, progress: (UInt64, UInt64) -> Void = { _, _ in }
) throws(LedgerError) -> LedgerVerification {
  let count = try reader.count()
  var previous = LedgerHash.zero
  var sequence: UInt64 = 0
  while sequence < count {
    let end = min(sequence + ledgerPage, count)
    let page: [LedgerEntry]
    do throws(LedgerError) {
      page = try reader.read(sequence..<end)
    } catch .malformed(let sequence) {
      return .broken(sequence: sequence, .malformed)
    } catch { throw error }
    for entry in page {
      if let broken = flaw(in: entry, at: sequence, after: previous) { return .broken(sequence: sequence, broken) }
      if let checkpoint, checkpoint.count == sequence + 1, checkpoint.head != entry.hash {
        return .broken(sequence: sequence, .notTheCheckpoint)
      }
      (previous, sequence) = (entry.hash, sequence + 1)
    }
    if sequence < end { return .broken(sequence: sequence, .missing) }
    progress(sequence, count)
  }
  if let checkpoint, checkpoint.count > count { return .broken(sequence: count, .cutOff(expectedCount: checkpoint.count)) }
  return .intact(LedgerCheckpoint(count: count, head: previous))
}

/// Entries read at a time.
let ledgerPage: UInt64 = 1024

private func flaw(in entry: LedgerEntry, at sequence: UInt64, after previous: LedgerHash) -> LedgerBreak? {
  if entry.sequence != sequence { return .missing }
  if LedgerHash(of: entry.canonicalBytes) != entry.hash { return .contentChanged }
  return entry.previous == previous ? nil : .chainBroken
}
