/// A square matrix factored as P·A = L·U by Gaussian elimination with partial pivoting: always the same operations in the same order.
///
/// A tuned library would choose its kernels by the processor and change the last bits of a trajectory with it. For the tens of states that
/// a plant's blocks have, this is as fast.
struct DenseLU: Sendable {
  let n: Int
  /// Row-major: before `factor` the matrix, after it U with the multipliers of L below the diagonal.
  var a: [Double]
  private var pivot: [Int]

  init(count n: Int) {
    self.n = n
    a = Array(repeating: 0, count: n * n)
    pivot = Array(repeating: 0, count: n)
  }

  /// Factors in place; false when the matrix is singular or not finite. n³/3 multiplications.
  mutating func factor() -> Bool { DenseLU.eliminate(&a, &pivot, n) }

  private static func eliminate(_ matrix: inout [Double], _ pivots: inout [Int], _ n: Int) -> Bool {
    var a = matrix.mutableSpan
    var pivot = pivots.mutableSpan
    for k in 0..<n {
      var best = k
      var largest = a[k * n + k].magnitude
      for i in k + 1..<n where a[i * n + k].magnitude > largest {
        best = i
        largest = a[i * n + k].magnitude
      }
      guard largest > 0, largest.isFinite else { return false }
      pivot[k] = best
      if best != k { for j in 0..<n { a.swapAt(k * n + j, best * n + j) } }
      let reciprocal = 1 / a[k * n + k]
      for i in k + 1..<n {
        let factor = a[i * n + k] * reciprocal
        a[i * n + k] = factor
        if factor == 0 { continue }
        for j in k + 1..<n { a[i * n + j] -= factor * a[k * n + j] }
      }
    }
    return true
  }

  /// b ← A⁻¹·b for the n values of b from `start` on. n² multiplications.
  func solve(_ values: inout [Double], from start: Int) {
    let a = self.a.span
    var b = values.mutableSpan
    for k in 0..<n where pivot[k] != k { b.swapAt(start + k, start + pivot[k]) }
    for i in 0..<n {
      var sum = b[start + i]
      for j in 0..<i { sum -= a[i * n + j] * b[start + j] }
      b[start + i] = sum
    }
    var i = n
    while i > 0 {
      i -= 1
      var sum = b[start + i]
      for j in i + 1..<n { sum -= a[i * n + j] * b[start + j] }
      b[start + i] = sum / a[i * n + i]
    }
  }
}
