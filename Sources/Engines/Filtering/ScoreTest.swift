import LinearAlgebra
import Probability

/// Rao's score test: whether columns Z explain residuals of a fit beyond what its parameters could.
struct ScoreTest {
  struct Result {
    var statistic: Double
    var degrees: Int
    var pValue: Double
  }

  let residuals: [Double]
  let sensitivities: [[Double]]
  /// Of JᵀJ.
  let factor: Matrix
  let noiseIsKnown: Bool

  /// A column without what the parameters can do, z − J·(JᵀJ)⁻¹·Jᵀ·z.
  func cleaned(_ column: [Double]) -> [Double] {
    let weights = factor.solvingFactored(sensitivities.map { dot($0, column) })
    return column.indices.map { i in
      var value = column[i]
      for j in weights.indices { value -= weights[j] * sensitivities[j][i] }
      return value
    }
  }

  func test(_ columns: [[Double]]) -> Result {
    // Columns are made orthogonal one after the other; one that the others already say is left out.
    var kept: [[Double]] = []
    var statistic = 0.0
    for column in columns {
      let size = dot(column, column)
      var z = cleaned(column)
      for other in kept {
        let share = dot(other, z)
        for i in z.indices { z[i] -= share * other[i] }
      }
      let left = dot(z, z)
      if left <= 1e-8 * size || size == 0 { continue }
      let scale = 1 / left.squareRoot()
      for i in z.indices { z[i] *= scale }
      let share = dot(z, residuals)
      statistic += share * share
      kept.append(z)
    }
    let rest = dot(residuals, residuals) - statistic
    return Result(statistic: statistic, degrees: kept.count, pValue: pValue(statistic, degrees: kept.count, rest: rest))
  }

  /// Of a sum of squares that a right model leaves as chi-square; as F when the noise's size is taken from the rest.
  func pValue(_ statistic: Double, degrees: Int, rest: Double) -> Double {
    if degrees == 0 { return 1 }
    let q = Double(degrees)
    if noiseIsKnown { return Special.gammaQ(q / 2, statistic / 2) }
    let freedom = max(1, Double(residuals.count - sensitivities.count - degrees))
    // P(F > f) = I(n₂/(n₂ + n₁·f); n₂/2, n₁/2), and n₁·f = n₂·T/rest.
    return Special.beta(freedom / 2, q / 2, rest / (rest + statistic))
  }
}
