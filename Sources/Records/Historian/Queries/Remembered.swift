internal import Synchronization

/// What was found out once and would come out the same again, kept for whoever asks next.
///
/// Snapshots are read by several threads at a time, so a lock stands before it; what is kept changes how long an answer takes and never the answer.
final class Remembered<Value: Sendable>: Sendable {
  private let value: Mutex<Value>

  init(_ value: Value) { self.value = Mutex(value) }

  func withValue<Result: Sendable>(_ body: (inout Value) -> Result) -> Result { value.withLock { body(&$0) } }
}
