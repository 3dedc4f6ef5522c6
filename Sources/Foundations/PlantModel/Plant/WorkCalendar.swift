public import Quantities

/// When work is done: a pattern of closed spans.
public struct WorkCalendar: Sendable, Hashable, Codable {
  public var name: String
  /// Seconds, sorted, disjoint, within one period where it repeats.
  public var closed: [ClosedSpan]
  /// After which it comes again; nil: it comes once.
  public var period: Duration?
  /// Whether its seconds count from Monday 00:00, rather than from a simulation's time 0.
  public var followsWeek: Bool
  public init(name: String, closed: [ClosedSpan], period: Duration?, followsWeek: Bool) {
    (self.name, self.closed, self.period, self.followsWeek) = (name, closed, period, followsWeek)
  }

  /// The closed spans as seen from time 0, where that stands `offset` after Monday 00:00: sorted, disjoint, within one period.
  public func closed(from offset: Duration) -> [ClosedSpan] {
    guard followsWeek, let period = period?.seconds else { return closed }
    return ClosedSpan.union(
      closed.flatMap { span in
        let start = (span.start - offset.seconds).remainder(dividingBy: period), length = span.end - span.start
        return ClosedSpan.folded(ClosedSpan(start: start, end: start + length), into: period)
      })
  }
}

extension WorkCalendar {
  /// The closed span in which a moment lies (counted as the calendar counts), or which begins within `lead` after it: the seconds from the moment to
  /// the span's end, and the span's length in seconds. Nil where it is open.
  public func closedSpan(at moment: Duration, within lead: Duration = .zero) -> (left: Double, length: Double)? {
    let cycle = period?.seconds
    let t = cycle.map { moment.seconds.truncatingRemainder(dividingBy: $0) } ?? moment.seconds
    for span in closed {
      for shift in [0, cycle ?? 0] where span.start - shift - lead.seconds <= t && t < span.end - shift {
        return (span.end - shift - t, span.end - span.start)
      }
    }
    return nil
  }
}

/// From one second to another.
public struct ClosedSpan: Sendable, Hashable, Codable {
  public var start: Double
  public var end: Double
  public init(start: Double, end: Double) { (self.start, self.end) = (start, end) }
}

extension ClosedSpan {
  /// What of a span no longer than the period lies in 0 … period once it repeats.
  static func folded(_ span: ClosedSpan, into period: Double) -> [ClosedSpan] {
    let length = min(span.end - span.start, period)
    var start = span.start.truncatingRemainder(dividingBy: period)
    if start < 0 { start += period }
    let end = start + length
    return end <= period ? [ClosedSpan(start: start, end: end)] : [ClosedSpan(start: start, end: period), ClosedSpan(start: 0, end: end - period)]
  }

  /// Sorted and disjoint; spans that touch become one.
  static func union(_ spans: [ClosedSpan]) -> [ClosedSpan] {
    var result: [ClosedSpan] = []
    for span in spans.sorted(by: { ($0.start, $0.end) < ($1.start, $1.end) }) where span.end > span.start {
      if let last = result.last, span.start <= last.end {
        result[result.count - 1].end = max(last.end, span.end)
      } else {
        result.append(span)
      }
    }
    return result
  }

  /// What of 0 … period lies outside all of `spans`, which are sorted and disjoint.
  static func complement(_ spans: [ClosedSpan], in period: Double) -> [ClosedSpan] {
    let starts = [0] + spans.map(\.end), ends = spans.map(\.start) + [period]
    return zip(starts, ends).filter { $0 < $1 }.map { ClosedSpan(start: $0, end: $1) }
  }
}
