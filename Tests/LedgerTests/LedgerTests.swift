import Ledger
import Quantities
import Testing

/// A ledger of `count` facts with differing kinds and payloads.
func ledger(of count: Int) throws -> MemoryLedgerStore {
  let store = MemoryLedgerStore()
  let ledger = try FactLedger(on: store)
  for i in 0..<count {
    try ledger.append(kind: "Fact\(i % 3)", payload: Array("{\"n\":\(i)}".utf8), at: Instant(milliseconds: Int64(i) * 250))
  }
  return store
}

@Test func memoryKeepsThePromisesOfALedgerStore() { #expect(ledgerStoreViolations(in: MemoryLedgerStore()) == []) }

@Test func entriesAreChainedFromZeros() throws {
  let store = try ledger(of: 4)
  #expect(store.entries.map(\.sequence) == [0, 1, 2, 3])
  #expect(store.entries[0].previous == .zero)
  for (before, entry) in zip(store.entries, store.entries.dropFirst()) { #expect(entry.previous == before.hash) }
  let again = try FactLedger(on: store)
  #expect(again.count == 4 && again.head == store.entries[3].hash)
}

/// The layout in docs/ledger-format.md, written out; the hash was computed with Python's hashlib over the same bytes.
@Test func theCanonicalBytesAreTheDocumentedOnes() {
  let entry = LedgerEntry(LedgerDraft(instant: Instant(nanoseconds: 258), kind: "Ab", payload: [0x7B, 0x7D]), sequence: 1, previous: .zero)
  let expected: [UInt8] =
    Array("TAKT-LEDGER-1".utf8) + [0, 0, 0, 0, 0, 0, 0, 1] + [0, 0, 0, 0, 0, 0, 1, 2] + [0, 0, 0, 2, 0x41, 0x62] + [0, 0, 0, 2, 0x7B, 0x7D]
    + Array(repeating: 0, count: 32)
  #expect(entry.canonicalBytes == expected)
  #expect(entry.hash.description == "7e33857418e7cc642ac79ed1a5c60fa2e6fce55f599a6de3173d5abe0eb7e9e3")
  #expect(LedgerHash(hex: entry.hash.description) == entry.hash)
  #expect(LedgerHash(hex: "abc") == nil && LedgerHash(hex: String(repeating: "g", count: 64)) == nil && LedgerHash(bytes: [1]) == nil)
}

@Test func aBatchIsRecordedWholeOrNotAtAll() throws {
  let store = try ledger(of: 2)
  let facts = (0..<3).map { LedgerDraft(instant: Instant(nanoseconds: $0), kind: "Late", payload: []) }
  let ledger = try FactLedger(on: store)
  store.failure = .full
  #expect(throws: LedgerError.full) { try ledger.append(facts) }
  #expect(ledger.count == 2 && store.entries.count == 2)
  store.failure = nil
  #expect(try ledger.append(facts).map(\.sequence) == [2, 3, 4])
  #expect(try verifyLedger(store) == .intact(LedgerCheckpoint(count: 5, head: ledger.head)))
}

@Test func anUntouchedLedgerIsIntactAndTellsItsProgress() throws {
  #expect(try verifyLedger(MemoryLedgerStore()) == .intact(LedgerCheckpoint(count: 0, head: .zero)))
  let store = try ledger(of: 2500)
  var seen: [UInt64] = []
  let result = try verifyLedger(store) { done, all in
    #expect(all == 2500)
    seen.append(done)
  }
  #expect(result == .intact(LedgerCheckpoint(count: 2500, head: store.entries[2499].hash)))
  #expect(seen.last == 2500 && seen == seen.sorted())
}

/// Every byte of every field of every row, changed by every seed's mask: the verification names exactly that row.
@Test func oneChangedByteAnywhereIsFoundAndNamed() throws {
  let intact = try ledger(of: 6)
  var tried = 0
  for row in intact.entries.indices {
    let entry = intact.entries[row]
    for mask in [1, 0x80, 0xFF] as [UInt8] {
      var forgeries: [LedgerEntry] = []
      for i in entry.payload.indices { forgeries.append(with(entry) { $0.payload[i] ^= mask }) }
      for i in 0..<32 {
        forgeries.append(with(entry) { $0.hash = flipped($0.hash, i, mask) })
        forgeries.append(with(entry) { $0.previous = flipped($0.previous, i, mask) })
      }
      for i in 0..<8 { forgeries.append(with(entry) { $0.instant.nanoseconds ^= Int64(bitPattern: UInt64(mask) << UInt64(8 * i)) }) }
      forgeries.append(with(entry) { $0.kind += String(UnicodeScalar(mask)) })
      for forged in forgeries {
        let store = MemoryLedgerStore()
        store.entries = intact.entries
        store.entries[row] = forged
        #expect(try verifyLedger(store) == .broken(sequence: UInt64(row), .contentChanged))
        tried += 1
      }
    }
  }
  #expect(tried > 1000)
}

@Test func rewrittenHistoryIsFoundByTheNextEntryOrTheCheckpoint() throws {
  let intact = try ledger(of: 6)
  let checkpoint = LedgerCheckpoint(count: 6, head: intact.entries[5].hash)
  #expect(try verifyLedger(intact, containing: checkpoint) == .intact(checkpoint))
  let store = MemoryLedgerStore()

  // A forger who computes the row's own hash anew is found by the row behind.
  let draft = LedgerDraft(instant: Instant(nanoseconds: 0), kind: "Forged", payload: [])
  store.entries = intact.entries
  store.entries[2] = LedgerEntry(draft, sequence: 2, previous: intact.entries[1].hash)
  #expect(try verifyLedger(store) == .broken(sequence: 3, .chainBroken))

  store.entries = intact.entries
  store.entries.remove(at: 3)
  #expect(try verifyLedger(store) == .broken(sequence: 3, .missing))
  store.entries = intact.entries
  store.entries.swapAt(1, 2)
  #expect(try verifyLedger(store) == .broken(sequence: 1, .missing))

  // One who computes everything behind anew, or cuts the end off, is found only by a checkpoint kept elsewhere.
  let forged = try FactLedger(
    on: {
      store.entries = Array(intact.entries.prefix(2))
      return store
    }())
  for _ in 0..<4 { try forged.append([draft]) }
  #expect(try verifyLedger(store) == .intact(LedgerCheckpoint(count: 6, head: forged.head)))
  #expect(try verifyLedger(store, containing: checkpoint) == .broken(sequence: 5, .notTheCheckpoint))
  store.entries = Array(intact.entries.prefix(4))
  #expect(try verifyLedger(store, containing: checkpoint) == .broken(sequence: 4, .cutOff(expectedCount: 6)))
}

private func with(_ entry: LedgerEntry, _ change: (inout LedgerEntry) -> Void) -> LedgerEntry {
  var entry = entry
  change(&entry)
  return entry
}

func flipped(_ hash: LedgerHash, _ place: Int, _ mask: UInt8) -> LedgerHash {
  var bytes = hash.bytes
  bytes[place] ^= mask
  return LedgerHash(bytes: bytes)!
}
