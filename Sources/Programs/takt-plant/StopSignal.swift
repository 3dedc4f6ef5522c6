import Dispatch
import Foundation
import Synchronization

/// Raised by SIGINT and SIGTERM, so that the plant can take its leave.
final class StopSignal: Sendable {
  private let raised = Mutex(false)
  private let bell = DispatchSemaphore(value: 0)
  private nonisolated(unsafe) let sources: [any DispatchSourceSignal]

  init() {
    let queue = DispatchQueue(label: "signals")
    unsafe sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      return DispatchSource.makeSignalSource(signal: number, queue: queue)
    }
    for source in unsafe sources {
      source.setEventHandler { [weak self] in
        self?.raised.withLock { $0 = true }
        self?.bell.signal()
      }
      source.resume()
    }
  }

  var isRaised: Bool { raised.withLock { $0 } }

  /// Waits for the signal, at most so long.
  func wait(milliseconds: Int) { _ = bell.wait(timeout: .now() + .milliseconds(milliseconds)) }
}
