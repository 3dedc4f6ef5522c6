public import LinearAlgebra

/// One step of a filter, kept for the way back.
public struct FilterStep: Sendable, Hashable {
  /// Before the observation, F·x and F·P·Fᵀ + Q.
  public let predicted: Gaussian
  /// After it.
  public let filtered: Gaussian
  /// F of the step that led here.
  public let transition: Matrix

  public init(predicted: Gaussian, filtered: Gaussian, transition: Matrix) {
    (self.predicted, self.filtered, self.transition) = (predicted, filtered, transition)
  }
}

/// What is known of each past state from everything that was seen, before and after it.
public enum Smoother {
  /// Goes back over the steps of a filter: C = P·Fᵀ·P⁻⁻¹, x ← x + C·(x⁺ − x⁻), P ← P + C·(P⁺ − P⁻)·Cᵀ.
  ///
  /// - Returns: one belief for each step, in the order of the steps.
  /// - Throws: `notPositiveDefinite` when a predicted covariance is not.
  /// - Source: H. E. Rauch, F. Tung, C. T. Striebel 1965, doi:10.2514/3.3166.
  public static func smooth(_ steps: [FilterStep]) throws(FilteringError) -> [Gaussian] {
    guard var later = steps.last?.filtered else { return [] }
    var smoothed = [later]
    for k in stride(from: steps.count - 2, through: 0, by: -1) {
      let (here, next) = (steps[k].filtered, steps[k + 1])
      guard let factor = next.predicted.covariance.lowerFactor() else { throw .notPositiveDefinite(what: "a predicted covariance") }
      let n = here.mean.count
      let cross = here.covariance.timesTransposed(next.transition)
      var gain = Matrix(rows: n, columns: n)
      for i in 0..<n {
        let row = factor.solvingFactored((0..<n).map { cross[i, $0] })
        for j in 0..<n { gain[i, j] = row[j] }
      }
      let push = gain * zip(later.mean, next.predicted.mean).map { $0 - $1 }
      let change = later.covariance + next.predicted.covariance * -1
      later = Gaussian(mean: zip(here.mean, push).map { $0 + $1 }, covariance: (here.covariance + gain.sandwich(change)).symmetrized())
      smoothed.append(later)
    }
    return smoothed.reversed()
  }
}
