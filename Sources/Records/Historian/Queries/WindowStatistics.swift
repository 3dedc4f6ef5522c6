public import Quantities

/// Plain statistics of one tag in windows of one length, column by column: cheaper than `WindowAggregate`, for many tags and windows at once.
///
/// Window i holds the instants from `start` + i·`length` up to, not including, the next one's; the last may be cut short.
public struct WindowStatistics: Sendable, Hashable {
  public let start: Instant
  public let length: Duration
  /// Usable samples in each window: finite numbers of at least the quality that was asked for.
  public internal(set) var counts: [Int]
  public internal(set) var sums: [Double]
  /// +∞ and −∞ where a window has no usable sample.
  public internal(set) var minima: [Double]
  public internal(set) var maxima: [Double]

  init(start: Instant, length: Duration, windows: Int) {
    (self.start, self.length) = (start, length)
    counts = Array(repeating: 0, count: windows)
    sums = Array(repeating: 0, count: windows)
    minima = Array(repeating: .infinity, count: windows)
    maxima = Array(repeating: -.infinity, count: windows)
  }

  /// So many windows there are.
  public var count: Int { counts.count }

  /// The mean of a window's usable samples; nil where it has none.
  public func mean(_ window: Int) -> Double? { counts[window] == 0 ? nil : sums[window] / Double(counts[window]) }

  /// Adds usable numbers that lie in one window.
  mutating func add(_ numbers: Span<Double>, in range: Range<Int>, to window: Int) {
    if range.isEmpty { return }
    // Four at a time, so that no addition waits for the one before.
    var (sum, least, most) = (SIMD4<Double>.zero, SIMD4(repeating: Double.infinity), SIMD4(repeating: -Double.infinity))
    var i = range.lowerBound
    precondition(i >= 0 && range.upperBound <= numbers.count, "\(range) of \(numbers.count) numbers")
    while i + 4 <= range.upperBound {
      let four = unsafe SIMD4(numbers[unchecked: i], numbers[unchecked: i + 1], numbers[unchecked: i + 2], numbers[unchecked: i + 3])
      sum += four
      least.replace(with: four, where: four .< least)
      most.replace(with: four, where: four .> most)
      i += 4
    }
    var (total, minimum, maximum) = (sum.sum(), least.min(), most.max())
    while i < range.upperBound {
      total += numbers[i]
      minimum = min(minimum, numbers[i])
      maximum = max(maximum, numbers[i])
      i += 1
    }
    counts[window] += range.count
    sums[window] += total
    minima[window] = min(minima[window], minimum)
    maxima[window] = max(maxima[window], maximum)
  }
}
