extension Evaluator {
  /// Sums and extremes over ranges that are whole steps long: put together from windows of one step each, which a store may know without
  /// giving its samples. Nil where the function, the ranges or the store are not such.
  mutating func summed(_ function: RangeFunction, _ expression: Expression) throws(PromQLError) -> [SteppedSeries]? {
    guard case .selector(let selector) = expression, let range = selector.range, selector.shift.anchor == nil else { return nil }
    guard steps.count > 1, range % steps.step == 0, Self.isSum(function) else { return nil }
    let width = Int(range / steps.step)
    let (after, overflow) = steps.start.subtractingReportingOverflow(selector.shift.offset + range)
    guard !overflow, width <= 1000 else { return nil }
    var found: [SteppedSeries] = []
    for series in try reader.series(matching: selector.matchers) {
      guard let windows = try reader.windows(of: series, after: after, length: steps.step, count: steps.count + width - 1) else { return nil }
      samplesRead += windows.counts.reduce(0, +)
      guard samplesRead <= PromQuery.sampleLimit else { throw .tooLarge("the query reads more than \(PromQuery.sampleLimit) samples") }
      var isThere = false
      let values = (0..<steps.count).map { step -> Double in
        let part = step..<step + width
        let count = windows.counts[part].reduce(0, +)
        guard count > 0 else { return Staleness.marker }
        isThere = true
        return Self.value(function, windows, part, count)
      }
      if isThere { found.append(SteppedSeries(labels: series.labels.withoutName, values: values)) }
    }
    return found
  }

  private static func isSum(_ function: RangeFunction) -> Bool {
    switch function {
    case .averageOverTime, .minimumOverTime, .maximumOverTime, .sumOverTime, .countOverTime, .presentOverTime: true
    default: false
    }
  }

  private static func value(_ function: RangeFunction, _ windows: WindowSums, _ part: Range<Int>, _ count: Int) -> Double {
    let there = part.lazy.filter { windows.counts[$0] > 0 }
    switch function {
    case .countOverTime: return Double(count)
    case .presentOverTime: return 1
    case .minimumOverTime: return there.reduce(.infinity) { min($0, windows.minima[$1]) }
    case .maximumOverTime: return there.reduce(-.infinity) { max($0, windows.maxima[$1]) }
    default:
      let sum = CompensatedSum(there.map { windows.sums[$0] }).sum
      return function == .sumOverTime ? sum : sum / Double(count)
    }
  }
}
