public import Quantities
public import Telemetry

/// How well a tag is doing: the data engineer's table.
public struct TagStatistics: Sendable, Hashable {
  public var tag: String
  /// Samples that are kept: one for each instant.
  public var count: Int
  /// The least and the greatest instant.
  public var first: Instant
  public var last: Instant
  /// Samples by quality, worst first: bad, stale, uncertain, good (the order of `Quality.allCases`).
  public var qualityCounts: [Int]
  public var lateness: LatenessProfile
  /// Over usable numbers (finite, at least uncertain); nil where there is none.
  public var minimum: Double?
  public var maximum: Double?
  public var mean: Double?

  /// Samples per second between the first and the last; 0 for a single sample.
  public var rate: Double {
    let seconds = last.seconds - first.seconds
    return seconds > 0 ? Double(count - 1) / seconds : 0
  }

  /// The share of samples of this quality.
  public func share(of quality: Quality) -> Double { Double(qualityCounts[Int(Mark.place(quality))]) / Double(count) }

  /// The share of samples that came more than a minute late.
  public var lateShare: Double { lateness.share(beyondBound: 2) }

  init(tag: String, total summary: SampleTotal) {
    self.tag = tag
    (count, first, last) = (summary.count, summary.first, summary.last)
    (qualityCounts, lateness) = (summary.qualityCounts, summary.lateness)
    if summary.usableCount > 0 {
      (minimum, maximum, mean) = (summary.minimum, summary.maximum, summary.sum / Double(summary.usableCount))
    }
  }
}
