internal import Foundation
internal import GRDB
internal import Ledger
internal import Quantities

extension SQLiteLedgerStore {
  /// Marks the file as Takt's ledger ("TKLG"), in SQLite's header.
  static let applicationID = 0x544B_4C47
  static let schemaVersion = 1

  static func createSchema(_ db: Database) throws {
    if try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema") == 0 {
      try db.execute(
        sql: """
          PRAGMA application_id = \(applicationID);
          PRAGMA user_version = \(schemaVersion);
          CREATE TABLE entry (
            sequence INTEGER PRIMARY KEY NOT NULL,
            instant INTEGER NOT NULL,
            kind TEXT NOT NULL,
            payload BLOB NOT NULL,
            previous BLOB NOT NULL,
            hash BLOB NOT NULL
          ) STRICT;
          CREATE TRIGGER entry_update BEFORE UPDATE ON entry
            BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: no entry is changed'); END;
          CREATE TRIGGER entry_delete BEFORE DELETE ON entry
            BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: no entry is removed'); END;
          CREATE TRIGGER entry_insert BEFORE INSERT ON entry
            WHEN NEW.sequence IS NOT (SELECT coalesce(max(sequence) + 1, 0) FROM entry)
            BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: entries follow each other'); END;
          """)
    }
    try checkIdentity(db)
  }

  static func checkIdentity(_ db: Database) throws {
    guard try Int.fetchOne(db, sql: "PRAGMA application_id") == applicationID else {
      throw LedgerError.failed(reason: "the file is not a Takt ledger")
    }
    let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
    guard version == schemaVersion else {
      throw LedgerError.failed(reason: "the ledger has format \(version); this program knows format \(schemaVersion)")
    }
  }

  static func count(_ db: Database) throws -> UInt64 {
    // Entries follow each other, so the last one tells; verification notices a row that was removed behind our back.
    // A number that a forger has put there must not end the program: below zero counts as nothing, and the addition is ours.
    guard let last = try Int64.fetchOne(db, sql: "SELECT max(sequence) FROM entry"), last >= 0 else { return 0 }
    return UInt64(last) + 1
  }

  static func read(_ range: Range<UInt64>, from database: DatabaseQueue) throws(LedgerError) -> [LedgerEntry] {
    try attempt {
      try database.read { db in
        let bounds = [Int64(clamping: range.lowerBound), Int64(clamping: range.upperBound)]
        let rows = try Row.fetchCursor(
          db,
          sql: "SELECT sequence, instant, kind, payload, previous, hash FROM entry WHERE sequence >= ? AND sequence < ? ORDER BY sequence",
          arguments: StatementArguments(bounds))
        var entries: [LedgerEntry] = []
        while let row = try rows.next() { entries.append(try entry(row)) }
        return entries
      }
    }
  }

  private static func entry(_ row: Row) throws -> LedgerEntry {
    let sequence: Int64 = row[0]
    guard let kind = String.fromDatabaseValue(row[2]), let payload = Data.fromDatabaseValue(row[3]),
      let previous = Data.fromDatabaseValue(row[4]).flatMap({ LedgerHash(bytes: [UInt8]($0)) }),
      let hash = Data.fromDatabaseValue(row[5]).flatMap({ LedgerHash(bytes: [UInt8]($0)) }), let instant = Int64.fromDatabaseValue(row[1])
    else { throw LedgerError.malformed(sequence: UInt64(bitPattern: sequence)) }
    return LedgerEntry(
      sequence: UInt64(bitPattern: sequence), instant: Instant(nanoseconds: instant), kind: kind, payload: [UInt8](payload), previous: previous,
      hash: hash)
  }

  /// Runs a piece of database work and turns its errors into the ledger's.
  static func attempt<T>(_ work: () throws -> T) throws(LedgerError) -> T {
    do { return try work() } catch let error as LedgerError {
      throw error
    } catch let error as DatabaseError {
      throw error.resultCode == .SQLITE_FULL ? .full : .failed(reason: error.description)
    } catch { throw .failed(reason: "\(error)") }
  }
}
