import Determinism
import LinearAlgebra
import Probability

/// A multivariate Student law to draw parameters from: heavy tails keep importance weights bounded.
struct StudentProposal {
  let mean: [Double]
  /// Lower triangular, scale = L·Lᵀ.
  let factor: Matrix
  let degrees: Double
  /// log density at the mean.
  let constant: Double

  /// - Throws: `LinearAlgebraError.notPositiveDefinite`.
  init(mean: [Double], scale: Matrix, degrees: Double = 5) throws(LinearAlgebraError) {
    (self.mean, factor, self.degrees) = (mean, try scale.cholesky(), degrees)
    let d = Double(mean.count)
    var logDeterminant = 0.0
    for i in 0..<mean.count { logDeterminant += Portable.log(factor[i, i]) }
    constant =
      Special.logGamma((degrees + d) / 2) - Special.logGamma(degrees / 2) - d / 2 * Portable.log(degrees * Double.pi) - logDeterminant
  }

  func logDensity(_ x: [Double]) -> Double {
    let d = mean.count
    var z = [Double](repeating: 0, count: d)
    var square = 0.0
    for i in 0..<d {
      var v = x[i] - mean[i]
      for j in 0..<i { v -= factor[i, j] * z[j] }
      z[i] = v / factor[i, i]
      square += z[i] * z[i]
    }
    return constant - (degrees + Double(d)) / 2 * Portable.log1p(square / degrees)
  }

  func sample(_ stream: inout RandomStream) -> [Double] {
    let z = mean.map { _ in stream.normal() }
    let chi = Law.gamma(mean: degrees, cv: (2 / degrees).squareRoot()).sample(&stream)
    let stretch = (degrees / chi).squareRoot()
    return mean.indices.map { i in
      var v = 0.0
      for j in 0...i { v += factor[i, j] * z[j] }
      return mean[i] + stretch * v
    }
  }
}
