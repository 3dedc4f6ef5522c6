import COpenBLAS

extension Matrix {
  /// The lower triangular L with A = L·Lᵀ, of a symmetric A (only its lower triangle is read). LAPACK dpotrf.
  ///
  /// - Throws: `notPositiveDefinite` with the order of the failing minor.
  public func cholesky() throws(LinearAlgebraError) -> Matrix {
    precondition(rows == columns, "Cholesky of \(rows)×\(columns)")
    singleThread
    var factor = self
    let n = Int32(rows)
    let info = unsafe LAPACKE_dpotrf(LAPACK_ROW_MAJOR, CChar(UInt8(ascii: "L")), n, &factor.elements, n)
    guard info == 0, factor.elements.allSatisfy(\.isFinite) else { throw .notPositiveDefinite(minor: Int(max(info, 1))) }
    for i in 0..<rows { for j in (i + 1)..<max(columns, i + 1) { factor[i, j] = 0 } }
    return factor
  }

  /// x with A·x = b, by LU with partial pivoting. LAPACK dgesv.
  ///
  /// - Throws: `singular` with the order of the zero pivot.
  public func solve(_ b: [Double]) throws(LinearAlgebraError) -> [Double] {
    precondition(rows == columns && b.count == rows, "solving \(rows)×\(columns) for a vector of \(b.count)")
    singleThread
    var lu = elements
    var x = b
    var pivots = [Int32](repeating: 0, count: rows)
    let n = Int32(rows)
    let info = unsafe LAPACKE_dgesv(LAPACK_ROW_MAJOR, n, 1, &lu, n, &pivots, &x, 1)
    guard info == 0 else { throw .singular(pivot: Int(max(info, 1))) }
    return x
  }

  /// The solution x of Lᵀ·x = b for this lower triangular L.
  public func solveTransposedTriangular(_ b: [Double]) -> [Double] {
    precondition(rows == columns && b.count == rows, "solving \(rows)×\(columns) for a vector of \(b.count)")
    var x = b
    for i in stride(from: rows - 1, through: 0, by: -1) {
      for j in (i + 1)..<max(rows, i + 1) { x[i] -= self[j, i] * x[j] }
      x[i] /= self[i, i]
    }
    return x
  }

  /// Eigenvalues in rising order, and the matrix whose columns are their orthonormal eigenvectors, of a symmetric A
  /// (only its lower triangle is read). LAPACK dsyev.
  ///
  /// - Throws: `noConvergence`.
  public func symmetricEigen() throws(LinearAlgebraError) -> (values: [Double], vectors: Matrix) {
    precondition(rows == columns, "eigenvalues of \(rows)×\(columns)")
    singleThread
    guard elements.allSatisfy(\.isFinite) else { throw .noConvergence }
    var vectors = self
    var values = [Double](repeating: 0, count: rows)
    let n = Int32(rows)
    let info = unsafe LAPACKE_dsyev(
      LAPACK_ROW_MAJOR, CChar(UInt8(ascii: "V")), CChar(UInt8(ascii: "L")), n, &vectors.elements, n, &values)
    guard info == 0 else { throw .noConvergence }
    return (values, vectors)
  }
}
