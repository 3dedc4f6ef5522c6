import Determinism

/// Figures of a record that tell of its line: of stamps, the law of the intervals and how their sums scatter over short and long stretches;
/// of counts and levels, the same by their own measures. Fixed in number for a given record's shape.
enum Summaries {
  static func of(_ record: LineObservation) -> [Double] {
    record.sights.flatMap { sight in
      switch sight {
      case .stamps(_, let times): ofIntervals(times)
      case .counts(_, _, let counts): ofCounts(counts)
      case .levels(_, _, let levels): ofLevels(levels)
      }
    }
  }

  private static let shares = [0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.98, 0.99, 0.995]

  private static func ofIntervals(_ times: [Double]) -> [Double] {
    let intervals = times.indices.map { times[$0] - ($0 > 0 ? times[$0 - 1] : 0) }
    guard intervals.count > 20 else { return [Double](repeating: Double(intervals.count), count: shares.count + 10) }
    let sorted = intervals.sorted()
    var figures = shares.map { log(sorted[min(Int($0 * Double(sorted.count)), sorted.count - 1)]) }
    figures.append(log(Double(times.count)))
    for window in [1, 3, 10, 30, 100] { figures.append(log(scatter(intervals, window))) }
    figures += correlations(intervals.map { log($0) }, [1, 2, 5, 15])
    return figures
  }

  private static func ofCounts(_ counts: [Int]) -> [Double] {
    let values = counts.map(Double.init)
    let mean = values.reduce(0, +) / Double(values.count)
    var figures = [log(mean)]
    for window in [1, 2, 4, 8, 16, 32] { figures.append(log(scatter(values, window))) }
    for level in [0.0, 0.25, 0.5, 0.75, 1.25, 1.5] { figures.append(share(values) { $0 <= level * mean }) }
    // How long it stands: the mean run of intervals with less than a quarter of the mean.
    var runs = 0
    var inside = false
    var standing = 0
    for value in values {
      let stands = value <= 0.25 * mean
      standing += stands ? 1 : 0
      if stands && !inside { runs += 1 }
      inside = stands
    }
    figures.append(log(Double(standing + 1) / Double(runs + 1)))
    figures.append(log(Double(runs) + 1))
    return figures + correlations(values, [1, 2, 4, 8])
  }

  private static func ofLevels(_ levels: [Int]) -> [Double] {
    let values = levels.map(Double.init)
    let mean = values.reduce(0, +) / Double(values.count)
    let top = values.max()!
    return [mean, log(scatter(values, 1)), log(scatter(values, 8)), share(values) { $0 == 0 }, share(values) { $0 >= top }]
      + correlations(values, [1, 2, 4, 8, 16])
  }

  private static func log(_ x: Double) -> Double { Portable.log(max(x, 1e-9)) }

  private static func share(_ values: [Double], _ isIn: (Double) -> Bool) -> Double { Double(values.count(where: isIn)) / Double(values.count) }

  /// Variance of the sums of `window` values after one another.
  private static func scatter(_ values: [Double], _ window: Int) -> Double {
    let sums = stride(from: 0, to: values.count - window + 1, by: window).map { values[$0..<$0 + window].reduce(0, +) }
    guard sums.count > 1 else { return 0 }
    let mean = sums.reduce(0, +) / Double(sums.count)
    return sums.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(sums.count - 1)
  }

  private static func correlations(_ values: [Double], _ lags: [Int]) -> [Double] {
    let mean = values.reduce(0, +) / Double(values.count)
    let square = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return lags.map { lag in
      guard square > 0, values.count > lag else { return 0 }
      var sum = 0.0
      for i in lag..<values.count { sum += (values[i] - mean) * (values[i - lag] - mean) }
      return sum / square
    }
  }
}
