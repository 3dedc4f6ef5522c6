public import Quantities

/// How late samples came: counts by fixed classes of lateness, so that profiles of files written at any time add up.
public struct LatenessProfile: Sendable, Hashable {
  /// The upper bounds of the classes, inclusive; the last class is open. All are whole seconds, so that lateness rounded up to a whole second
  /// stays in its class.
  public static let bounds: [Duration] = [.seconds(1), .seconds(10), .minutes(1), .minutes(10), .hours(1)]

  /// Samples in each class: up to 1 s, 10 s, 1 min, 10 min, 1 h, and beyond.
  public internal(set) var counts = [Int](repeating: 0, count: 6)
  /// The greatest lateness; negative where every sample claims to be measured after it arrived (a clock is wrong).
  public internal(set) var greatest = Duration(nanoseconds: .min)

  init() {}

  /// The share of samples later than class `bound` of `bounds` (2 is one minute); 0 where there are none.
  public func share(beyondBound bound: Int) -> Double {
    let all = counts.reduce(0, +)
    return all == 0 ? 0 : Double(counts[(bound + 1)...].reduce(0, +)) / Double(all)
  }

  mutating func add(_ summary: ChunkSummary) {
    for i in counts.indices { counts[i] += Int(summary.lateness[i]) }
    greatest = max(greatest, Duration(nanoseconds: summary.greatestLateness))
  }
}
