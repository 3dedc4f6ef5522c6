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
    var total = (sum[0] + sum[1]) + (sum[2] + sum[3])
    var minimum = Swift.min(Swift.min(least[0], least[1]), Swift.min(least[2], least[3]))
    var maximum = Swift.max(Swift.max(most[0], most[1]), Swift.max(most[2], most[3]))
    while i < range.upperBound {
      total += numbers[i]
      minimum = min(minimum, numbers[i])
      maximum = max(maximum, numbers[i])
      i += 1
    }
    add(count: range.count, sum: total, minimum: minimum, maximum: maximum, to: window)
  }

  private mutating func add(count: Int, sum: Double, minimum: Double, maximum: Double, to window: Int) {
    counts[window] += count
    sums[window] += sum
    minima[window] = min(minima[window], minimum)
    maxima[window] = max(maxima[window], maximum)
  }

  /// Adds usable decimals m / `scale` that lie in one window: they are summed as whole numbers, and divided once.
  mutating func add(_ scaled: Span<Int64>, scale: Double, in range: Range<Int>, to window: Int) {
    if range.isEmpty { return }
    precondition(range.lowerBound >= 0 && range.upperBound <= scaled.count, "\(range) of \(scaled.count) numbers")
    var total = 0.0
    var (least, most) = (scaled[range.lowerBound], scaled[range.lowerBound])
    var start = range.lowerBound
    // Below 2⁵¹ each, so that the sum of so many is a whole number of 63 bits.
    while start < range.upperBound {
      let end = min(start + 2048, range.upperBound)
      var (even, odd): (Int64, Int64) = (0, 0)
      var i = start
      while i + 2 <= end {
        let (a, b) = unsafe (scaled[unchecked: i], scaled[unchecked: i + 1])
        even &+= a
        odd &+= b
        least = min(least, min(a, b))
        most = max(most, max(a, b))
        i += 2
      }
      if i < end {
        even &+= scaled[i]
        least = min(least, scaled[i])
        most = max(most, scaled[i])
      }
      total += Double(even &+ odd)
      start = end
    }
    add(count: range.count, sum: total / scale, minimum: Double(least) / scale, maximum: Double(most) / scale, to: window)
  }
}
