/// Readings of one tag in the order of their source time, from the last one before the committed instant on.
///
/// Times are seconds since the synchroniser's epoch. Memory is bounded by the readings within the allowed lateness, and by `most`.
struct Journal<Value: Sendable & Hashable>: Sendable {
  struct Entry: Sendable, Hashable {
    var time: Double
    var value: Value
  }
  enum Insertion: Hashable {
    case added(at: Int)
    case doubled
    /// Before everything that is still kept.
    case tooLate
  }

  private(set) var entries: [Entry] = []
  /// Something before the first entry may have been forgotten.
  private var isClosed = false
  /// Readings kept at most; a tag that tells more within the allowed lateness loses its oldest.
  static var most: Int { 4096 }

  /// Index of the first entry after `time`.
  func firstIndex(after time: Double) -> Int {
    var (low, high) = (0, entries.count)
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].time <= time { low = middle + 1 } else { high = middle }
    }
    return low
  }

  mutating func insert(_ value: Value, at time: Double) -> Insertion {
    let i = firstIndex(after: time)
    if i > 0, entries[i - 1] == Entry(time: time, value: value) { return .doubled }
    if i == 0, !entries.isEmpty, isClosed { return .tooLate }
    entries.insert(Entry(time: time, value: value), at: i)
    return .added(at: i)
  }

  /// Forgets what is before the last entry at or before `time`; returns how many entries went.
  mutating func trim(before time: Double) -> Int {
    if let first = entries.first, first.time <= time { isClosed = true }
    let gone = max(firstIndex(after: time) - 1, entries.count - Self.most, 0)
    if gone > 0 { entries.removeFirst(gone) }
    return gone
  }
}
