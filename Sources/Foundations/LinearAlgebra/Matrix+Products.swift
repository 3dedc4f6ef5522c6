import COpenBLAS

/// OpenBLAS starts a thread per core unless told otherwise: more than small systems can use, and other threads' time.
let singleThread: Void = openblas_set_num_threads(1)

extension Matrix {
  /// C = A·B (BLAS dgemm).
  public static func * (a: Matrix, b: Matrix) -> Matrix {
    precondition(a.columns == b.rows, "product of \(a.rows)×\(a.columns) and \(b.rows)×\(b.columns)")
    singleThread
    var c = Matrix(rows: a.rows, columns: b.columns)
    unsafe cblas_dgemm(
      CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(a.rows), Int32(b.columns), Int32(a.columns), 1, a.elements, Int32(a.columns),
      b.elements, Int32(b.columns), 0, &c.elements, Int32(b.columns))
    return c
  }
}
