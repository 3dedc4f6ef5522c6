public import Quantities
internal import Telemetry

/// How steadily a tag comes: the spans in which more was expected.
public struct TagGaps: Sendable, Hashable {
  /// Spans between neighbouring samples longer than the limit.
  public var count = 0
  /// The longest span between neighbours, a gap or not.
  public var longest = Duration.zero
  /// All gaps together.
  public var total = Duration.zero
  /// Above this a span is a gap.
  public let limit: Duration

  fileprivate mutating func take(_ span: Duration) {
    longest = max(longest, span)
    guard span > limit else { return }
    count += 1
    total = Duration(nanoseconds: total.nanoseconds + span.nanoseconds)
  }
}

extension HistorianSnapshot {
  /// The gaps of a tag: spans between neighbouring samples of more than three times the usual one, which is the median of the first hundred.
  ///
  /// It reads every instant. Nil for an unknown tag, and for fewer than three samples.
  /// - Throws: `storage`, `damaged`.
  public func gaps(of tag: String) throws(HistorianError) -> TagGaps? {
    var counter = GapCounter()
    try stream(tag, in: .distantPast ..< .distantFuture) { portion in for instant in portion.instants { counter.take(instant.nanoseconds) } }
    return counter.finished()
  }
}

/// Learns what is usual from the first spans, and then counts those that are not.
struct GapCounter {
  private var previous: Int64?
  private var first: [Duration] = []
  private var gaps: TagGaps?

  mutating func take(_ instant: Int64) {
    defer { previous = instant }
    guard let previous else { return }
    let (span, overflow) = instant.subtractingReportingOverflow(previous)
    if overflow { return }
    if gaps != nil {
      gaps?.take(Duration(nanoseconds: span))
    } else {
      first.append(Duration(nanoseconds: span))
      if first.count == 100 { settle() }
    }
  }

  mutating func finished() -> TagGaps? {
    if gaps == nil, first.count >= 2 { settle() }
    return gaps
  }

  private mutating func settle() {
    let (limit, overflow) = first.sorted()[first.count / 2].nanoseconds.multipliedReportingOverflow(by: 3)
    var learnt = TagGaps(limit: Duration(nanoseconds: overflow ? .max : limit))
    for span in first { learnt.take(span) }
    gaps = learnt
  }
}
