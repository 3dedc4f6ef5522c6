internal import Foundation
internal import GRDB
public import Ledger
internal import Quantities

/// The ledger in an SQLite file: one row an entry, one transaction a batch, on disk before `append` returns.
///
/// WAL with `synchronous = FULL`: a committed transaction survives a power cut, and other processes read while this one
/// writes. Triggers refuse UPDATE, DELETE and any INSERT but the next, so that no program error rewrites history (against
/// malice there is the hash chain). `docs/ledger-format.md` describes the file.
public final class SQLiteLedgerStore: LedgerStore {
  private let database: DatabaseQueue

  /// Opens the ledger file for writing, creating it if need be.
  ///
  /// - Throws: `failed` if the file is not a ledger, or the system refuses.
  public init(path: String) throws(LedgerError) {
    var configuration = Configuration()
    configuration.journalMode = .wal
    configuration.busyMode = .timeout(5)
    configuration.prepareDatabase { try $0.execute(sql: "PRAGMA synchronous = FULL") }
    database = try Self.attempt {
      let database = try DatabaseQueue(path: path, configuration: configuration)
      try database.write(Self.createSchema)
      return database
    }
  }

  public func count() throws(LedgerError) -> UInt64 { try Self.attempt { try self.database.read(Self.count) } }

  public func read(_ range: Range<UInt64>) throws(LedgerError) -> [LedgerEntry] { try Self.read(range, from: database) }

  public func append(_ entries: [LedgerEntry]) throws(LedgerError) {
    if entries.isEmpty { return }
    try Self.attempt {
      try self.database.write { db in
        let insert = try db.makeStatement(
          sql: "INSERT INTO entry (sequence, instant, kind, payload, previous, hash) VALUES (?, ?, ?, ?, ?, ?)")
        for (expected, entry) in zip(try Self.count(db)..., entries) {
          guard entry.sequence == expected else { throw LedgerError.outOfOrder(expected: expected, found: entry.sequence) }
          try insert.execute(arguments: [
            Int64(entry.sequence), entry.instant.nanoseconds, entry.kind, Data(entry.payload), Data(entry.previous.bytes), Data(entry.hash.bytes),
          ])
        }
      }
    }
  }
}

/// Reads a ledger file beside the process that writes it, and changes nothing.
public final class SQLiteLedgerReader: LedgerReader {
  private let database: DatabaseQueue

  /// - Throws: `failed` if there is no such file, or it is not a ledger.
  public init(path: String) throws(LedgerError) {
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(5)
    database = try SQLiteLedgerStore.attempt {
      let database = try DatabaseQueue(path: path, configuration: configuration)
      try database.read(SQLiteLedgerStore.checkIdentity)
      return database
    }
  }

  public func count() throws(LedgerError) -> UInt64 { try SQLiteLedgerStore.attempt { try self.database.read(SQLiteLedgerStore.count) } }

  public func read(_ range: Range<UInt64>) throws(LedgerError) -> [LedgerEntry] { try SQLiteLedgerStore.read(range, from: database) }
}
