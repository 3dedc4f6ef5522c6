internal import Synchronization

/// Hands events from libmosquitto's thread to one reader, many at a time.
///
/// While the reader is busy, events gather and go over in one batch: an `AsyncStream` element costs a microsecond, a batched event a few
/// nanoseconds.
final class EventMailbox: Sendable {
  fileprivate struct State {
    var waiting: [MQTTEvent] = []
    var dropped = 0
    var isFinished = false
    var reader: CheckedContinuation<[MQTTEvent]?, Never>?
  }
  private let state = Mutex(State())
  private let capacity: Int

  init(capacity: Int) { self.capacity = capacity }

  /// Appends an event; a message beyond the capacity is dropped and counted. Connections and disconnections are never dropped.
  func post(_ event: MQTTEvent) {
    let hand = state.withLock { state -> (CheckedContinuation<[MQTTEvent]?, Never>, [MQTTEvent])? in
      if state.isFinished { return nil }
      if state.waiting.count >= capacity, case .message = event {
        state.dropped += 1
        return nil
      }
      state.waiting.append(event)
      guard let reader = state.reader else { return nil }
      state.reader = nil
      return (reader, state.take())
    }
    if let (reader, batch) = hand { reader.resume(returning: batch) }
  }

  /// No event follows; what waits may still be read.
  func finish() {
    let reader = state.withLock { state in
      state.isFinished = true
      defer { state.reader = nil }
      return state.reader
    }
    reader?.resume(returning: nil)
  }

  /// The next batch, never empty; nil after the end or when the reading task is cancelled.
  func next() async -> [MQTTEvent]? {
    await withTaskCancellationHandler {
      await withCheckedContinuation { (continuation: CheckedContinuation<[MQTTEvent]?, Never>) in
        let answer = state.withLock { state -> [MQTTEvent]?? in
          precondition(state.reader == nil, "the events of one MQTT client have one reader")
          if !state.waiting.isEmpty { return .some(state.take()) }
          if state.isFinished || Task.isCancelled { return .some(nil) }
          state.reader = continuation
          return nil
        }
        if let answer { continuation.resume(returning: answer) }
      }
    } onCancel: {
      let reader = state.withLock { state in
        defer { state.reader = nil }
        return state.reader
      }
      reader?.resume(returning: nil)
    }
  }
}

extension EventMailbox.State {
  fileprivate mutating func take() -> [MQTTEvent] {
    if dropped > 0 {
      waiting.append(.overflowed(dropped: dropped))
      dropped = 0
    }
    defer { waiting = [] }
    return waiting
  }
}
