import Glibc
import Synchronization

/// A child process that is asked and answers, one frame each, and is waited for: the length of the body, four bytes, little-endian, and the body.
///
/// The child's standard input is a socket, which it reads and answers on; what it prints to standard output and standard error is kept for the report
/// of its end, the last two thousand bytes. It ends with its parent, if it minds its socket, and at the latest when this object goes.
public final class FramedProcess: Sendable {
  /// Why a process could not be started.
  public typealias StartError = LineProcess.StartError

  /// Why there is no answer. The process is then gone, and its object of no more use.
  public enum Failure: Error, Sendable, Hashable {
    /// It ended before it answered: how, and what it had printed.
    case ended(reason: String, printed: String)
    /// It was silent for too long and has been killed.
    case late(printed: String)
    /// What it sent is no frame; it has been killed.
    case garbled
  }

  /// The child's.
  public let pid: Int32
  private let socket: Int32
  private let output: Int32
  private let state = Mutex(State())

  private struct State {
    var printed: [UInt8] = []
    var isReaped = false
  }

  /// - Throws: `StartError` where the program cannot be started.
  public init(executable: String, arguments: [String]) throws(StartError) {
    guard unsafe access(executable, X_OK) == 0 else { throw StartError(description: "\(executable): not an executable file") }
    var ends: (sockets: (own: Int32, child: Int32), pipe: (read: Int32, write: Int32))?
    let result = ChildSpawn.turn.withLock { _ in
      guard let sockets = ChildSpawn.makeSocketPair() else { return ChildSpawn.Result.failed(EMFILE) }
      guard let pipe = ChildSpawn.makePipe() else {
        close(sockets.own)
        close(sockets.child)
        return ChildSpawn.Result.failed(EMFILE)
      }
      ends = (sockets, pipe)
      ChildSpawn.hideDescriptors()
      let result = ChildSpawn.spawn([executable] + arguments, sockets.child, pipe.write, pipe.write)
      close(sockets.child)
      close(pipe.write)
      return result
    }
    guard case .started(let child) = result, let ends else {
      if let ends {
        close(ends.sockets.own)
        close(ends.pipe.read)
      }
      let code = if case .failed(let code) = result { code } else { EAGAIN }
      throw StartError(description: "\(executable): \(unsafe String(cString: strerror(code)))")
    }
    (pid, socket, output) = (child, ends.sockets.own, ends.pipe.read)
    for descriptor in [socket, output] { _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK) }
  }

  deinit {
    state.withLock { _ = finish(&$0, grace: 0) }
    close(socket)
    close(output)
  }

  /// Sends a frame and waits for the one that answers.
  ///
  /// - Parameters:
  ///   - patience: seconds of silence after which it is given up.
  ///   - progress: asked about five times a second; where it gives another number than before, the silence begins anew.
  public func exchange(_ body: [UInt8], patience: Double, progress: () -> UInt64 = { 0 }) throws(Failure) -> [UInt8] {
    let result = state.withLock { state -> Result<[UInt8], Failure> in
      var watch = Watch(patience: patience, progress: progress())
      let length = UInt32(body.count)
      let frame = (0..<4).map { UInt8(truncatingIfNeeded: length >> (8 * UInt32($0))) } + body
      if let failure = send(frame, &state, &watch, progress) { return .failure(failure) }
      return receive(4, &state, &watch, progress).flatMap { head in
        let length = head.reversed().reduce(0) { $0 << 8 | Int($1) }
        guard length <= 1 << 31 else {
          _ = finish(&state, grace: 0)
          return .failure(.garbled)
        }
        return receive(length, &state, &watch, progress)
      }
    }
    return try result.get()
  }

  /// How long nothing has moved.
  private struct Watch {
    let patience: Double
    var progress: UInt64
    var since = ContinuousClock.now

    init(patience: Double, progress: UInt64) { (self.patience, self.progress) = (patience, progress) }

    mutating func isOver(_ now: UInt64) -> Bool {
      if now != progress { (progress, since) = (now, .now) }
      return ContinuousClock.now - since > .seconds(patience)
    }
  }

  private func send(_ bytes: [UInt8], _ state: inout State, _ watch: inout Watch, _ progress: () -> UInt64) -> Failure? {
    var done = 0
    while done < bytes.count {
      let sent = unsafe bytes.withUnsafeBytes { unsafe Glibc.send(socket, $0.baseAddress! + done, bytes.count - done, Int32(MSG_NOSIGNAL)) }
      if sent > 0 {
        done += sent
        continue
      }
      guard errno == EAGAIN || errno == EINTR else { return ended(&state) }
      if let failure = wait(Int16(POLLOUT), &state, &watch, progress) { return failure }
    }
    return nil
  }

  private func receive(_ count: Int, _ state: inout State, _ watch: inout Watch, _ progress: () -> UInt64) -> Result<[UInt8], Failure> {
    var bytes = [UInt8](repeating: 0, count: count)
    var done = 0
    while done < count {
      let got = unsafe bytes.withUnsafeMutableBytes { unsafe recv(socket, $0.baseAddress! + done, count - done, 0) }
      if got > 0 {
        done += got
        continue
      }
      if got == 0 { return .failure(ended(&state)) }
      guard errno == EAGAIN || errno == EINTR else { return .failure(ended(&state)) }
      if let failure = wait(Int16(POLLIN), &state, &watch, progress) { return .failure(failure) }
    }
    return .success(bytes)
  }

  /// Until the socket is ready, or a fifth of a second has passed.
  private func wait(_ events: Int16, _ state: inout State, _ watch: inout Watch, _ progress: () -> UInt64) -> Failure? {
    var watched = [pollfd(fd: socket, events: events, revents: 0), pollfd(fd: output, events: Int16(POLLIN), revents: 0)]
    let slice = Int32(max(10, min(200, watch.patience * 200)))
    if unsafe poll(&watched, 2, slice) > 0, watched[1].revents != 0 {
      // A child that has closed its output is not asked about it again and again.
      if !drain(&state), watched[0].revents == 0 { _ = unsafe poll(&watched, 1, slice) }
    }
    guard watched[0].revents == 0, watch.isOver(progress()) else { return nil }
    _ = finish(&state, grace: 0)
    return .late(printed: text(state))
  }

  private func ended(_ state: inout State) -> Failure {
    let reason = finish(&state, grace: 1)
    return .ended(reason: reason, printed: text(state))
  }

  /// Takes what it printed; false once its output is closed.
  private func drain(_ state: inout State) -> Bool {
    var chunk = [UInt8](repeating: 0, count: 4096)
    while true {
      let got = unsafe chunk.withUnsafeMutableBytes { unsafe read(output, $0.baseAddress, $0.count) }
      if got == 0 { return false }
      if got < 0 { return errno == EAGAIN || errno == EINTR }
      state.printed.append(contentsOf: chunk[..<got])
      if state.printed.count > 2000 { state.printed.removeFirst(state.printed.count - 2000) }
    }
  }

  private func text(_ state: State) -> String { String(decoding: state.printed, as: UTF8.self) }

  /// Reaps it, killed where it does not end by itself within so many seconds.
  private func finish(_ state: inout State, grace: Double) -> String {
    if state.isReaped { return "ended before" }
    state.isReaped = true
    var status: Int32 = 0
    let until = ContinuousClock.now + .seconds(grace)
    while ContinuousClock.now < until {
      if unsafe waitpid(pid, &status, WNOHANG) == pid {
        _ = drain(&state)
        return ChildSpawn.reason(status: status)
      }
      _ = poll(nil, 0, 5)
    }
    kill(pid, SIGKILL)
    while unsafe waitpid(pid, &status, 0) < 0 && errno == EINTR {}
    _ = drain(&state)
    return ChildSpawn.reason(status: status)
  }
}
