public import LinearAlgebra

/// A belief about a state: normal with this mean and covariance.
public struct Gaussian: Sendable, Hashable {
  /// n values, in the units of the states.
  public var mean: [Double]
  /// n×n, symmetric and positive semidefinite.
  public var covariance: Matrix

  /// - Precondition: `covariance` is n×n.
  public init(mean: [Double], covariance: Matrix) {
    precondition(
      covariance.rows == mean.count && covariance.columns == mean.count,
      "a covariance of \(covariance.rows)×\(covariance.columns) for \(mean.count) states")
    (self.mean, self.covariance) = (mean, covariance)
  }

  /// Independent states with these standard deviations.
  public init(mean: [Double], deviations: [Double]) {
    self.init(mean: mean, covariance: .diagonal(deviations.map { $0 * $0 }))
  }

  /// The standard deviation of state i.
  public func deviation(_ i: Int) -> Double { max(0, covariance[i, i]).squareRoot() }

  /// (x − mean)ᵀ·P⁻¹·(x − mean): the normalised estimation error squared of a known truth, chi-square with n degrees of freedom when the
  /// belief is right.
  ///
  /// - Throws: `notPositiveDefinite`.
  /// - Source: Y. Bar-Shalom, X. R. Li, T. Kirubarajan 2001, Estimation with Applications to Tracking and Navigation, section 5.4.
  public func normalizedErrorSquared(of truth: [Double]) throws(FilteringError) -> Double {
    guard let factor = covariance.lowerFactor() else { throw .notPositiveDefinite(what: "the state covariance") }
    let z = factor.solvingLower(zip(truth, mean).map { $0 - $1 })
    return dot(z, z)
  }
}
