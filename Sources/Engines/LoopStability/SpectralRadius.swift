internal import Determinism
public import LinearAlgebra

extension Matrix {
  /// The largest magnitude of the eigenvalues of a square matrix, ρ(A) = lim ‖Aᴺ‖^(1/N) (Gelfand), by squaring 48 times: N = 2⁴⁸.
  ///
  /// Real, complex and defective eigenvalues alike, in plain loops: always the same operations in the same order. NaN when an element is not
  /// finite. For the matrices of loops: below thirty rows.
  ///
  /// - Source: I. Gelfand 1941, Matematicheskii Sbornik 9:3–24.
  public var spectralRadius: Double {
    precondition(rows == columns, "eigenvalues of \(rows)×\(columns)")
    let n = rows
    var a = elements
    guard a.allSatisfy({ $0.isFinite }) else { return .nan }
    // Aᴺ = exp(scale)·a with ‖a‖ = 1 after each squaring.
    var scale = 0.0
    var power = 1.0
    for _ in 0..<48 {
      let size = Self.norm(a)
      if size == 0 { return 0 }
      scale += Portable.log(size)
      for k in a.indices { a[k] /= size }
      var square = [Double](repeating: 0, count: n * n)
      for i in 0..<n {
        for k in 0..<n where a[i * n + k] != 0 { for j in 0..<n { square[i * n + j] += a[i * n + k] * a[k * n + j] } }
      }
      a = square
      scale *= 2
      power *= 2
    }
    let size = Self.norm(a)
    return size == 0 ? 0 : Portable.exp((scale + Portable.log(size)) / power)
  }

  /// Where the real parts of the eigenvalues lie: ρ(I + hA) = 1 + h·max Re λ + O(h²), for a small h, and the same of −A.
  ///
  /// Accurate to |λ|²·10⁻⁴ of the largest eigenvalue; −∞ … ∞ when an element is not finite.
  public var realParts: ClosedRange<Double> {
    let radius = spectralRadius
    guard radius.isFinite else { return -Double.infinity ... .infinity }
    let h = 1e-4 / max(1, radius)
    func greatest(_ sign: Double) -> Double {
      var shifted = self * (sign * h)
      for i in 0..<rows { shifted[i, i] += 1 }
      return (shifted.spectralRadius - 1) / h
    }
    let (low, high) = (-greatest(-1), greatest(1))
    return min(low, high)...max(low, high)
  }

  /// √Σ aᵢⱼ².
  private static func norm(_ a: [Double]) -> Double { a.reduce(0) { $0 + $1 * $1 }.squareRoot() }
}
