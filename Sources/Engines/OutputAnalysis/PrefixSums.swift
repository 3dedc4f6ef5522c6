/// Sums of any stretch of a series in one subtraction. The series' mean is taken off first, so that long sums keep their digits.
struct PrefixSums {
  let count: Int
  private let pivot: Double
  private let sums: [Double]

  init(_ series: [Double]) {
    count = series.count
    let pivot = series.isEmpty ? 0 : series.reduce(0, +) / Double(series.count)
    var sums = [0.0]
    sums.reserveCapacity(series.count + 1)
    var sum = 0.0
    for value in series {
      sum += value - pivot
      sums.append(sum)
    }
    (self.pivot, self.sums) = (pivot, sums)
  }

  /// The mean of `count` values from one on.
  func mean(from start: Int, count: Int) -> Double { pivot + (sums[start + count] - sums[start]) / Double(count) }

  /// The means of `batches` adjacent batches of `size` values.
  func means(from start: Int, size: Int, batches: Int) -> [Double] { (0..<batches).map { mean(from: start + $0 * size, count: size) } }
}
