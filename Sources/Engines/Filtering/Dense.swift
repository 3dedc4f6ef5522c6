import LinearAlgebra

/// Products and factors of small matrices in plain loops: always the same operations in the same order.
///
/// A tuned library chooses its kernels by the processor and changes the last bits with it; a replayed day would then end elsewhere. For the
/// tens of states that a filter has, loops are as fast.
extension Matrix {
  /// n×n values by row, written element by element.
  init(rows: Int, columns: Int, _ value: (Int, Int) -> Double) {
    self.init(rows: rows, columns: columns)
    for i in 0..<rows { for j in 0..<columns { self[i, j] = value(i, j) } }
  }

  /// The diagonal matrix of these values.
  static func diagonal(_ values: [Double]) -> Matrix {
    var result = Matrix(rows: values.count, columns: values.count)
    for i in values.indices { result[i, i] = values[i] }
    return result
  }

  /// A·B.
  func times(_ other: Matrix) -> Matrix {
    precondition(columns == other.rows, "product of \(rows)×\(columns) and \(other.rows)×\(other.columns)")
    let (a, b, n, m) = (elements, other.elements, columns, other.columns)
    return Matrix(rows: rows, columns: m) { i, j in
      var sum = 0.0
      for k in 0..<n { sum += a[i * n + k] * b[k * m + j] }
      return sum
    }
  }

  /// A·Bᵀ.
  func timesTransposed(_ other: Matrix) -> Matrix {
    precondition(columns == other.columns, "product of \(rows)×\(columns) and the transpose of \(other.rows)×\(other.columns)")
    let (a, b, n) = (elements, other.elements, columns)
    return Matrix(rows: rows, columns: other.rows) { i, j in
      var sum = 0.0
      for k in 0..<n { sum += a[i * n + k] * b[j * n + k] }
      return sum
    }
  }

  /// A·P·Aᵀ for a symmetric P.
  func sandwich(_ p: Matrix) -> Matrix { times(p).timesTransposed(self).symmetrized() }

  /// (A + Aᵀ)/2.
  func symmetrized() -> Matrix {
    let (a, n) = (elements, columns)
    return Matrix(rows: n, columns: n) { i, j in i == j ? a[i * n + j] : 0.5 * (a[i * n + j] + a[j * n + i]) }
  }

  /// The rows and columns of a square matrix that `kept` names.
  func picked(_ kept: [Int]) -> Matrix { Matrix(rows: kept.count, columns: kept.count) { self[kept[$0], kept[$1]] } }

  /// The rows that `kept` names.
  func pickedRows(_ kept: [Int]) -> Matrix { Matrix(rows: kept.count, columns: columns) { self[kept[$0], $1] } }

  /// The lower triangular L with L·Lᵀ = A; nil when A is not positive definite.
  func lowerFactor() -> Matrix? {
    let n = rows
    var l = [Double](repeating: 0, count: n * n)
    let a = elements
    for i in 0..<n {
      for j in 0...i {
        var sum = a[i * n + j]
        for k in 0..<j { sum -= l[i * n + k] * l[j * n + k] }
        if i == j {
          guard sum > 0, sum.isFinite else { return nil }
          l[i * n + i] = sum.squareRoot()
        } else {
          l[i * n + j] = sum / l[j * n + j]
        }
      }
    }
    return Matrix(rows: n, columns: n) { l[$0 * n + $1] }
  }

  /// A lower triangular L with L·Lᵀ = A for a positive semidefinite A: what is known for certain has a column of zeros. Nil when A is not.
  func lowerFactorOfSemidefinite() -> Matrix? {
    let (n, a) = (rows, elements)
    var l = [Double](repeating: 0, count: n * n)
    for j in 0..<n {
      var pivot = a[j * n + j]
      for k in 0..<j { pivot -= l[j * n + k] * l[j * n + k] }
      guard pivot.isFinite, pivot >= -1e-10 * a[j * n + j].magnitude else { return nil }
      if pivot <= 1e-14 * a[j * n + j] { continue }
      l[j * n + j] = pivot.squareRoot()
      for i in j + 1..<max(n, j + 1) {
        var sum = a[i * n + j]
        for k in 0..<j { sum -= l[i * n + k] * l[j * n + k] }
        l[i * n + j] = sum / l[j * n + j]
      }
    }
    return Matrix(rows: n, columns: n) { l[$0 * n + $1] }
  }

  /// x with L·x = b, for this lower triangular L.
  func solvingLower(_ b: [Double]) -> [Double] {
    let (l, n) = (elements, rows)
    var x = b
    for i in 0..<n {
      for k in 0..<i { x[i] -= l[i * n + k] * x[k] }
      x[i] /= l[i * n + i]
    }
    return x
  }

  /// x with L·Lᵀ·x = b, for this lower triangular L.
  func solvingFactored(_ b: [Double]) -> [Double] {
    let (l, n) = (elements, rows)
    var x = solvingLower(b)
    for i in stride(from: n - 1, through: 0, by: -1) {
      for k in i + 1..<max(n, i + 1) { x[i] -= l[k * n + i] * x[k] }
      x[i] /= l[i * n + i]
    }
    return x
  }

  /// The inverse of A = L·Lᵀ, from this lower triangular L.
  func inverseFromFactor() -> Matrix {
    var inverse = Matrix(rows: rows, columns: rows)
    var unit = [Double](repeating: 0, count: rows)
    for j in 0..<rows {
      unit[j] = 1
      let column = solvingFactored(unit)
      for i in 0..<rows { inverse[i, j] = column[i] }
      unit[j] = 0
    }
    return inverse
  }

  /// X with A·X = B by elimination with partial pivoting; nil when A is singular.
  func solving(_ b: Matrix) -> Matrix? {
    let (n, m) = (rows, b.columns)
    var (a, x) = (elements, b.elements)
    for k in 0..<n {
      var pivot = k
      for i in k + 1..<max(n, k + 1) where a[i * n + k].magnitude > a[pivot * n + k].magnitude { pivot = i }
      guard a[pivot * n + k].magnitude > 0, a[pivot * n + k].isFinite else { return nil }
      if pivot != k {
        for j in 0..<n { a.swapAt(k * n + j, pivot * n + j) }
        for j in 0..<m { x.swapAt(k * m + j, pivot * m + j) }
      }
      for i in k + 1..<max(n, k + 1) {
        let factor = a[i * n + k] / a[k * n + k]
        if factor == 0 { continue }
        for j in k..<n { a[i * n + j] -= factor * a[k * n + j] }
        for j in 0..<m { x[i * m + j] -= factor * x[k * m + j] }
      }
    }
    for i in stride(from: n - 1, through: 0, by: -1) {
      for j in 0..<m {
        for k in i + 1..<max(n, i + 1) { x[i * m + j] -= a[i * n + k] * x[k * m + j] }
        x[i * m + j] /= a[i * n + i]
      }
    }
    return Matrix(rows: n, columns: m) { x[$0 * m + $1] }
  }
}

/// Σ aᵢ·bᵢ, from left to right.
func dot(_ a: [Double], _ b: [Double]) -> Double {
  var sum = 0.0
  for i in a.indices { sum += a[i] * b[i] }
  return sum
}
