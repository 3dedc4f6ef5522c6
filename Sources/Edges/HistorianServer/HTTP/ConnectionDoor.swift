internal import NIOCore
internal import Synchronization

/// Lets only so many connections in at a time.
final class ConnectionDoor: Sendable {
  private let limit: Int
  private let inside = Atomic<Int>(0)
  private let metrics: ServerMetrics

  init(limit: Int, metrics: ServerMetrics) { (self.limit, self.metrics) = (limit, metrics) }

  /// Counts the connection in until it closes, or closes it and returns false.
  func enter(_ channel: any Channel) -> Bool {
    guard inside.add(1, ordering: .relaxed).newValue <= limit else {
      inside.subtract(1, ordering: .relaxed)
      metrics.note(.refusedConnections)
      channel.close(promise: nil)
      return false
    }
    metrics.note(.connections)
    channel.closeFuture.whenComplete { [self] _ in inside.subtract(1, ordering: .relaxed) }
    return true
  }
}
