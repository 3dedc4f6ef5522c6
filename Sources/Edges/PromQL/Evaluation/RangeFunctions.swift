internal import Foundation

/// Functions of the samples in a range: what each gives for one series at one step, or nil where it gives nothing.
enum RangeFunction: String, CaseIterable {
  case rate, increase, delta, irate, idelta, changes, resets, deriv
  case averageOverTime = "avg_over_time"
  case minimumOverTime = "min_over_time"
  case maximumOverTime = "max_over_time"
  case sumOverTime = "sum_over_time"
  case countOverTime = "count_over_time"
  case lastOverTime = "last_over_time"
  case presentOverTime = "present_over_time"
  case deviationOverTime = "stddev_over_time"
  case varianceOverTime = "stdvar_over_time"

  /// - Source: Prometheus, promql/functions.go.
  func value(_ window: RangeWindow) -> Double? {
    guard window.count > 0 else { return nil }
    let values = window.points.values[window.indices]
    switch self {
    case .rate: return Self.extrapolated(window, isCounter: true, isRate: true)
    case .increase: return Self.extrapolated(window, isCounter: true, isRate: false)
    case .delta: return Self.extrapolated(window, isCounter: false, isRate: false)
    case .irate: return Self.instant(window, isRate: true)
    case .idelta: return Self.instant(window, isRate: false)
    case .changes: return Double(zip(values, values.dropFirst()).count { $0 != $1 && !($0.isNaN && $1.isNaN) })
    case .resets: return Double(zip(values, values.dropFirst()).count { $1 < $0 })
    case .deriv: return Self.slope(window)
    case .averageOverTime: return CompensatedSum(values).mean
    case .minimumOverTime: return values.reduce(Double.nan) { $1 < $0 || $0.isNaN ? $1 : $0 }
    case .maximumOverTime: return values.reduce(Double.nan) { $1 > $0 || $0.isNaN ? $1 : $0 }
    case .sumOverTime: return CompensatedSum(values).sum
    case .countOverTime: return Double(values.count)
    case .lastOverTime: return values.last
    case .presentOverTime: return 1
    case .deviationOverTime: return variance(values).squareRoot()
    case .varianceOverTime: return variance(values)
    }
  }

  /// What a range would have seen had its samples reached from end to end: a counter's falls are resets, and neither end is drawn out by more
  /// than the samples' spacing suggests, nor a counter below zero.
  private static func extrapolated(_ window: RangeWindow, isCounter: Bool, isRate: Bool) -> Double? {
    guard window.count >= 2 else { return nil }
    var result = window.last - window.first
    if isCounter {
      var previous = window.first
      for value in window.points.values[window.indices] {
        if value < previous { result += previous }
        previous = value
      }
    }
    let sampled = Double(window.lastInstant - window.firstInstant) / 1e9
    let spacing = sampled / Double(window.count - 1)
    var toStart = Double(window.firstInstant - (window.time - window.range)) / 1e9
    var toEnd = Double(window.time - window.lastInstant) / 1e9
    if toStart >= spacing * 1.1 { toStart = spacing / 2 }
    if isCounter, result > 0, window.first >= 0 { toStart = min(toStart, sampled * (window.first / result)) }
    if toEnd >= spacing * 1.1 { toEnd = spacing / 2 }
    var factor = (sampled + toStart + toEnd) / sampled
    if isRate { factor /= Double(window.range) / 1e9 }
    return result * factor
  }

  /// From the last two samples alone.
  private static func instant(_ window: RangeWindow, isRate: Bool) -> Double? {
    guard window.count >= 2 else { return nil }
    let last = window.indices.upperBound - 1
    let (a, b) = (window.points.values[last - 1], window.points.values[last])
    let seconds = Double(window.points.instants[last] - window.points.instants[last - 1]) / 1e9
    guard isRate else { return b - a }
    return (b < a ? b : b - a) / seconds
  }

  /// The slope of the least-squares line, per second.
  private static func slope(_ window: RangeWindow) -> Double? {
    guard window.count >= 2 else { return nil }
    let zero = window.firstInstant
    var (sumX, sumY, sumXY, sumXX) = (CompensatedSum(), CompensatedSum(), CompensatedSum(), CompensatedSum())
    for i in window.indices {
      let (x, y) = (Double(window.points.instants[i] - zero) / 1e9, window.points.values[i])
      sumX.add(x)
      sumY.add(y)
      sumXY.add(x * y)
      sumXX.add(x * x)
    }
    let n = Double(window.count)
    return (sumXY.sum - sumX.sum * sumY.sum / n) / (sumXX.sum - sumX.sum * sumX.sum / n)
  }
}

/// The population variance, by the running update of Welford (1962, doi:10.1080/00401706.1962.10490022).
func variance(_ values: some Collection<Double>) -> Double {
  var (mean, squares, count) = (0.0, 0.0, 0.0)
  for value in values {
    count += 1
    let step = value - mean
    mean += step / count
    squares += step * (value - mean)
  }
  return squares / count
}

/// The φ-quantile with linear interpolation; ∓∞ outside of 0 … 1, as Prometheus has it.
func quantile(_ phi: Double, _ values: some Collection<Double>) -> Double {
  if values.isEmpty || phi.isNaN { return .nan }
  if phi < 0 { return -.infinity }
  if phi > 1 { return .infinity }
  // NaN sorts below all numbers.
  let sorted = values.sorted { $0 < $1 || ($0.isNaN && !$1.isNaN) }
  let rank = phi * Double(sorted.count - 1)
  let lower = Int(rank.rounded(.down))
  let weight = rank - Double(lower)
  return sorted[lower] * (1 - weight) + sorted[min(lower + 1, sorted.count - 1)] * weight
}

/// A sum that keeps what rounding loses.
///
/// - Source: A. Neumaier 1974, doi:10.1002/zamm.19740540106.
struct CompensatedSum {
  private var total = 0.0
  private var lost = 0.0
  private(set) var count = 0

  init() {}

  init(_ values: some Sequence<Double>) { for value in values { add(value) } }

  @inline(__always) mutating func add(_ x: Double) {
    let next = total + x
    if next.isFinite { lost += total.magnitude >= x.magnitude ? (total - next) + x : (x - next) + total }
    total = next
    count += 1
  }

  var sum: Double { total + lost }
  var mean: Double { sum / Double(count) }
}
