public import Quantities
internal import Telemetry

extension HistorianSnapshot {

  public func aggregate(_ tag: String, over range: Range<Instant>, windows rule: WindowRule) throws(HistorianError) -> [WindowAggregate] {
    let windowCount = try Self.windowCount(range, rule.length)
    guard windowCount > 0 else { return [] }
    guard let number = number(of: tag) else { return emptyWindows(Int(windowCount), of: range, length: rule.length.nanoseconds) }
    let nanoseconds = range.lowerBound.nanoseconds..<range.upperBound.nanoseconds
    var aggregation = Aggregation(rule: rule, held: try lastSample(of: number, before: nanoseconds.lowerBound))
    let column = try column(of: number, in: nanoseconds)
    var next = 0
    return (0..<Int(windowCount)).map { place in
      let window = Self.window(place, of: nanoseconds, length: rule.length.nanoseconds)
      let first = next
      while next < column.count, column.instants[next] < window.upperBound { next += 1 }
      return aggregation.aggregate(column, first..<next, in: window)
    }
  }

  private func emptyWindows(_ count: Int, of range: Range<Instant>, length: Int64) -> [WindowAggregate] {
    (0..<count).map { place in
      let window = Self.window(place, of: range.lowerBound.nanoseconds..<range.upperBound.nanoseconds, length: length)
      return WindowAggregate(range: Instant(nanoseconds: window.lowerBound)..<Instant(nanoseconds: window.upperBound))
    }
  }

  private static func window(_ place: Int, of range: Range<Int64>, length: Int64) -> Range<Int64> {
    let start = range.lowerBound + Int64(place) * length
    let (end, overflow) = start.addingReportingOverflow(length)
    return start..<(overflow ? range.upperBound : min(end, range.upperBound))
  }
}

/// Goes through windows in order and carries over what is held from one to the next.
struct Aggregation {
  let rule: WindowRule
  private let leastMark: UInt8
  private let holdAtMost: Int64?
  private var held: (value: Double, since: Int64)?

  init(rule: WindowRule, held: Sample?) {
    (self.rule, leastMark, holdAtMost) = (rule, Mark.place(rule.leastQuality), rule.holdAtMost?.nanoseconds)
    if let held, held.quality >= rule.leastQuality, let x = held.value.number, x.isFinite { self.held = (x, held.instant.nanoseconds) }
  }

  mutating func aggregate(_ column: SeriesColumn, _ samples: Range<Int>, in window: Range<Int64>) -> WindowAggregate {
    var result = WindowAggregate(range: Instant(nanoseconds: window.lowerBound)..<Instant(nanoseconds: window.upperBound))
    var sum = 0.0
    var (weighted, known) = (0.0, 0.0)
    var (least, most) = (Double.infinity, -Double.infinity)
    var (goodCount, usableCount) = (0, 0)
    var from = window.lowerBound
    let (instants, numbers, marks) = (column.instants.span, column.numbers.span, column.marks.span)
    for i in samples {
      let instant = instants[i]
      if let held { addHeld(held, from, instant, &weighted, &known) }
      from = instant
      let (mark, x) = (marks[i], numbers[i])
      if mark & 3 == Mark.good { goodCount += 1 }
      if mark >= leastMark, mark < Mark.text, x.isFinite {
        held = (x, instant)
        usableCount += 1
        sum += x
        least = min(least, x)
        most = max(most, x)
      } else {
        held = nil
      }
    }
    if let held { addHeld(held, from, window.upperBound, &weighted, &known) }
    (result.count, result.goodCount, result.usableCount) = (samples.count, goodCount, usableCount)
    if usableCount > 0 { (result.minimum, result.maximum, result.mean) = (least, most, sum / Double(usableCount)) }
    if known > 0 { result.timeWeightedMean = weighted / known }
    result.knownShare = known / Self.seconds(window.lowerBound, window.upperBound)
    if !samples.isEmpty { (result.first, result.last) = (column.sample(at: samples.lowerBound), column.sample(at: samples.upperBound - 1)) }
    return result
  }

  @inline(__always)
  private func addHeld(_ held: (value: Double, since: Int64), _ from: Int64, _ to: Int64, _ weighted: inout Double, _ known: inout Double) {
    var end = to
    if let holdAtMost {
      let (limit, overflow) = held.since.addingReportingOverflow(holdAtMost)
      if !overflow { end = min(end, limit) }
    }
    guard end > from else { return }
    let seconds = Self.seconds(from, end)
    weighted += held.value * seconds
    known += seconds
  }

  /// As an unsigned number: the span of two instants may exceed what a signed one holds.
  @inline(__always)
  private static func seconds(_ from: Int64, _ to: Int64) -> Double { Double(UInt64(bitPattern: to &- from)) / 1e9 }
}
