internal import Dispatch
internal import Foundation
internal import Historian
internal import Synchronization

/// The thread that makes appends durable: one write and one sync for all who wait (group commit).
///
/// While it syncs, other threads read, decode and append what the next sync will cover. Before it starts one it waits a little for writes
/// that are under way, and for as many as the last one served: senders that were answered together come again together, and without that
/// wait two of them would take turns, each paying for a sync of its own.
final class Committer: Sendable {
  typealias Outcome = Result<Void, HistorianError>

  private struct Waiter {
    var sequence: UInt64
    var answer: @Sendable (Outcome) -> Void
  }
  private struct State {
    var waiters: [Waiter] = []
    /// Writes begun and not yet waiting.
    var underWay = 0
    /// How many the last commit served.
    var lastServed = 0
    var isClosed = false
  }

  private let state = Mutex(State())
  private let store: SharedHistorian
  private let maintainer: Maintainer
  private let metrics: ServerMetrics
  private let patience: Double
  /// Nil syncs every commit; else at most once in so many seconds.
  private let syncInterval: Double?
  private let wake = DispatchSemaphore(value: 0)
  private let ended = DispatchSemaphore(value: 0)

  init(
    _ store: SharedHistorian, maintainer: Maintainer, metrics: ServerMetrics, durability: HistorianServerConfiguration.Durability, patience: Double
  ) {
    (self.store, self.maintainer, self.metrics, self.patience) = (store, maintainer, metrics, patience)
    syncInterval = durability == .synced ? nil : 1
  }

  func start() {
    let thread = Thread { [self] in
      run()
      ended.signal()
    }
    thread.name = "historian commit"
    thread.start()
  }

  /// Commits what is left, answers all who wait, and ends the thread.
  func close() {
    state.withLock { $0.isClosed = true }
    wake.signal()
    ended.wait()
  }

  /// Says that a write has begun whose samples will be appended soon.
  func begin() { state.withLock { $0.underWay += 1 } }

  /// Says that a write that had begun will not wait.
  func abandon() {
    state.withLock { $0.underWay -= 1 }
    wake.signal()
  }

  /// Calls `answer` on the committing thread once the append `sequence` is durable, or cannot be made so.
  func wait(for sequence: UInt64, _ answer: @escaping @Sendable (Outcome) -> Void) {
    state.withLock {
      $0.underWay -= 1
      $0.waiters.append(Waiter(sequence: sequence, answer: answer))
    }
    wake.signal()
  }

  // MARK: - The thread

  private func run() {
    var lastSync = DispatchTime.now()
    while true {
      let (isIdle, isClosed) = state.withLock { ($0.waiters.isEmpty, $0.isClosed) }
      if isIdle {
        if isClosed { break }
        wake.wait()
        continue
      }
      gather()
      let started = DispatchTime.now()
      let isSynced = syncInterval.map { started.seconds - lastSync.seconds >= $0 } ?? true
      let outcome: Result<UInt64, HistorianError>
      do throws(HistorianError) { outcome = .success(try store.commit(isSynced: isSynced)) } catch { outcome = .failure(error) }
      if isSynced { lastSync = .now() }
      answer(outcome, seconds: DispatchTime.now().seconds - started.seconds)
      maintainer.wake()
    }
    _ = try? store.commit(isSynced: true)
  }

  /// Waits for the writes that can still go along.
  private func gather() {
    let deadline = DispatchTime.now() + patience
    while true {
      let isComplete = state.withLock { $0.isClosed || ($0.underWay == 0 && $0.waiters.count >= $0.lastServed) }
      if isComplete || wake.wait(timeout: deadline) == .timedOut { return }
    }
  }

  private func answer(_ outcome: Result<UInt64, HistorianError>, seconds: Double) {
    let served = state.withLock { state -> [Waiter] in
      let served: [Waiter]
      switch outcome {
      case .success(let durable):
        served = state.waiters.filter { $0.sequence <= durable }
        state.waiters.removeAll { $0.sequence <= durable }
      case .failure:
        served = state.waiters
        state.waiters = []
      }
      state.lastServed = served.count
      return served
    }
    metrics.noteCommit(seconds: seconds, served: served.count)
    for waiter in served { waiter.answer(outcome.map { _ in }) }
  }
}

extension DispatchTime {
  var seconds: Double { Double(uptimeNanoseconds) / 1e9 }
}
