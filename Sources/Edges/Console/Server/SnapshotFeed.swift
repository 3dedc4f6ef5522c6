import Foundation
import Logging
import NIOCore
import ServiceLifecycle
import Synchronization

/// Asks for the snapshot while somebody watches, encodes it once, and wakes every stream.
///
/// A stream is woken, not handed frames: a slow one finds the newest frame when it gets round to it, so no queue grows.
final class SnapshotFeed: Service, Sendable {
  /// One encoded snapshot as a Server-Sent Event.
  struct Frame: Sendable {
    /// Counts up from 1; a stream sends a frame once.
    var number: UInt64
    var event: ByteBuffer
  }

  private struct State {
    var frame: Frame?
    var json: Data?
    var watchers: [UInt64: AsyncStream<Void>.Continuation] = [:]
    var nextWatcher: UInt64 = 0
    var closed = false
  }
  private let state = Mutex(State())
  private let backend: any ConsoleBackend
  private let interval: Swift.Duration
  private let heartbeat: Swift.Duration
  private let logger: Logger

  init(backend: any ConsoleBackend, interval: Swift.Duration, heartbeat: Swift.Duration, logger: Logger) {
    (self.backend, self.interval, self.heartbeat, self.logger) = (backend, interval, heartbeat, logger)
  }

  /// The newest frame, if any.
  var latest: Frame? { state.withLock { $0.frame } }

  /// Elements that say "look again": for a new frame, or, after a silence, for a heartbeat. Ends when the feed does.
  func watch() -> AsyncStream<Void> {
    let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let number: UInt64? = state.withLock { state in
      if state.closed { return nil }
      state.nextWatcher += 1
      state.watchers[state.nextWatcher] = continuation
      return state.nextWatcher
    }
    guard let number else {
      continuation.finish()
      return stream
    }
    continuation.onTermination = { [weak self] _ in self?.state.withLock { $0.watchers[number] = nil } }
    return stream
  }

  /// Runs until cancelled or until the server shuts down; then ends every stream.
  func run() async {
    await cancelWhenGracefulShutdown {
      var lastWake = ContinuousClock.now
      while !Task.isCancelled {
        let started = ContinuousClock.now
        if self.isWatched {
          let changed = await self.refresh()
          if changed || started - lastWake >= self.heartbeat {
            self.wake()
            lastWake = started
          }
        }
        try? await Task.sleep(until: started + self.interval, clock: .continuous)
      }
    }
    close()
  }

  private var isWatched: Bool { state.withLock { !$0.watchers.isEmpty } }

  /// Whether the snapshot has changed.
  private func refresh() async -> Bool {
    let snapshot = await backend.snapshot()
    do {
      let json = try ConsoleJSON.encoder().encode(snapshot)
      return state.withLock { state in
        if state.json == json { return false }
        let number = (state.frame?.number ?? 0) + 1
        var event = ByteBuffer(string: "id: \(number)\nevent: snapshot\ndata: ")
        event.writeBytes(json)
        event.writeString("\n\n")
        state.json = json
        state.frame = Frame(number: number, event: event)
        return true
      }
    } catch {
      logger.error("the snapshot cannot be encoded", metadata: ["error": "\(error)"])
      return false
    }
  }

  private func wake() {
    for continuation in state.withLock({ Array($0.watchers.values) }) { continuation.yield() }
  }

  private func close() {
    let watchers = state.withLock { state in
      state.closed = true
      defer { state.watchers = [:] }
      return Array(state.watchers.values)
    }
    for continuation in watchers { continuation.finish() }
  }
}
