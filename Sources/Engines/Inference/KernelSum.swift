import Determinism
import LinearAlgebra

/// A sum of Student densities, laid out flat: it is asked for many more times than likelihoods are.
///
/// f(x) = Σ shareₖ·cₖ / (1 + Qₖ(x − mₖ)/ν)^p, p = (ν + d)/2 a whole number.
struct KernelSum {
  private let d: Int
  private let degrees: Double
  private let power: Int
  private var means: [Double] = []
  /// By kernel the upper triangle of the precision over ν, off-diagonal terms doubled.
  private var forms: [Double] = []
  private var peaks: [Double] = []

  init(dimensions: Int) {
    d = dimensions
    degrees = KernelSum.degrees(dimensions)
    power = (Int(degrees) + dimensions) / 2
  }

  /// 6 or 7, so that the power is whole.
  static func degrees(_ dimensions: Int) -> Double { dimensions % 2 == 0 ? 6 : 7 }

  /// - Precondition: the kernel has `degrees`.
  mutating func add(_ kernel: StudentProposal, share: Double) {
    precondition(kernel.degrees == degrees, "a kernel of \(kernel.degrees) degrees of freedom")
    // L⁻¹ by forward substitution, then L⁻ᵀ·L⁻¹.
    var inverse = Matrix(rows: d, columns: d)
    for j in 0..<d {
      for i in j..<d {
        var v = i == j ? 1.0 : 0
        for k in j..<max(i, j) { v -= kernel.factor[i, k] * inverse[k, j] }
        inverse[i, j] = v / kernel.factor[i, i]
      }
    }
    let precision = inverse.transposed * inverse
    for i in 0..<d { for j in i..<d { forms.append(precision[i, j] * (i == j ? 1 : 2) / degrees) } }
    means += kernel.mean
    peaks.append(share * Portable.exp(kernel.constant))
  }

  func value(_ x: [Double]) -> Double {
    var y = x
    var sum = 0.0
    var f = 0
    for k in peaks.indices {
      for j in 0..<d { y[j] = x[j] - means[k &* d &+ j] }
      var square = 1.0
      for i in 0..<d {
        var row = 0.0
        for j in i..<d {
          row += forms[f] * y[j]
          f &+= 1
        }
        square += row * y[i]
      }
      var product = square
      for _ in 1..<power { product *= square }
      sum += peaks[k] / product
    }
    return sum
  }
}
