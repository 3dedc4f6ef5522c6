/// Input changes on their way through a dead time: a ring of eight, a plain value.
struct DelayLine: Sendable, BitwiseCopyable {
  static let capacity = 8
  private var changes = InlineArray<8, InputChange>(repeating: InputChange(instant: 0, value: 0))
  private var head: UInt8 = 0
  private(set) var count: UInt8 = 0

  /// The change that comes through next.
  var first: InputChange? { count == 0 ? nil : changes[Int(head)] }

  /// Puts a change at the end. False when there was no room and it took the place of the newest; one at the same instant replaces it anyway.
  mutating func append(_ change: InputChange) -> Bool {
    let newest = (Int(head) + Int(count) + 7) & 7
    if count > 0 && changes[newest].instant == change.instant {
      changes[newest] = change
      return true
    }
    if Int(count) == DelayLine.capacity {
      changes[newest] = change
      return false
    }
    changes[(newest + 1) & 7] = change
    count += 1
    return true
  }

  mutating func removeFirst() {
    head = (head + 1) & 7
    count -= 1
  }
}
