import Disk
import Foundation
import GRDB
import Ledger
import Quantities
import Testing

/// Seeded numbers (SplitMix64).
struct Dice {
  private var state: UInt64
  init(_ seed: UInt64) { state = seed }
  mutating func below(_ bound: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((z ^ (z >> 31)) % UInt64(bound))
  }
}

/// A stored ledger with one byte changed.
struct TamperedLedger {
  let folder = TemporaryFolder()
  let path: String
  let checkpoint: LedgerCheckpoint
  let entries: [LedgerEntry]

  init(count: Int = 40) throws {
    path = "\(folder.path)/ledger.sqlite"
    let ledger = try FactLedger(on: SQLiteLedgerStore(path: path))
    for index in 0..<count {
      let payload = #"{"at":\#(index),"kind":"tried","tried":{"n":\#(index * 7919),"text":"\#(String(repeating: "x", count: index * 13 % 200))"}}"#
      try ledger.append(kind: index % 3 == 0 ? "tried" : "writeIntended", payload: Array(payload.utf8), at: Instant(milliseconds: Int64(index)))
    }
    checkpoint = LedgerCheckpoint(count: ledger.count, head: ledger.head)
    entries = try SQLiteLedgerReader(path: path).read(0..<ledger.count)
  }

  /// One byte of a field of one entry: changed, looked at, put back. Whether it was found out; nil where the table itself refused it.
  func changeField(_ random: inout Dice, forger: DatabaseQueue, reader: SQLiteLedgerReader) throws -> Bool? {
    let entry = entries[random.below(entries.count)]
    let column = ["sequence", "instant", "kind", "payload", "previous", "hash"][random.below(6)]
    let flip = UInt8(1 + random.below(255))
    let number = column == "sequence" ? Int64(entry.sequence) : entry.instant.nanoseconds
    var bytes: [UInt8] =
      switch column {
      case "kind": Array(entry.kind.utf8)
      case "payload": entry.payload
      case "previous": entry.previous.bytes
      case "hash": entry.hash.bytes
      default: (0..<8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
      }
    bytes[random.below(bytes.count)] ^= flip
    let changed: any DatabaseValueConvertible =
      switch column {
      case "sequence", "instant": bytes.enumerated().reduce(Int64(0)) { $0 | Int64($1.element) << ($1.offset * 8) }
      default: Data(bytes)
      }
    let rowid = Int64(entry.sequence)
    do {
      try forger.write { db in
        // A byte that is no UTF-8 is stored as it is.
        let value = column == "kind" ? "CAST(? AS TEXT)" : "?"
        try db.execute(sql: "UPDATE entry SET \(column) = \(value) WHERE sequence = ?", arguments: [changed, rowid])
      }
    } catch is DatabaseError { return nil }
    let found = try? verifyLedger(reader, containing: checkpoint)
    let original: any DatabaseValueConvertible =
      switch column {
      case "sequence", "instant": number
      case "kind": entry.kind
      case "payload": Data(entry.payload)
      case "previous": Data(entry.previous.bytes)
      default: Data(entry.hash.bytes)
      }
    let place = column == "sequence" ? (changed as? Int64 ?? rowid) : rowid
    try forger.write { try $0.execute(sql: "UPDATE entry SET \(column) = ? WHERE sequence = ?", arguments: [original, place]) }
    return found != .intact(checkpoint)
  }

  /// What came of one byte of the file changed.
  enum Outcome: Hashable { case detected, noEntryTouched, passedUnseen }

  func changeFile(_ file: [UInt8], _ random: inout Dice) throws -> Outcome {
    var bent = file
    let place = random.below(bent.count)
    bent[place] ^= UInt8(1 + random.below(255))
    let copy = "\(folder.path)/bent.sqlite"
    for name in [copy, "\(copy)-wal", "\(copy)-shm"] { try? FileManager.default.removeItem(atPath: name) }
    try Data(bent).write(to: URL(filePath: copy))
    guard let reader = try? SQLiteLedgerReader(path: copy), let found = try? verifyLedger(reader, containing: checkpoint) else { return .detected }
    guard found == .intact(checkpoint) else { return .detected }
    // Free space, counters of the file's header: nothing that is recorded.
    return try reader.read(0..<checkpoint.count) == entries ? .noEntryTouched : .passedUnseen
  }

  /// Runs trials of both kinds and says how many were found out.
  static func run(fieldTrials: Int, fileTrials: Int) throws {
    let tampered = try TamperedLedger()
    var random = Dice(5)
    let forger = try DatabaseQueue(path: tampered.path)
    try forger.write { db in
      for trigger in ["entry_update", "entry_delete", "entry_insert"] { try db.execute(sql: "DROP TRIGGER \(trigger)") }
    }
    let reader = try SQLiteLedgerReader(path: tampered.path)
    var (detected, tried) = (0, 0)
    while tried < fieldTrials {
      guard let found = try tampered.changeField(&random, forger: forger, reader: reader) else { continue }
      tried += 1
      detected += found ? 1 : 0
    }
    #expect(detected == tried)
    #expect(try verifyLedger(reader, containing: tampered.checkpoint) == .intact(tampered.checkpoint), "the ledger was not put back")

    let other = try TamperedLedger()
    let file = [UInt8](try Data(contentsOf: URL(filePath: other.path)))
    var outcomes: [Outcome: Int] = [:]
    for _ in 0..<fileTrials { outcomes[try other.changeFile(file, &random), default: 0] += 1 }
    #expect(outcomes[.passedUnseen] == nil)
    #expect(outcomes[.detected] ?? 0 > fileTrials / 3)
    print(
      "one byte of a stored entry: \(detected) of \(tried) detected; one byte of the file (\(file.count) bytes): \(outcomes[.detected] ?? 0) of"
        + " \(fileTrials) detected, \(outcomes[.noEntryTouched] ?? 0) outside every entry, \(outcomes[.passedUnseen] ?? 0) unseen")
  }
}

@Test func oneByteChangedAnywhereInALedgerIsDetected() throws { try TamperedLedger.run(fieldTrials: 300, fileTrials: 150) }
