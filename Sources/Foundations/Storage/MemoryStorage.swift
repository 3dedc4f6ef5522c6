/// Storage in memory that can fail as disks do, on request and by seed: the double of `Disk` for tests and rehearsal.
///
/// Without faults it behaves as `Storage` says. Faults come only by the calls in `MemoryStorage+Faults.swift`, and the
/// same calls give the same bytes in every run.
public final class MemoryStorage: Storage {
  struct File {
    var content: [UInt8] = []
    /// So many bytes of `content` survive a power cut.
    var durableCount = 0
    /// Whether the name itself survives.
    var isNameDurable = false
    /// Bytes that a failed sync left behind: they can be read, but are zeros after a power cut.
    var poisoned: [Range<Int>] = []
  }

  var files: [String: File] = [:]
  var faults = Faults()

  public init() {}

  public func list(prefix: String) throws(StorageError) -> [String] {
    try requirePower(prefix)
    return files.keys.filter { $0.utf8.starts(with: prefix.utf8) }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  public func read(_ name: String) throws(StorageError) -> [UInt8] { try file(name).content }

  public func read(_ name: String, offset: Int, count: Int) throws(StorageError) -> [UInt8] {
    precondition(offset >= 0 && count >= 0, "reading \(count) bytes from \(offset)")
    let content = try file(name).content
    let start = min(offset, content.count)
    return Array(content[start..<min(start + count, content.count)])
  }

  public func append(_ name: String, _ bytes: [UInt8]) throws(StorageError) {
    let name = Self.checkedName(name)
    let cutsPower = try beginOperation(name)
    let room = roomLeft
    files[name, default: File()].content += bytes.prefix(room)
    if cutsPower { throw cutPowerNow(name) }
    if bytes.count > room { throw .full(name: name) }
  }

  public func sync(_ name: String) throws(StorageError) {
    let name = Self.checkedName(name)
    let cutsPower = try beginOperation(name)
    guard let place = files.index(forKey: name) else { throw .notFound(name: name) }
    if faults.syncsToFail > 0 {
      faults.syncsToFail -= 1
      let count = files.values[place].content.count
      files.values[place].poisoned.append(files.values[place].durableCount..<count)
      files.values[place].durableCount = count
      throw .failed(name: name, reason: "sync failed (simulated)")
    }
    if !cutsPower || faults.random.flip() { settle(name) }
    if cutsPower { throw cutPowerNow(name) }
  }

  public func replace(_ name: String, _ bytes: [UInt8]) throws(StorageError) {
    let name = Self.checkedName(name)
    let cutsPower = try beginOperation(name)
    // Old and new stand side by side until the rename.
    guard bytes.count <= roomLeft else { throw .full(name: name) }
    if !cutsPower || faults.random.flip() {
      files[name] = File(content: bytes)
      settle(name)
    }
    if cutsPower { throw cutPowerNow(name) }
  }

  public func truncate(_ name: String, to count: Int) throws(StorageError) {
    let name = Self.checkedName(name)
    let cutsPower = try beginOperation(name)
    guard let file = files[name] else { throw .notFound(name: name) }
    precondition(0...file.content.count ~= count, "cutting \(name) of \(file.content.count) bytes to \(count)")
    if !cutsPower || faults.random.flip() {
      files[name]!.content.removeSubrange(count...)
      files[name]!.poisoned = file.poisoned.map { $0.clamped(to: 0..<count) }
      settle(name)
    }
    if cutsPower { throw cutPowerNow(name) }
  }

  public func remove(_ name: String) throws(StorageError) {
    let name = Self.checkedName(name)
    let cutsPower = try beginOperation(name)
    if !cutsPower || faults.random.flip() { files[name] = nil }
    if cutsPower { throw cutPowerNow(name) }
  }

  public func rename(_ name: String, to other: String) throws(StorageError) {
    let (name, other) = (Self.checkedName(name), Self.checkedName(other))
    let cutsPower = try beginOperation(name)
    guard let file = files[name] else { throw .notFound(name: name) }
    if !cutsPower || faults.random.flip() {
      files[other] = file
      files[other]!.isNameDurable = true
      files[name] = nil
    }
    if cutsPower { throw cutPowerNow(name) }
  }

  public func open(_ name: String) throws(StorageError) -> any StoredFile { FileInMemory(try file(name).content) }

  private func file(_ name: String) throws(StorageError) -> File {
    try requirePower(name)
    guard let file = files[Self.checkedName(name)] else { throw .notFound(name: name) }
    return file
  }

  private func settle(_ name: String) {
    files[name]!.durableCount = files[name]!.content.count
    files[name]!.isNameDurable = true
  }
}
