import Disk
import Foundation
import GRDB
import Ledger
import Quantities
import Testing

private func record(_ count: Int, in path: String) throws {
  let ledger = try FactLedger(on: SQLiteLedgerStore(path: path))
  for i in 0..<count { try ledger.append(kind: "Tried", payload: Array("{\"i\":\(i)}".utf8), at: Instant(milliseconds: Int64(i))) }
}

/// Changes the file as a forger would, who first takes the triggers away.
private func forge(_ path: String, _ sql: String) throws {
  try DatabaseQueue(path: path).write { db in
    for trigger in ["entry_update", "entry_delete", "entry_insert"] { try db.execute(sql: "DROP TRIGGER \(trigger)") }
    try db.execute(sql: sql)
  }
}

@Test func sqliteKeepsThePromisesOfALedgerStore() throws {
  let folder = TemporaryFolder()
  #expect(ledgerStoreViolations(in: try SQLiteLedgerStore(path: "\(folder.path)/ledger.sqlite")) == [])
}

@Test func aLedgerGoesOnWhereItEnded() throws {
  let folder = TemporaryFolder()
  let path = "\(folder.path)/ledger.sqlite"
  try record(3, in: path)
  try record(2, in: path)
  let reader = try SQLiteLedgerReader(path: path)
  guard case .intact(let end) = try verifyLedger(reader) else { Issue.record("broken"); return }
  #expect(end.count == 5)
}

@Test func anotherConnectionReadsWhileOneWrites() throws {
  let folder = TemporaryFolder()
  let path = "\(folder.path)/ledger.sqlite"
  let ledger = try FactLedger(on: SQLiteLedgerStore(path: path))
  try ledger.append(kind: "First", payload: [], at: Instant(nanoseconds: 1))
  let reader = try SQLiteLedgerReader(path: path)
  #expect(try reader.count() == 1)
  try ledger.append(kind: "Second", payload: [], at: Instant(nanoseconds: 2))
  #expect(try reader.read(0..<9).map(\.kind) == ["First", "Second"])
}

@Test func twoWritersDoNotBreakTheChain() throws {
  let folder = TemporaryFolder()
  let path = "\(folder.path)/ledger.sqlite"
  let one = try FactLedger(on: SQLiteLedgerStore(path: path))
  let two = try FactLedger(on: SQLiteLedgerStore(path: path))
  try one.append(kind: "First", payload: [], at: Instant(nanoseconds: 1))
  #expect(throws: LedgerError.outOfOrder(expected: 1, found: 0)) { try two.append(kind: "Second", payload: [], at: Instant(nanoseconds: 1)) }
  #expect(try verifyLedger(SQLiteLedgerReader(path: path)) == .intact(LedgerCheckpoint(count: 1, head: one.head)))
}

@Test func theTableRefusesToRewriteHistory() throws {
  let folder = TemporaryFolder()
  let path = "\(folder.path)/ledger.sqlite"
  try record(3, in: path)
  let before = try SQLiteLedgerReader(path: path).read(0..<3)
  let database = try DatabaseQueue(path: path)
  for sql in [
    "UPDATE entry SET kind = 'X' WHERE sequence = 1", "DELETE FROM entry", "DELETE FROM entry WHERE sequence = 2",
    "INSERT OR REPLACE INTO entry SELECT 1, instant, 'X', payload, previous, hash FROM entry WHERE sequence = 1",
    "INSERT INTO entry SELECT 7, instant, 'X', payload, previous, hash FROM entry WHERE sequence = 1",
  ] {
    let error = #expect(throws: DatabaseError.self) { try database.write { try $0.execute(sql: sql) } }
    #expect(error?.message?.contains("append-only") == true, "\(sql): \(String(describing: error))")
  }
  #expect(try SQLiteLedgerReader(path: path).read(0..<3) == before)
}

@Test func aForgedRowIsFoundInTheFile() throws {
  let cases: [(String, LedgerVerification)] = [
    ("UPDATE entry SET payload = x'7b7d' WHERE sequence = 2", .broken(sequence: 2, .contentChanged)),
    ("UPDATE entry SET instant = instant + 1 WHERE sequence = 0", .broken(sequence: 0, .contentChanged)),
    ("UPDATE entry SET kind = 'Tried ' WHERE sequence = 4", .broken(sequence: 4, .contentChanged)),
    ("UPDATE entry SET hash = zeroblob(32) WHERE sequence = 3", .broken(sequence: 3, .contentChanged)),
    ("UPDATE entry SET hash = zeroblob(31) WHERE sequence = 3", .broken(sequence: 3, .malformed)),
    ("DELETE FROM entry WHERE sequence = 3", .broken(sequence: 3, .missing)),
    ("DELETE FROM entry WHERE sequence = 0", .broken(sequence: 0, .missing)),
  ]
  for (sql, expected) in cases {
    let folder = TemporaryFolder()
    let path = "\(folder.path)/ledger.sqlite"
    try record(5, in: path)
    try forge(path, sql)
    #expect(try verifyLedger(SQLiteLedgerReader(path: path)) == expected, "\(sql)")
  }
}

@Test func whatIsNoLedgerIsRefused() throws {
  let folder = TemporaryFolder()
  try DatabaseQueue(path: "\(folder.path)/other.sqlite").write { try $0.execute(sql: "CREATE TABLE entry (x)") }
  try folder.write("text", Array(repeating: 65, count: 5000))
  for name in ["other.sqlite", "text"] {
    #expect(throws: LedgerError.self) { try SQLiteLedgerStore(path: "\(folder.path)/\(name)") }
    #expect(throws: LedgerError.self) { try SQLiteLedgerReader(path: "\(folder.path)/\(name)") }
  }
  #expect(throws: LedgerError.self) { try SQLiteLedgerReader(path: "\(folder.path)/none") }
}
