extension Evaluator {
  /// At each step the last sample of each series that is at most five minutes old.
  mutating func instantVector(_ selector: Selector) throws(PromQLError) -> [SteppedSeries] {
    var found: [SteppedSeries] = []
    if steps.count == 1 {
      let time = shifted(selector.shift)[0]
      let after = time.subtractingReportingOverflow(PromQuery.lookBack).partialValue
      for series in try reader.series(matching: selector.matchers) {
        samplesRead += 1
        guard let last = try reader.lastPoint(of: series, after: after, through: time), !Staleness.isMarker(last.value) else { continue }
        found.append(SteppedSeries(labels: series.labels, values: [last.value]))
      }
      return found
    }
    try forEachSeries(selector, back: PromQuery.lookBack) { series, points, times in
      var values = [Double](repeating: Staleness.marker, count: times.count)
      var next = 0
      var isThere = false
      for (i, time) in times.enumerated() {
        while next < points.count, points.instants[next] <= time { next += 1 }
        guard next > 0, time - points.instants[next - 1] < PromQuery.lookBack else { continue }
        values[i] = points.values[next - 1]
        if !Staleness.isMarker(values[i]) { isThere = true }
      }
      if isThere { found.append(SteppedSeries(labels: series.labels, values: values)) }
    }
    return found
  }

  /// The samples of a range selector at the one instant of evaluation.
  mutating func samples(_ selector: Selector) throws(PromQLError) -> [(labels: Labels, points: Points)] {
    var found: [(labels: Labels, points: Points)] = []
    try forEachSeries(selector, back: selector.range ?? 0) { series, points, _ in
      let points = points.withoutMarkers
      if points.count > 0 { found.append((series.labels, points)) }
    }
    return found
  }

  /// For each series and step, the samples of a range up to the step: what range functions see.
  mutating func windows(
    of expression: Expression, _ body: (Labels, inout RangeWindow, [Int64]) throws(PromQLError) -> Void
  ) throws(PromQLError) {
    switch expression {
    case .selector(let selector):
      guard let range = selector.range else { throw .meaning("a range is missing, as in rate(x[5m])") }
      try forEachSeries(selector, back: range) { series, points, times throws(PromQLError) in
        var window = RangeWindow(points: points.withoutMarkers, range: range)
        try body(series.labels, &window, times)
      }
    case .subquery(let subquery):
      let times = shifted(subquery.shift)
      let step = subquery.step ?? 60_000_000_000
      // Steps of a subquery are multiples of its step, so that it gives the same wherever the query begins.
      guard let first = times.min(), let last = times.max() else { return }
      var start = (first - subquery.range) / step * step
      if start <= first - subquery.range { start += step }
      guard (last - start) / step < 1_000_000 else { throw .tooLarge("a subquery of more than a million steps; take a longer step") }
      guard last >= start else { return }
      var inner = Evaluator(reader: reader, steps: Steps(start: start, end: last, step: step), outer: outer)
      inner.samplesRead = samplesRead
      let value = try inner.value(subquery.expression)
      samplesRead = inner.samplesRead
      guard case .vector(let series) = value else { throw .meaning("a subquery takes an instant vector, not \(value.kind)") }
      for one in series {
        var points = Points()
        for (i, value) in one.values.enumerated() where !Staleness.isMarker(value) {
          points.instants.append(inner.steps.instant(i))
          points.values.append(value)
        }
        var window = RangeWindow(points: points, range: subquery.range)
        try body(one.labels, &window, times)
      }
    default: throw .meaning("a range vector is needed, as in rate(x[5m])")
    }
  }

  /// Reads each series once, for all steps.
  private mutating func forEachSeries(
    _ selector: Selector, back: Int64, _ body: (FoundSeries, Points, [Int64]) throws(PromQLError) -> Void
  ) throws(PromQLError) {
    let times = shifted(selector.shift)
    guard let first = times.min(), let last = times.max() else { return }
    let (after, overflow) = first.subtractingReportingOverflow(back)
    for series in try reader.series(matching: selector.matchers) {
      let points = try reader.points(of: series, after: overflow ? .min : after, through: last)
      samplesRead += points.count
      guard samplesRead <= PromQuery.sampleLimit else {
        throw .tooLarge("the query reads more than \(PromQuery.sampleLimit) samples; take fewer series or a shorter range")
      }
      try body(series, points, times)
    }
  }

  /// When a selector with this shift looks, for each step.
  private func shifted(_ shift: TimeShift) -> [Int64] {
    (0..<steps.count).map { index in
      let time =
        switch shift.anchor {
        case .instant(let instant): instant
        case .start: outer.start
        case .end: outer.end
        case nil: steps.instant(index)
        }
      return time.subtractingReportingOverflow(shift.offset).partialValue
    }
  }
}

extension Points {
  /// Without the marks of a series' end, which are no samples.
  var withoutMarkers: Points {
    guard values.contains(where: Staleness.isMarker) else { return self }
    var kept = Points()
    for i in values.indices where !Staleness.isMarker(values[i]) {
      kept.instants.append(instants[i])
      kept.values.append(values[i])
    }
    return kept
  }
}

/// A range that moves over the samples of one series.
struct RangeWindow {
  let points: Points
  /// Nanoseconds.
  let range: Int64
  /// The samples in the range that ends at `time`: `time − range < t ≤ time`.
  private(set) var indices = 0..<0
  private(set) var time: Int64 = 0

  init(points: Points, range: Int64) { (self.points, self.range) = (points, range) }

  /// Moves to the range that ends at `time`; later ones cost least.
  mutating func move(to time: Int64) {
    var (low, high) = time >= self.time ? (indices.lowerBound, indices.upperBound) : (0, 0)
    self.time = time
    while high < points.count, points.instants[high] <= time { high += 1 }
    while low < high, points.instants[low] <= time - range { low += 1 }
    indices = low..<high
  }

  var count: Int { indices.count }
  var firstInstant: Int64 { points.instants[indices.lowerBound] }
  var lastInstant: Int64 { points.instants[indices.upperBound - 1] }
  var first: Double { points.values[indices.lowerBound] }
  var last: Double { points.values[indices.upperBound - 1] }
}
