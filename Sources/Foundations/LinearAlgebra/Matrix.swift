/// A dense matrix of doubles, row by row: A[i, j] stands at i·columns + j.
public struct Matrix: Sendable, Hashable {
  public let rows: Int
  public let columns: Int
  public internal(set) var elements: [Double]

  /// All elements `value`.
  public init(rows: Int, columns: Int, repeating value: Double = 0) {
    precondition(rows > 0 && columns > 0, "a matrix of \(rows)×\(columns)")
    (self.rows, self.columns, elements) = (rows, columns, Array(repeating: value, count: rows * columns))
  }

  /// From rows of equal length.
  public init(_ rows: [[Double]]) {
    self.init(rows: rows.count, columns: rows.first?.count ?? 0)
    precondition(rows.allSatisfy { $0.count == columns }, "rows differ in length")
    elements = rows.flatMap { $0 }
  }

  public static func identity(_ n: Int) -> Matrix {
    var matrix = Matrix(rows: n, columns: n)
    for i in 0..<n { matrix[i, i] = 1 }
    return matrix
  }

  public subscript(i: Int, j: Int) -> Double {
    get { elements[i * columns + j] }
    set { elements[i * columns + j] = newValue }
  }

  public var transposed: Matrix {
    var result = Matrix(rows: columns, columns: rows)
    for i in 0..<rows { for j in 0..<columns { result[j, i] = self[i, j] } }
    return result
  }

  public static func + (a: Matrix, b: Matrix) -> Matrix {
    precondition(a.rows == b.rows && a.columns == b.columns, "sum of \(a.rows)×\(a.columns) and \(b.rows)×\(b.columns)")
    var sum = a
    for k in sum.elements.indices { sum.elements[k] += b.elements[k] }
    return sum
  }

  public static func * (a: Matrix, k: Double) -> Matrix {
    var product = a
    for i in product.elements.indices { product.elements[i] *= k }
    return product
  }

  /// y = A·x, each row summed from left to right.
  public static func * (a: Matrix, x: [Double]) -> [Double] {
    precondition(a.columns == x.count, "product of \(a.rows)×\(a.columns) and a vector of \(x.count)")
    return (0..<a.rows).map { i in
      var sum = 0.0
      for j in 0..<a.columns { sum += a[i, j] * x[j] }
      return sum
    }
  }
}
