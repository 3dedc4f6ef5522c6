import Determinism
import Ledger
import Storage

/// The machine's disk: files and the ledger's rows, with one power supply.
///
/// What was not flushed is lost in part or whole when the power fails, which may happen in the middle of any changing operation, with or
/// without its effect. All luck comes from the seed of the cut.
final class SimulatedDisk: Storage {
  /// What is on it, whether the power is on or not: for who watches.
  let files = MemoryStorage()
  /// The ledger's rows that survive.
  private(set) var rows: [LedgerEntry] = []
  /// Rows that a lying ledger has acknowledged and not flushed.
  private(set) var unflushedRows: [LedgerEntry] = []
  private(set) var isOff = false
  /// The changing operations that were ever begun.
  private(set) var operations = 0

  private var operationsUntilCut: Int?
  private var luck = RandomStream(seed: 0)
  /// The ledger refuses rows.
  var ledgerRefuses = false
  /// So many of the next rows are kept while the answer says that they were not.
  var lostAnswers = 0
  /// A deliberate break (see `Mutant`).
  var mutant: Mutant?

  // MARK: - Faults

  /// The power fails during the `count`-th changing operation from now on; 0 is now.
  func cutPower(afterOperations count: Int, luck seed: UInt64) {
    luck = RandomStream(seed: seed)
    if count == 0 { cutNow() } else { operationsUntilCut = count }
  }

  func restorePower() { (isOff, operationsUntilCut) = (false, nil) }

  func failSyncs(_ count: Int) { files.failSyncs(count) }

  /// No room for another byte, until it is called with false.
  func fill(_ isFull: Bool) { files.limitCapacity(to: isFull ? 0 : nil) }

  private func cutNow() {
    files.cutPower(seed: luck.next())
    unflushedRows = []
    (isOff, operationsUntilCut) = (true, nil)
  }

  /// Runs a changing operation, in the middle of which the power may fail.
  private func change(_ name: String, _ body: () throws(StorageError) -> Void) throws(StorageError) {
    if isOff { throw .failed(name: name, reason: "power is off (rehearsed)") }
    operations += 1
    guard let left = operationsUntilCut else { return try body() }
    operationsUntilCut = left - 1
    guard left <= 1 else { return try body() }
    if luck.chance(0.5) { try? body() }
    cutNow()
    throw .failed(name: name, reason: "power cut (rehearsed)")
  }

  private func requirePower(_ name: String) throws(StorageError) {
    if isOff { throw .failed(name: name, reason: "power is off (rehearsed)") }
  }

  // MARK: - Files

  func list(prefix: String) throws(StorageError) -> [String] {
    try requirePower(prefix)
    return try files.list(prefix: prefix)
  }

  func read(_ name: String) throws(StorageError) -> [UInt8] {
    try requirePower(name)
    return try files.read(name)
  }

  func read(_ name: String, offset: Int, count: Int) throws(StorageError) -> [UInt8] {
    try requirePower(name)
    return try files.read(name, offset: offset, count: count)
  }

  func append(_ name: String, _ bytes: [UInt8]) throws(StorageError) {
    try change(name) { () throws(StorageError) in try files.append(name, bytes) }
  }

  func sync(_ name: String) throws(StorageError) {
    if mutant == .telemetryNotFlushed { return }
    try change(name) { () throws(StorageError) in try files.sync(name) }
  }

  func replace(_ name: String, _ bytes: [UInt8]) throws(StorageError) {
    if mutant == .fenceNotStored, name.hasPrefix("fence") { return }
    try change(name) { () throws(StorageError) in try files.replace(name, bytes) }
  }

  func truncate(_ name: String, to count: Int) throws(StorageError) {
    try change(name) { () throws(StorageError) in try files.truncate(name, to: count) }
  }

  func remove(_ name: String) throws(StorageError) {
    try change(name) { () throws(StorageError) in try files.remove(name) }
  }

  // MARK: - Rows

  fileprivate func appendRows(_ entries: [LedgerEntry]) throws(LedgerError) {
    if isOff { throw .failed(reason: "power is off (rehearsed)") }
    for (expected, entry) in zip(UInt64(rows.count + unflushedRows.count)..., entries) where entry.sequence != expected {
      throw .outOfOrder(expected: expected, found: entry.sequence)
    }
    if ledgerRefuses { throw .full }
    operations += 1
    if let left = operationsUntilCut {
      operationsUntilCut = left - 1
      if left <= 1 {
        if luck.chance(0.5) { rows += entries }
        cutNow()
        throw .failed(reason: "power cut (rehearsed)")
      }
    }
    if mutant == .ledgerNotFlushed { unflushedRows += entries } else { rows += entries }
    guard lostAnswers > 0 else { return }
    lostAnswers -= 1
    throw .failed(reason: "the answer was lost (rehearsed)")
  }

  fileprivate func readRows(_ range: Range<UInt64>) throws(LedgerError) -> [LedgerEntry] {
    if isOff { throw .failed(reason: "power is off (rehearsed)") }
    let all = unflushedRows.isEmpty ? rows : rows + unflushedRows
    let end = UInt64(all.count)
    return Array(all[Int(min(range.lowerBound, end))..<Int(min(range.upperBound, end))])
  }

  fileprivate func countRows() throws(LedgerError) -> UInt64 {
    if isOff { throw .failed(reason: "power is off (rehearsed)") }
    return UInt64(rows.count + unflushedRows.count)
  }
}

/// The disk as one life of Takt sees it. Where another life has opened the same folder, the historian's files are locked against this one;
/// fence and ledger are not, so that the gateway's own fencing is what is tried.
final class DiskOfOneLife: Storage {
  private let disk: SimulatedDisk
  var isSuperseded = false
  init(_ disk: SimulatedDisk) { self.disk = disk }

  private func requireLock(_ name: String) throws(StorageError) {
    if isSuperseded { throw .failed(name: name, reason: "another process has the folder (rehearsed)") }
  }

  func list(prefix: String) throws(StorageError) -> [String] { try disk.list(prefix: prefix) }
  func read(_ name: String) throws(StorageError) -> [UInt8] { try disk.read(name) }
  func read(_ name: String, offset: Int, count: Int) throws(StorageError) -> [UInt8] { try disk.read(name, offset: offset, count: count) }
  func replace(_ name: String, _ bytes: [UInt8]) throws(StorageError) { try disk.replace(name, bytes) }

  func append(_ name: String, _ bytes: [UInt8]) throws(StorageError) {
    try requireLock(name)
    try disk.append(name, bytes)
  }

  func sync(_ name: String) throws(StorageError) {
    try requireLock(name)
    try disk.sync(name)
  }

  func truncate(_ name: String, to count: Int) throws(StorageError) {
    try requireLock(name)
    try disk.truncate(name, to: count)
  }

  func remove(_ name: String) throws(StorageError) {
    try requireLock(name)
    try disk.remove(name)
  }
}

/// The ledger's rows on a simulated disk.
final class SimulatedLedger: LedgerStore {
  let disk: SimulatedDisk
  init(on disk: SimulatedDisk) { self.disk = disk }
  func count() throws(LedgerError) -> UInt64 { try disk.countRows() }
  func read(_ range: Range<UInt64>) throws(LedgerError) -> [LedgerEntry] { try disk.readRows(range) }
  func append(_ entries: [LedgerEntry]) throws(LedgerError) { if !entries.isEmpty { try disk.appendRows(entries) } }
}
