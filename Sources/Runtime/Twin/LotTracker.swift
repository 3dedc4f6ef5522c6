import Quantities

/// The intervals between a source's lots, as far as a level sensor shows them.
///
/// An interval counts from a lot that came in whole at once, which the source then is done with, to the first parts of the next one. What a
/// full buffer held back tells neither; to count only time with room would prefer long intervals, because they make the room.
struct LotTracker: Sendable, Hashable {
  let lot: Int
  private var whole: Instant?
  /// Seconds, newest last.
  private(set) var intervals: [Double] = []

  init(lot: Int) { self.lot = lot }

  /// Single parts that come between two readings cannot be told apart.
  var tells: Bool { lot >= 5 }

  /// Parts came in since the reading before.
  mutating func observe(_ parts: Int, at t: Instant) {
    // A count that is one off is no lot.
    guard tells, parts > 2 else { return }
    if let whole, t > whole {
      intervals.append((t - whole).seconds)
      if intervals.count > 256 { intervals.removeFirst(64) }
    }
    whole = parts >= lot - 2 ? t : nil
  }
}
