import Foundation

/// The program that loads a unit and does what its parent asks, so that a unit that crashes, hangs or leaks takes only this process with it.
///
/// It is started with the path of a page for `CallRecord`, reads requests from standard input and answers on it: a socket. What the unit prints goes
/// to standard error. It ends when its parent does.
public enum HostLoop {
  /// Runs until the parent is gone.
  public static func run(notePath: String) -> Never {
    let socket = keepToOneself()
    endWithParent(socket)
    let note = CallNote(path: notePath)
    var runner: UnitRunner?
    while let body = read(socket) {
      guard let request = Frame.request(body) else { exit(3) }
      write(socket, Frame.encoded(answer(request, &runner, note)))
    }
    exit(0)
  }

  private static func answer(_ request: HostRequest, _ runner: inout UnitRunner?, _ note: CallNote) -> HostReply {
    _ = UnitMessages.take()
    do throws(CallFailure) {
      switch request {
      case .load(let load):
        do throws(UnusableLibrary) { runner = try UnitRunner(load, note: note) } catch { return .unusable(error.reason) }
        try runner?.prepare()
        return .loaded
      case .run(let run):
        if let rows = try runner?.run(run) { return .rows(rows) }
        return .unusable("nothing is loaded")
      }
    } catch {
      return .failed(
        call: error.call, status: error.status, time: runner?.lastTime ?? 0, messages: (error.reason.map { [$0] } ?? []) + UnitMessages.take())
    }
  }

  /// Moves the socket away from the descriptors that a unit may read and print to; and no core file when it crashes.
  private static func keepToOneself() -> Int32 {
    let socket = dup(0)
    _ = fcntl(socket, F_SETFD, FD_CLOEXEC)
    let empty = unsafe open("/dev/null", O_RDONLY)
    dup2(empty, 0)
    close(empty)
    dup2(2, 1)
    var none = rlimit(rlim_cur: 0, rlim_max: 0)
    unsafe setrlimit(__rlimit_resource_t(UInt32(RLIMIT_CORE.rawValue)), &none)
    // A unit that crashes just ends: a backtrace of ours would crowd out its own last words.
    for number in [SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP] { signal(number, SIG_DFL) }
    return socket
  }

  /// Ends the process when the parent closes its end, even while a call hangs.
  private static func endWithParent(_ socket: Int32) {
    Thread.detachNewThread {
      var watched = pollfd(fd: socket, events: 0, revents: 0)
      while unsafe poll(&watched, 1, -1) <= 0 || watched.revents & Int16(POLLHUP) == 0 {}
      _exit(0)
    }
  }

  private static func read(_ socket: Int32) -> [UInt8]? {
    guard let head = read(socket, 4) else { return nil }
    let length = head.reversed().reduce(0) { $0 << 8 | Int($1) }
    return length <= Frame.limit ? read(socket, length) : nil
  }

  private static func read(_ socket: Int32, _ count: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    var done = 0
    while done < count {
      let got = unsafe bytes.withUnsafeMutableBytes { unsafe recv(socket, $0.baseAddress! + done, count - done, 0) }
      if got < 0 && errno == EINTR { continue }
      guard got > 0 else { return nil }
      done += got
    }
    return bytes
  }

  private static func write(_ socket: Int32, _ body: [UInt8]) {
    let length = UInt32(body.count)
    let bytes = (0..<4).map { UInt8(truncatingIfNeeded: length >> (8 * UInt32($0))) } + body
    var done = 0
    while done < bytes.count {
      let sent = unsafe bytes.withUnsafeBytes { unsafe send(socket, $0.baseAddress! + done, bytes.count - done, Int32(MSG_NOSIGNAL)) }
      if sent < 0 && errno == EINTR { continue }
      guard sent > 0 else { exit(0) }
      done += sent
    }
  }
}
