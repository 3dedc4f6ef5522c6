internal import Synchronization

/// Bytes that all connections together may hold: whoever finds none left must come again later.
final class ByteBudget: Sendable {
  let limit: Int
  private let taken = Atomic<Int>(0)
  private let peak = Atomic<Int>(0)

  init(limit: Int) { self.limit = limit }

  /// Takes `count` bytes; false, and nothing taken, where they are not there.
  func take(_ count: Int) -> Bool {
    let now = taken.add(count, ordering: .relaxed).newValue
    guard now <= limit else {
      taken.subtract(count, ordering: .relaxed)
      return false
    }
    peak.max(now, ordering: .relaxed)
    return true
  }

  func give(_ count: Int) { taken.subtract(count, ordering: .relaxed) }

  var inUse: Int { taken.load(ordering: .relaxed) }
  /// The most that ever was in use.
  var most: Int { peak.load(ordering: .relaxed) }
}
