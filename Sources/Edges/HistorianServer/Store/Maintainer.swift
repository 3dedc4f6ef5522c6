internal import Dispatch
internal import Foundation
internal import Historian
internal import Synchronization

/// The thread that seals and merges block files, while writes and questions go on.
final class Maintainer: Sendable {
  private struct State {
    var isClosed = false
    var compactions: [@Sendable (Result<Void, HistorianError>) -> Void] = []
  }

  private let store: SharedHistorian
  private let metrics: ServerMetrics
  private let state = Mutex(State())
  private let signal = DispatchSemaphore(value: 0)
  private let ended = DispatchSemaphore(value: 0)

  init(_ store: SharedHistorian, metrics: ServerMetrics) { (self.store, self.metrics) = (store, metrics) }

  func start() {
    let thread = Thread { [self] in
      run()
      ended.signal()
    }
    thread.name = "historian blocks"
    thread.start()
  }

  /// Looks whether there is anything to do.
  func wake() { signal.signal() }

  /// Seals everything and makes all block files one; calls `done` on this thread.
  func compact(_ done: @escaping @Sendable (Result<Void, HistorianError>) -> Void) {
    state.withLock { $0.compactions.append(done) }
    signal.signal()
  }

  /// Ends the thread after the work in hand.
  func close() {
    state.withLock { $0.isClosed = true }
    signal.signal()
    ended.wait()
  }

  private func run() {
    while true {
      signal.wait()
      let (isClosed, compactions) = state.withLock { state in
        defer { state.compactions = [] }
        return (state.isClosed, state.compactions)
      }
      for done in compactions {
        do throws(HistorianError) {
          try store.compact()
          done(.success(()))
        } catch { done(.failure(error)) }
      }
      if isClosed { return }
      do throws(HistorianError) { while try store.maintain() {} } catch { metrics.note(.maintenanceFailure) }
    }
  }
}
