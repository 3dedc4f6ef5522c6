internal import Glibc

/// Keeps every other process from writing to a data folder while it lives.
///
/// An advisory `flock` on `.lock` in the folder: the kernel lets it go when the process ends, however it ends, so a `kill -9`
/// leaves nothing to clean up. The descriptor is not inherited by child processes.
public final class DataFolderLock: Sendable {
  public let folder: String
  private let file: Int32

  /// - Throws: `inUse` if another holder lives (in this process or another), `failed`.
  public init(folder: String) throws(DiskError) {
    let path = "\(folder)/.lock"
    let file = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw errno == ENOENT ? .notFound(path: folder) : .failed(path: path, reason: systemReason(errno)) }
    guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
      let code = errno
      defer { close(file) }
      throw code == EWOULDBLOCK ? .inUse(folder: folder, process: Self.holder(file)) : .failed(path: path, reason: systemReason(code))
    }
    (self.folder, self.file) = (folder, file)
    // For the message that the next one gets; the lock itself does not depend on it.
    let text = Array("\(getpid())\n".utf8)
    if ftruncate(file, 0) == 0 { _ = unsafe text.withUnsafeBytes { unsafe pwrite(file, $0.baseAddress!, text.count, 0) } }
  }

  deinit { close(file) }

  private static func holder(_ file: Int32) -> Int? {
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: 32) { buffer, filled in
      filled = unsafe max(0, pread(file, buffer.baseAddress!, 32, 0))
    }
    return Int(String(decoding: bytes, as: UTF8.self).split(separator: "\n").first ?? "")
  }
}
