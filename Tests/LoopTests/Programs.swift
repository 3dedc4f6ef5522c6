import Foundation
import Synchronization

/// The built programs beside the test bundle.
enum Programs {
  static let folder: URL = {
    let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
    // The bundle lies beside the programs; a runner that loads it lies elsewhere and names the bundle in its arguments.
    let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? own
    return URL(fileURLWithPath: bundle).deletingLastPathComponent()
  }()

  static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  static var takt: String { folder.appendingPathComponent("takt").path }
  static var plant: String { folder.appendingPathComponent("takt-plant").path }

  static var areBuilt: Bool { [takt, plant].allSatisfy(FileManager.default.isExecutableFile) }
}

/// A child process that is killed, not asked: a child of a dispatch thread may have SIGTERM blocked.
final class Child: Sendable {
  private struct State {
    var status: Int32?
    var waiting: [CheckedContinuation<Int32, Never>] = []
  }
  let pid: Int32
  private let state = Mutex(State())

  /// Starts `program`; what it prints goes to the file `output`.
  init(_ program: String, _ arguments: [String], output: URL) throws {
    _ = FileManager.default.createFile(atPath: output.path, contents: nil)
    let handle = try FileHandle(forWritingTo: output)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = handle
    process.standardError = handle
    let ended = Mutex<(@Sendable (Int32) -> Void)?>(nil)
    let early = Mutex<Int32?>(nil)
    process.terminationHandler = { process in
      let status = process.terminationReason == .uncaughtSignal ? 128 + process.terminationStatus : process.terminationStatus
      early.withLock { $0 = status }
      ended.withLock { $0 }?(status)
    }
    try process.run()
    pid = process.processIdentifier
    ended.withLock { $0 = { [weak self] status in self?.end(status) } }
    if let status = early.withLock({ $0 }) { end(status) }
    try? handle.close()
  }

  private func end(_ status: Int32) {
    let waiting = state.withLock { state in
      guard state.status == nil else { return [CheckedContinuation<Int32, Never>]() }
      state.status = status
      defer { state.waiting = [] }
      return state.waiting
    }
    waiting.forEach { $0.resume(returning: status) }
  }

  var isRunning: Bool { state.withLock { $0.status == nil } }

  func signal(_ number: Int32) { if isRunning { _ = Foundation.kill(pid, number) } }

  /// The exit status, 128 and more after a signal; killed where it has not ended within `seconds`.
  func ended(within seconds: Double) async -> Int32 {
    let killer = Task {
      try await Task.sleep(for: .seconds(seconds))
      signal(SIGKILL)
    }
    defer { killer.cancel() }
    return await withCheckedContinuation { continuation in
      let status = state.withLock { state in
        if state.status == nil { state.waiting.append(continuation) }
        return state.status
      }
      if let status { continuation.resume(returning: status) }
    }
  }
}

/// Waits for `condition`; false after `seconds`.
func within(_ seconds: Double, _ condition: () async throws -> Bool) async rethrows -> Bool {
  let end = ContinuousClock.now + .seconds(seconds)
  while ContinuousClock.now < end {
    if try await condition() { return true }
    try? await Task.sleep(for: .milliseconds(100))
  }
  return false
}
