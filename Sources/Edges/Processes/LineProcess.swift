import Foundation
import Glibc
import Synchronization

/// A child process that talks in lines: written to its standard input, read from its standard output and standard error.
///
/// Ends with its parent: its standard input closes, and a loop that reads finds the end of file.
public final class LineProcess: Sendable {
  public enum Event: Sendable {
    /// A line of standard output, without the newline.
    case line([UInt8])
    /// A line of standard error.
    case errorLine(String)
    /// It ended; nothing follows.
    case exited(reason: String)
  }

  /// The system refused to start it. Retrying may help where the reason is a lack of memory or processes.
  public struct StartError: Error, Sendable, CustomStringConvertible {
    public let description: String
  }

  public let pid: Int32
  private let input: Int32
  private let writing: DispatchQueue

  /// Starts `executable` and reports what it says on `onEvent`, called in order from a queue of its own.
  ///
  /// - Throws: `StartError` where the program cannot be started.
  public init(executable: String, arguments: [String], directory: String?, onEvent: @escaping @Sendable (Event) -> Void) throws(StartError) {
    guard unsafe access(executable, X_OK) == 0 else {
      throw StartError(description: "\(executable): not an executable file")
    }
    func refuse(_ code: Int32) -> StartError { StartError(description: "\(executable): \(unsafe String(cString: strerror(code)))") }
    var pipes = [(read: Int32, write: Int32)]()
    // `env -C` changes the directory: glibc hides the spawn action that would.
    let command = directory.map { ["/usr/bin/env", "-C", $0, executable] + arguments } ?? [executable] + arguments
    let code = ChildSpawn.turn.withLock { _ in
      for _ in 0..<3 { if let pipe = ChildSpawn.makePipe() { pipes.append(pipe) } }
      guard pipes.count == 3 else { return ChildSpawn.Result.failed(EMFILE) }
      ChildSpawn.hideDescriptors()
      let result = ChildSpawn.spawn(command, pipes[0].read, pipes[1].write, pipes[2].write)
      for descriptor in [pipes[0].read, pipes[1].write, pipes[2].write] { close(descriptor) }
      return result
    }
    guard case .started(let child) = code else {
      for pipe in pipes { close(pipe.read) }
      if case .failed(let reason) = code { throw refuse(reason) }
      throw refuse(EAGAIN)
    }
    let (stdin, stdout, stderr) = (pipes[0], pipes[1], pipes[2])
    pid = child
    input = stdin.write
    writing = DispatchQueue(label: "takt.process.\(child).in")

    let events = DispatchQueue(label: "takt.process.\(child)")
    let open = DispatchGroup()
    for (descriptor, isError) in [(stdout.read, false), (stderr.read, true)] {
      open.enter()
      Thread.detachNewThread {
        readLines(descriptor) { line in
          events.async { onEvent(isError ? .errorLine(String(decoding: line, as: UTF8.self)) : .line(line)) }
        }
        open.leave()
      }
    }
    Thread.detachNewThread {
      // Told last, once both pipes are drained and the process is reaped.
      let reason = waitForEnd(child)
      open.wait()
      events.async { onEvent(.exited(reason: reason)) }
    }
  }

  deinit {
    // After what was sent: the queue keeps the descriptor open until then.
    writing.async { [input] in close(input) }
  }

  /// Writes one line; returns at once. A line to a process that has ended is dropped: its end is reported as an event.
  public func send(_ line: [UInt8]) {
    writing.async { [input] in writeAll(input, line + [UInt8(ascii: "\n")]) }
  }

  /// Asks it to end (SIGTERM), or ends it (SIGKILL).
  public func terminate(force: Bool) { kill(pid, force ? SIGKILL : SIGTERM) }
}

private func readLines(_ descriptor: Int32, deliver: ([UInt8]) -> Void) {
  defer { close(descriptor) }
  var rest = [UInt8]()
  var chunk = [UInt8](repeating: 0, count: 65_536)
  while true {
    let count = unsafe chunk.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
    if count < 0 && errno == EINTR { continue }
    guard count > 0 else { return }
    rest.append(contentsOf: chunk[..<count])
    while let newline = rest.firstIndex(of: UInt8(ascii: "\n")) {
      deliver(Array(rest[..<newline]))
      rest.removeSubrange(...newline)
    }
  }
}

private func writeAll(_ descriptor: Int32, _ bytes: [UInt8]) {
  var done = 0
  while done < bytes.count {
    let count = unsafe bytes.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress! + done, $0.count - done) }
    if count < 0 && errno == EINTR { continue }
    guard count > 0 else { return }
    done += count
  }
}

private func waitForEnd(_ pid: pid_t) -> String {
  var status: Int32 = 0
  while unsafe waitpid(pid, &status, 0) < 0 && errno == EINTR {}
  return ChildSpawn.reason(status: status)
}
