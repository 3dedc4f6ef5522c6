internal import Quantities

/// The median of any number of spans in 30 KB: counts in bins, 32 to each doubling, so that a bin's middle is off by at most 1 in 64.
struct LatenessBins {
  /// Bins of one sign: below 32 ns each its own, then 32 for each of the doublings up to 2⁶³.
  private static let side = 60 * 32
  /// Negative spans (a clock is wrong) mirrored before the others, so that places rise with spans.
  private var counts = [Int](repeating: 0, count: 2 * side)
  private var total = 0

  mutating func take(_ nanoseconds: Int64) {
    let place = Self.place(nanoseconds.magnitude)
    counts[nanoseconds < 0 ? Self.side - 1 - place : Self.side + place] += 1
    total += 1
  }

  /// The middle of the bin that holds the median, of an even count the lower one; nil where there is none.
  var median: Duration? {
    var left = (total + 1) / 2
    guard left > 0 else { return nil }
    for (bin, count) in counts.enumerated() {
      left -= count
      if left <= 0 {
        let middle = bin < Self.side ? -Self.middle(Self.side - 1 - bin) : Self.middle(bin - Self.side)
        return Duration(nanoseconds: middle)
      }
    }
    return nil
  }

  private static func place(_ size: UInt64) -> Int {
    if size < 32 { return Int(size) }
    let doubling = 63 - size.leadingZeroBitCount
    return (doubling - 4) * 32 + Int(size >> UInt64(doubling - 5) & 31)
  }

  private static func middle(_ place: Int) -> Int64 {
    if place < 64 { return Int64(place) }
    let shift = place / 32 - 1
    // Of the last bin, which Int64.min alone reaches, the end of what an Int64 holds.
    let low = UInt64(32 + place % 32) << UInt64(shift)
    return Int64(min(low + (1 << UInt64(shift)) / 2, UInt64(Int64.max)))
  }
}
