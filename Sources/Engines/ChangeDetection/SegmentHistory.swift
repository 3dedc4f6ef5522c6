public import Quantities

/// The past of a stream in buckets that double in size with age: moments and first instant of each.
///
/// n observations fit into about 32·log₂(n/32) buckets, so a change can be dated to a thirtieth of its age; the newest 32 to 64 observations
/// stand alone. Adding costs a constant time on average.
///
/// - Source: M. Datar et al. 2002, doi:10.1137/S0097539701398363 (exponential histograms).
public struct SegmentHistory: Sendable, Hashable, Codable {
  public struct Bucket: Sendable, Hashable, Codable {
    public var moments: Moments
    /// When its first observation began.
    public var start: Instant
    /// When its last one ended.
    public var end: Instant
    var level: Int
  }
  /// Oldest first; levels never rise with time.
  public private(set) var buckets: [Bucket] = []
  private static let perLevel = 32

  public init() {}

  init(_ buckets: ArraySlice<Bucket>) { self.buckets = Array(buckets) }

  mutating func add(_ y: Double, exposure: Double, weight: Double, from start: Instant, to end: Instant) {
    var moments = Moments()
    moments.add(y, exposure: exposure, weight: weight)
    buckets.append(Bucket(moments: moments, start: start, end: end, level: 0))
    var (level, last) = (0, buckets.count)
    // Buckets of one level stand together; where there are too many, the two oldest become one of the next.
    while true {
      var first = last
      while first > 0, buckets[first - 1].level == level { first -= 1 }
      guard last - first > 2 * Self.perLevel else { return }
      // Halve the level at once, so that the walk to it is paid once in 32 additions.
      let merged = stride(from: first, to: first + Self.perLevel, by: 2).map { i in
        Bucket(moments: buckets[i].moments + buckets[i + 1].moments, start: buckets[i].start, end: buckets[i + 1].end, level: level + 1)
      }
      buckets.replaceSubrange(first..<first + Self.perLevel, with: merged)
      last = first + merged.count
      level += 1
    }
  }
}
