/// A robustness that stands from `start` (nanoseconds) until the next segment begins.
struct Segment: Hashable, Sendable {
  var start: Int64
  var value: Satisfaction

  /// Before the first sample, since ever.
  static let distantPast = Int64.min / 4
}

/// A queue that is filled at its end and emptied at either, in O(1) amortised.
struct SegmentQueue<Element: Sendable>: Sendable {
  private var storage: [Element] = []
  private var head = 0

  var isEmpty: Bool { head == storage.count }
  var count: Int { storage.count - head }
  var first: Element? { isEmpty ? nil : storage[head] }

  var last: Element? {
    get { isEmpty ? nil : storage[storage.count - 1] }
    set { if let newValue { storage[storage.count - 1] = newValue } }
  }

  mutating func append(_ element: Element) { storage.append(element) }

  mutating func removeFirst() {
    head += 1
    // Shifts down once for as many removals as are left: constant time each.
    if head > 16, head * 2 > storage.count {
      storage.removeFirst(head)
      head = 0
    }
  }

  mutating func removeLast() { storage.removeLast() }
}
