import Glibc
import Storage

/// Real files, as plainly as a study needs them: every append is one `write`; `sync` does what it is told.
final class FolderStorage: Storage {
  private let folder: String
  private let isSynced: Bool

  /// An empty folder.
  init(_ folder: String, isSynced: Bool) {
    (self.folder, self.isSynced) = (folder, isSynced)
    _ = system("rm -rf '\(folder)'; mkdir -p '\(folder)/wal' '\(folder)/blocks'")
  }

  private func failure(_ name: String) -> StorageError {
    errno == ENOENT ? .notFound(name: name) : errno == ENOSPC ? .full(name: name) : .failed(name: name, reason: "error \(errno)")
  }

  private func descriptor(_ name: String, _ flags: Int32) throws(StorageError) -> Int32 {
    let file = Glibc.open("\(folder)/\(name)", flags, 0o644)
    guard file >= 0 else { throw failure(name) }
    return file
  }

  func list(prefix: String) throws(StorageError) -> [String] {
    var names: [String] = []
    for sub in ["wal", "blocks"] {
      guard let directory = opendir("\(folder)/\(sub)") else { continue }
      while let entry = readdir(directory) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) { $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) } }
        if !name.hasPrefix(".") { names.append("\(sub)/\(name)") }
      }
      closedir(directory)
    }
    return names.filter { $0.hasPrefix(prefix) }.sorted()
  }

  func read(_ name: String) throws(StorageError) -> [UInt8] { try read(name, offset: 0, count: .max) }

  func read(_ name: String, offset: Int, count: Int) throws(StorageError) -> [UInt8] { try open(name).read(offset: offset, count: count) }

  func append(_ name: String, _ bytes: [UInt8]) throws(StorageError) {
    let file = try descriptor(name, O_WRONLY | O_APPEND | O_CREAT)
    defer { close(file) }
    var done = 0
    while done < bytes.count {
      let written = bytes.withUnsafeBytes { write(file, $0.baseAddress! + done, bytes.count - done) }
      guard written > 0 else { throw failure(name) }
      done += written
    }
  }

  func sync(_ name: String) throws(StorageError) {
    guard isSynced else { return }
    let file = try descriptor(name, O_RDONLY)
    defer { close(file) }
    guard fdatasync(file) == 0 else { throw failure(name) }
  }

  func replace(_ name: String, _ bytes: [UInt8]) throws(StorageError) {
    try remove(name)
    try append(name, bytes)
  }

  func truncate(_ name: String, to count: Int) throws(StorageError) {
    guard Glibc.truncate("\(folder)/\(name)", count) == 0 else { throw failure(name) }
  }

  func remove(_ name: String) throws(StorageError) { _ = unlink("\(folder)/\(name)") }

  func rename(_ name: String, to other: String) throws(StorageError) {
    guard Glibc.rename("\(folder)/\(name)", "\(folder)/\(other)") == 0 else { throw failure(name) }
  }

  func open(_ name: String) throws(StorageError) -> any StoredFile { OpenFile(try descriptor(name, O_RDONLY), name) }
}

private final class OpenFile: StoredFile {
  private let file: Int32
  private let name: String

  init(_ file: Int32, _ name: String) { (self.file, self.name) = (file, name) }

  deinit { close(file) }

  var byteCount: Int {
    defer { withExtendedLifetime(self) {} }
    var status = stat()
    return fstat(file, &status) == 0 ? Int(status.st_size) : 0
  }

  func read(offset: Int, count: Int) throws(StorageError) -> [UInt8] {
    let size = max(0, min(count, byteCount - offset))
    defer { withExtendedLifetime(self) {} }
    return [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
      while filled < size {
        let got = pread(file, buffer.baseAddress! + filled, size - filled, off_t(offset + filled))
        if got <= 0 { break }
        filled += got
      }
    }
  }
}

/// Seconds of processor time of this process, user and system.
func processorSeconds() -> Double {
  var usage = rusage()
  getrusage(0 /* RUSAGE_SELF */, &usage)
  return Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6
}

/// The process's resident memory now, in megabytes.
func residentMegabytes() -> Double {
  guard let file = fopen("/proc/self/statm", "r") else { return 0 }
  defer { fclose(file) }
  var line = [CChar](repeating: 0, count: 200)
  fgets(&line, 200, file)
  let fields = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self).split(separator: " ")
  return Double(fields[1])! * 4096 / 1e6
}
