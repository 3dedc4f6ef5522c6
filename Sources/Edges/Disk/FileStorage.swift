internal import Glibc
public import Storage
internal import Synchronization

/// Storage on real files below one folder.
///
/// An append is one `write` on a descriptor that stays open; `sync` is `fdatasync`, and once for a new file also `fsync` of
/// its folder; `replace` writes a temporary file, syncs it, renames it and syncs the folder. Any thread may call, several at once where they
/// work on different files (one writes the log while another writes a block); `DataFolderLock` keeps other processes out.
public final class FileStorage: Storage, Sendable {
  /// The folder, without a slash at the end.
  public let folder: String
  private let files = Mutex(OpenFiles())

  private struct OpenFiles {
    var appending = DescriptorCache(capacity: 16)
    /// Files whose folder entry may not be durable yet.
    var unsyncedNames: Set<String> = []
  }

  /// Opens the folder, creating it if need be.
  ///
  /// - Throws: `failed` with the system's reason.
  public init(folder: String) throws(StorageError) {
    var folder = folder
    while folder.count > 1, folder.hasSuffix("/") { folder.removeLast() }
    self.folder = folder
    try createFolder(folder)
  }

  public func list(prefix: String) throws(StorageError) -> [String] {
    // Only the folder that the prefix names can hold a match, and what lies below it.
    let parent = prefix.lastIndex(of: "/").map { String(prefix[..<$0]) } ?? ""
    var names: [String] = []
    try collectNames(in: parent, into: &names)
    return names.filter { $0.utf8.starts(with: prefix.utf8) }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  public func read(_ name: String) throws(StorageError) -> [UInt8] {
    let file = try open(name, O_RDONLY)
    defer { close(file) }
    var bytes: [UInt8] = []
    while true {
      let part = try readBytes(file, name, offset: bytes.count, count: max(sizeOf(file) - bytes.count, 4096))
      if part.isEmpty { return bytes }
      if bytes.isEmpty { bytes = part } else { bytes += part }
    }
  }

  public func read(_ name: String, offset: Int, count: Int) throws(StorageError) -> [UInt8] {
    precondition(offset >= 0 && count >= 0, "reading \(count) bytes from \(offset)")
    let file = try open(name, O_RDONLY)
    defer { close(file) }
    return try readBytes(file, name, offset: offset, count: count)
  }

  public func append(_ name: String, _ bytes: [UInt8]) throws(StorageError) {
    let file = try appendDescriptor(name)
    // Open until it is written, whoever forgets the file meanwhile.
    defer { withExtendedLifetime(file) {} }
    try writeAll(file.number, name, bytes)
  }

  public func sync(_ name: String) throws(StorageError) {
    if let file = files.withLock({ $0.appending[name] }) {
      defer { withExtendedLifetime(file) {} }
      try check(fdatasync(file.number), name)
    } else {
      let file = try open(name, O_RDONLY)
      defer { close(file) }
      try check(fdatasync(file), name)
      // Another process may have created it and died before the folder was synced.
      files.withLock { _ = $0.unsyncedNames.insert(name) }
    }
    if files.withLock({ $0.unsyncedNames.contains(name) }) {
      try syncFolder(of: name)
      files.withLock { _ = $0.unsyncedNames.remove(name) }
    }
  }

  public func replace(_ name: String, _ bytes: [UInt8]) throws(StorageError) {
    let path = path(Self.checkedName(name))
    try createFolder(of: name)
    let temporary = temporaryPath(name)
    do throws(StorageError) {
      let file = try openPath(temporary, name, O_WRONLY | O_CREAT | O_TRUNC)
      defer { close(file) }
      try writeAll(file, name, bytes)
      try check(fsync(file), name)
    } catch {
      _ = unsafe unlink(temporary)
      throw error
    }
    // The old file's descriptor would go on writing to what is no longer there.
    files.withLock { $0.appending.remove(name) }
    try check(unsafe Glibc.rename(temporary, path), name)
    try syncFolder(of: name)
    files.withLock { _ = $0.unsyncedNames.remove(name) }
  }

  public func truncate(_ name: String, to count: Int) throws(StorageError) {
    let file = try open(name, O_WRONLY)
    defer { close(file) }
    precondition(count >= 0 && count <= sizeOf(file), "cutting \(name) of \(sizeOf(file)) bytes to \(count)")
    try check(ftruncate(file, count), name)
    try check(fsync(file), name)
    try syncFolder(of: name)
  }

  public func remove(_ name: String) throws(StorageError) {
    forget(name)
    if unsafe unlink(path(Self.checkedName(name))) != 0 {
      if errno == ENOENT { return }
      throw systemError(name)
    }
    try syncFolder(of: name)
  }

  public func rename(_ name: String, to other: String) throws(StorageError) {
    forget(name)
    forget(other)
    try createFolder(of: other)
    try check(unsafe Glibc.rename(path(Self.checkedName(name)), path(Self.checkedName(other))), name)
    try syncFolder(of: other)
  }

  public func open(_ name: String) throws(StorageError) -> any StoredFile {
    FileForReading(storage: self, name: name, file: Descriptor(try open(name, O_RDONLY)))
  }

  /// The descriptor that appends to `name`, opened at its first use.
  private func appendDescriptor(_ name: String) throws(StorageError) -> Descriptor {
    if let file = files.withLock({ $0.appending[name] }) { return file }
    let path = path(Self.checkedName(name))
    var file = unsafe Glibc.open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
    if file < 0, errno == ENOENT {
      try createFolder(of: name)
      file = unsafe Glibc.open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
      files.withLock { _ = $0.unsyncedNames.insert(name) }
    }
    guard file >= 0 else { throw systemError(name) }
    let descriptor = Descriptor(file)
    files.withLock { $0.appending.insert(descriptor, for: name) }
    return descriptor
  }

  private func forget(_ name: String) {
    files.withLock {
      $0.appending.remove(name)
      $0.unsyncedNames.remove(name)
    }
  }
}

/// An open file; closed when the last who works with it lets go.
private final class Descriptor: Sendable {
  let number: Int32

  init(_ number: Int32) { self.number = number }

  deinit { close(number) }
}

/// A file that stays readable though its name may be gone.
private final class FileForReading: StoredFile {
  private let storage: FileStorage
  private let name: String
  private let file: Descriptor

  init(storage: FileStorage, name: String, file: Descriptor) { (self.storage, self.name, self.file) = (storage, name, file) }

  var byteCount: Int {
    defer { withExtendedLifetime(self) {} }
    return storage.sizeOf(file.number)
  }

  func read(offset: Int, count: Int) throws(StorageError) -> [UInt8] {
    precondition(offset >= 0 && count >= 0, "reading \(count) bytes from \(offset)")
    defer { withExtendedLifetime(self) {} }
    return try storage.readBytes(file.number, name, offset: offset, count: count)
  }
}

/// A few open files; the one opened first gives way.
private struct DescriptorCache {
  private var open: [(name: String, file: Descriptor)] = []
  private let capacity: Int

  init(capacity: Int) { self.capacity = capacity }

  subscript(name: String) -> Descriptor? { open.first { $0.name == name }?.file }

  mutating func insert(_ file: Descriptor, for name: String) {
    if open.count == capacity { open.removeFirst() }
    open.append((name, file))
  }

  mutating func remove(_ name: String) { open.removeAll { $0.name == name } }
}
