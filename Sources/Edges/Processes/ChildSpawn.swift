import Foundation
import Glibc
import Synchronization

/// How a child is started: with three descriptors and none of the parent's others.
enum ChildSpawn {
  enum Result {
    case started(pid_t)
    case failed(Int32)
  }

  /// One at a time, so that no other child inherits a descriptor before it is marked.
  static let turn = Mutex(())

  /// Sockets and files of other libraries too: a child that kept the console's port would block the next start.
  static func hideDescriptors() {
    for descriptor in 3..<Int32(1024) { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
  }

  /// A pipe that other children do not inherit.
  static func makePipe() -> (read: Int32, write: Int32)? {
    var ends: [Int32] = [0, 0]
    guard unsafe pipe(&ends) == 0 else { return nil }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }

  /// Two ends that both can be read and written, and that other children do not inherit.
  static func makeSocketPair() -> (own: Int32, child: Int32)? {
    var ends: [Int32] = [0, 0]
    guard unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0 else { return nil }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }

  /// - Parameter command: the program's path and its arguments.
  static func spawn(_ command: [String], _ stdin: Int32, _ stdout: Int32, _ stderr: Int32) -> Result {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    for (from, to) in [(stdin, 0), (stdout, 1), (stderr, 2)] { unsafe posix_spawn_file_actions_adddup2(&actions, from, Int32(to)) }
    var argv: [UnsafeMutablePointer<CChar>?] = unsafe command.map { unsafe strdup($0) } + [nil]
    defer { unsafe argv.forEach { unsafe free($0) } }
    // A dispatch thread blocks signals, and its children would inherit that: they must be able to be asked to end.
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    unsafe sigemptyset(&none)
    unsafe posix_spawnattr_setsigmask(&attributes, &none)
    unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    var child: pid_t = 0
    let code = unsafe posix_spawn(&child, command[0], &actions, &attributes, &argv, environ)
    return code == 0 ? .started(child) : .failed(code)
  }

  /// The end in words, from what waitpid told.
  static func reason(status: Int32) -> String {
    let signal = status & 0x7f
    return signal == 0 ? "exited with code \((status >> 8) & 0xff)" : "ended by signal \(signal)"
  }
}
