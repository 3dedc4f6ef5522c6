internal import Glibc
internal import Storage

// The system calls behind `FileStorage`, with their errors.
extension FileStorage {
  func path(_ name: String) -> String { "\(folder)/\(name)" }

  /// Beside the file, under a name that `list` does not show; a crash leaves it behind and the next replace overwrites it.
  func temporaryPath(_ name: String) -> String {
    let path = path(name)
    let slash = path.lastIndex(of: "/")!
    return "\(path[...slash]).\(path[path.index(after: slash)...]).tmp"
  }

  func systemError(_ name: String) -> StorageError {
    let code = errno
    switch code {
    case ENOENT: return .notFound(name: name)
    case ENOSPC, EDQUOT: return .full(name: name)
    default: return .failed(name: name, reason: systemReason(code))
    }
  }

  func check(_ result: Int32, _ name: String) throws(StorageError) {
    if result != 0 { throw systemError(name) }
  }

  func open(_ name: String, _ flags: Int32) throws(StorageError) -> Int32 { try openPath(path(Self.checkedName(name)), name, flags) }

  func openPath(_ path: String, _ name: String, _ flags: Int32) throws(StorageError) -> Int32 {
    let file = unsafe Glibc.open(path, flags | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw systemError(name) }
    return file
  }

  func sizeOf(_ file: Int32) -> Int {
    var status = stat()
    return unsafe fstat(file, &status) == 0 ? Int(status.st_size) : 0
  }

  func readBytes(_ file: Int32, _ name: String, offset: Int, count: Int) throws(StorageError) -> [UInt8] {
    // Never more than the file has: `count` may be a whole index, or come from a damaged header.
    let size = max(0, min(count, max(sizeOf(file), offset) - offset))
    var failure: StorageError?
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
      while filled < size {
        let got = unsafe pread(file, buffer.baseAddress! + filled, size - filled, offset + filled)
        if got < 0, errno == EINTR { continue }
        if got < 0 { failure = systemError(name) }
        if got <= 0 { break }
        filled += got
      }
    }
    if let failure { throw failure }
    return bytes
  }

  func writeAll(_ file: Int32, _ name: String, _ bytes: [UInt8]) throws(StorageError) {
    var written = 0
    while written < bytes.count {
      let done = unsafe bytes.withUnsafeBytes { unsafe write(file, $0.baseAddress! + written, bytes.count - written) }
      if done < 0, errno == EINTR { continue }
      guard done > 0 else { throw systemError(name) }
      written += done
    }
  }

  /// Makes the names in the file's folder durable.
  func syncFolder(of name: String) throws(StorageError) { try syncFolder(at: parent(of: path(name)), name) }

  func createFolder(of name: String) throws(StorageError) { try createFolder(parent(of: path(name))) }

  /// Creates a folder and those above it, each made durable in its parent.
  func createFolder(_ path: String) throws(StorageError) {
    if path.isEmpty { return }
    if unsafe access(path, F_OK) == 0 { return }
    try createFolder(parent(of: path))
    if unsafe mkdir(path, 0o755) != 0, errno != EEXIST { throw systemError(path) }
    try syncFolder(at: parent(of: path), path)
  }

  func collectNames(in parent: String, into names: inout [String]) throws(StorageError) {
    guard let directory = unsafe opendir(parent.isEmpty ? folder : path(parent)) else {
      if errno == ENOENT || errno == ENOTDIR { return }
      throw systemError(parent)
    }
    var entries: [(name: String, isFolder: Bool)] = []
    while let entry = unsafe readdir(directory) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
        unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      if !name.hasPrefix(".") { entries.append((name, unsafe Int(entry.pointee.d_type) == Int(DT_DIR))) }
    }
    unsafe closedir(directory)
    for (entry, isFolder) in entries {
      let name = parent.isEmpty ? entry : "\(parent)/\(entry)"
      if isFolder { try collectNames(in: name, into: &names) } else { names.append(name) }
    }
  }

  private func syncFolder(at path: String, _ name: String) throws(StorageError) {
    let file = try openPath(path.isEmpty ? "." : path, name, O_RDONLY | O_DIRECTORY)
    defer { close(file) }
    try check(fsync(file), name)
  }

  private func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "" }
    return slash == path.startIndex && path.count > 1 ? "/" : String(path[..<slash])
  }
}

/// The system's own words for an error number.
func systemReason(_ code: Int32) -> String {
  guard let text = unsafe strerror(code) else { return "error \(code)" }
  return unsafe String(cString: text)
}
