/// Counts values in buckets of equal relative width: quantiles of any number of values from a few kilobytes, and a picture of their law.
///
/// A bucket is the sign, the binary exponent and the leading `precisionBits` bits of the fraction, so counting needs no logarithm.
/// A quantile is off by at most the width of a bucket, 2^−precisionBits of itself: 0.8 % at the default of 7, mostly a quarter of that.
/// Memory is 8·2^precisionBits bytes for each factor of two between the least and the greatest magnitude that came: 1 kB at 7 bits, so 20 kB
/// for values from a second to a fortnight; values below 2⁻⁵⁰⁰ count as 0. Two histograms of the same precision add up without loss.
///
/// - Source: the layout of G. Tene's HdrHistogram; relative error as in C. Masson, J. E. Rim, H. K. Lee 2019, doi:10.14778/3352063.3352135.
public struct Histogram: Sendable, Hashable, Codable {
  public let precisionBits: Int
  public private(set) var count = 0
  private var zeros = 0
  private var positive = Buckets()
  private var negative = Buckets()
  private var least = 0.0
  private var greatest = 0.0

  /// - Precondition: 1 ≤ precisionBits ≤ 14.
  public init(precisionBits: Int = 7) {
    precondition(precisionBits >= 1 && precisionBits <= 14, "\(precisionBits) bits of precision")
    self.precisionBits = precisionBits
  }

  /// Not a number before the first value. Exact, as is `maximum`.
  public var minimum: Double { count == 0 ? .nan : least }
  public var maximum: Double { count == 0 ? .nan : greatest }

  /// Counts a value, `times` times.
  ///
  /// - Precondition: the value is finite; times > 0.
  public mutating func add(_ value: Double, times: Int = 1) {
    precondition(value.isFinite && times > 0, "\(value) counted \(times) times")
    if count == 0 { (least, greatest) = (value, value) }
    if value < least { least = value }
    if value > greatest { greatest = value }
    count += times
    let magnitude = value.magnitude
    if magnitude < 0x1p-500 {
      zeros += times
    } else {
      let key = Int(magnitude.bitPattern >> UInt64(52 - precisionBits))
      if value > 0 { positive.add(key, times) } else { negative.add(key, times) }
    }
  }

  /// Counts in what another has counted.
  ///
  /// - Precondition: the same precision.
  public mutating func merge(_ other: Histogram) {
    precondition(precisionBits == other.precisionBits, "\(other.precisionBits) bits into \(precisionBits)")
    if other.count == 0 { return }
    if count == 0 {
      self = other
      return
    }
    (least, greatest) = (min(least, other.least), max(greatest, other.greatest))
    count += other.count
    zeros += other.zeros
    positive.merge(other.positive)
    negative.merge(other.negative)
  }

  /// The p-quantile: the bucket of the ⌈n·p⌉-th smallest value, and within it in proportion. Never beyond the least or greatest value.
  ///
  /// - Precondition: something was counted; 0 ≤ p ≤ 1.
  public func quantile(_ p: Double) -> Double {
    precondition(count > 0 && p >= 0 && p <= 1, "the quantile at \(p) of \(count) values")
    let rank = min(max(Int((Double(count) * p).rounded(.up)), 1), count)
    if rank == 1 { return least }
    if rank == count { return greatest }
    var before = 0
    // Values rise from the greatest key of the negative ones over 0 to the greatest of the positive ones.
    for index in negative.counts.indices.reversed() {
      let n = negative.counts[index]
      if before + n >= rank { return place(rank - before, of: n, low: -edge(negative.first + index + 1), high: -edge(negative.first + index)) }
      before += n
    }
    if before + zeros >= rank { return 0 }
    before += zeros
    for index in positive.counts.indices {
      let n = positive.counts[index]
      if before + n >= rank { return place(rank - before, of: n, low: edge(positive.first + index), high: edge(positive.first + index + 1)) }
      before += n
    }
    return greatest
  }

  /// The values of one bucket are taken to lie evenly in it.
  private func place(_ rank: Int, of count: Int, low: Double, high: Double) -> Double {
    let share = (Double(rank) - 0.5) / Double(count)
    return min(max(low + share * (high - low), least), greatest)
  }

  /// The buckets that hold something, by rising value: `low …< high`, for a picture. The bucket of 0 has no width.
  public var buckets: [(low: Double, high: Double, count: Int)] {
    var all: [(low: Double, high: Double, count: Int)] = []
    for (key, count) in negative.counted.reversed() { all.append((-edge(key + 1), -edge(key), count)) }
    if zeros > 0 { all.append((0, 0, zeros)) }
    for (key, count) in positive.counted { all.append((edge(key), edge(key + 1), count)) }
    return all
  }

  private func edge(_ key: Int) -> Double { Double(bitPattern: UInt64(key) << UInt64(52 - precisionBits)) }

  /// Counters of adjacent keys, from the least key that came to the greatest.
  private struct Buckets: Sendable, Hashable, Codable {
    var first = 0
    var counts: [Int] = []

    mutating func add(_ key: Int, _ times: Int) {
      if counts.isEmpty { first = key }
      if key < first {
        // Room to spare, so that a slow fall does not copy the counters each time.
        let room = first - key + counts.count / 4
        counts.insert(contentsOf: repeatElement(0, count: room), at: 0)
        first -= room
      }
      while key - first >= counts.count { counts.append(contentsOf: repeatElement(0, count: key - first - counts.count + 1 + counts.count / 4)) }
      counts[key - first] += times
    }

    mutating func merge(_ other: Buckets) {
      for index in other.counts.indices where other.counts[index] > 0 { add(other.first + index, other.counts[index]) }
    }

    var counted: [(key: Int, count: Int)] {
      counts.indices.lazy.filter { counts[$0] > 0 }.map { (first + $0, counts[$0]) }
    }
  }
}
