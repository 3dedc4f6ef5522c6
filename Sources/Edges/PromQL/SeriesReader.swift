/// Where the evaluator gets its samples: all that it needs to know of a store.
public protocol SeriesReader {
  /// The series that satisfy all matchers, each with a number that `points` understands; sorted by labels.
  func series(matching matchers: [LabelMatcher]) throws(PromQLError) -> [FoundSeries]

  /// The usable samples with instants in `after < t ≤ through`, ascending; nanoseconds since 1970.
  func points(of series: FoundSeries, after: Int64, through: Int64) throws(PromQLError) -> Points

  /// The last of those samples; nil where there is none.
  func lastPoint(of series: FoundSeries, after: Int64, through: Int64) throws(PromQLError) -> (instant: Int64, value: Double)?

  /// Sums of those samples in `count` windows behind one another: window i holds `after + i·length < t ≤ after + (i + 1)·length`.
  ///
  /// Nil where the store has no quicker way than `points`.
  func windows(of series: FoundSeries, after: Int64, length: Int64, count: Int) throws(PromQLError) -> WindowSums?
}

/// Count, sum and extremes of the samples in windows behind one another.
public struct WindowSums: Sendable {
  public var counts: [Int]
  public var sums: [Double]
  /// Of no meaning where a window is empty.
  public var minima: [Double]
  public var maxima: [Double]

  public init(counts: [Int], sums: [Double], minima: [Double], maxima: [Double]) {
    (self.counts, self.sums, self.minima, self.maxima) = (counts, sums, minima, maxima)
  }
}

extension SeriesReader {
  public func windows(
    of series: FoundSeries, after: Int64, length: Int64, count: Int
  ) throws(PromQLError) -> WindowSums? { nil }

  public func lastPoint(of series: FoundSeries, after: Int64, through: Int64) throws(PromQLError) -> (instant: Int64, value: Double)? {
    let points = try points(of: series, after: after, through: through)
    return points.count > 0 ? (points.instants[points.count - 1], points.values[points.count - 1]) : nil
  }
}

/// A series that a reader found.
public struct FoundSeries: Sendable, Hashable {
  public var number: Int
  public var labels: Labels
  public init(number: Int, labels: Labels) { (self.number, self.labels) = (number, labels) }
}

/// Samples of one series, column by column, ascending by instant.
public struct Points: Sendable {
  /// Nanoseconds since 1970.
  public var instants: [Int64]
  public var values: [Double]

  public init(instants: [Int64] = [], values: [Double] = []) {
    (self.instants, self.values) = (instants, values)
    precondition(instants.count == values.count, "columns of points differ in length")
  }

  public var count: Int { instants.count }
}

/// The value that says that a series has ended: Prometheus's stale marker, a NaN of its own.
public enum Staleness {
  public static let marker = Double(bitPattern: 0x7FF0_0000_0000_0002)
  @inline(__always) public static func isMarker(_ value: Double) -> Bool { value.bitPattern == 0x7FF0_0000_0000_0002 }
}
