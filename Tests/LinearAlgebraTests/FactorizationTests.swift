import LinearAlgebra
import Testing

@Test func choleskyRebuildsTheMatrixAndSolvesItsSystem() throws {
  let a = Matrix([[4, 2, 0.6], [2, 5, 1.5], [0.6, 1.5, 3]])
  let l = try a.cholesky()
  let rebuilt = l * l.transposed
  for (x, y) in zip(rebuilt.elements, a.elements) { #expect(abs(x - y) < 1e-12) }
  #expect(l[0, 1] == 0 && l[0, 2] == 0 && l[1, 2] == 0)
  let x = try a.solve([1, -2, 3])
  for (u, v) in zip(a * x, [1.0, -2, 3]) { #expect(abs(u - v) < 1e-12) }
  let y = l.solveTransposedTriangular([1, 2, 3])
  for (u, v) in zip(l.transposed * y, [1.0, 2, 3]) { #expect(abs(u - v) < 1e-12) }
}

@Test func refusesWhatHasNoAnswer() {
  #expect(throws: LinearAlgebraError.notPositiveDefinite(minor: 2)) { try Matrix([[1, 2], [2, 1]]).cholesky() }
  #expect(throws: LinearAlgebraError.singular(pivot: 2)) { try Matrix([[1, 2], [2, 4]]).solve([1, 1]) }
  #expect(throws: LinearAlgebraError.noConvergence) { try Matrix([[1, 0], [.nan, 1]]).symmetricEigen() }
}

@Test func eigenvectorsDiagonalise() throws {
  let a = Matrix([[2, 1, 0], [1, 2, 1], [0, 1, 2]])
  let (values, v) = try a.symmetricEigen()
  let root = 2.0.squareRoot()
  for (x, y) in zip(values, [2 - root, 2, 2 + root]) { #expect(abs(x - y) < 1e-12) }
  let diagonal = v.transposed * a * v
  for i in 0..<3 { for j in 0..<3 { #expect(abs(diagonal[i, j] - (i == j ? values[i] : 0)) < 1e-12) } }
  #expect((Matrix.identity(3) * 2 + a * -1)[0, 1] == -1)
}
