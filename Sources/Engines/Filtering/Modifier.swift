public import LinearAlgebra

/// What a plant's objective or constraint was at an operating point, averaged over a steady stretch.
public struct PlantObservation: Sendable, Hashable {
  /// u, the decision variables.
  public var inputs: [Double]
  /// The objective and the constraints, always in the same order.
  public var values: [Double]
  /// The variance of each value's error.
  public var variances: [Double]
  /// How long ago, in any unit; 0 for now.
  public var age: Double

  public init(inputs: [Double], values: [Double], variances: [Double], age: Double = 0) {
    (self.inputs, self.values, self.variances, self.age) = (inputs, values, variances, age)
  }
}

/// The first-order correction of a model's objective or constraint about an operating point: plant(u) ≈ model(u) + bias + gradientᵀ·(u − base).
///
/// With right bias and gradient an optimum of the corrected model satisfies the plant's own conditions of optimality, whatever is wrong with the
/// model (given that its curvature has the right sign): this is what calibrating a structurally wrong model cannot give.
///
/// - Source: A. Marchetti, B. Chachuat, D. Bonvin 2009, doi:10.1021/ie801352x.
public struct Modifier: Sendable, Hashable {
  public let base: [Double]
  /// plant − model at the base, in the units of the value.
  public let bias: Double
  /// ∇plant − ∇model at the base, per unit of each input.
  public let gradient: [Double]
  /// Of (bias, gradient): (1 + m)×(1 + m).
  public let covariance: Matrix
  /// The standard deviation of the curvature that was not learned, per squared scaled distance.
  let curvature: Double
  let scales: [Double]

  /// What to add to the model's value at u.
  public func correction(at u: [Double]) -> Double {
    var sum = bias
    for j in gradient.indices { sum += gradient[j] * (u[j] - base[j]) }
    return sum
  }

  /// The variance of that correction: of bias and gradient, and of the curvature that it leaves out.
  public func variance(at u: [Double]) -> Double {
    let z = [1.0] + zip(u, base).map { $0 - $1 }
    var distance = 0.0
    for j in scales.indices { distance += (u[j] - base[j]) / scales[j] * ((u[j] - base[j]) / scales[j]) }
    return max(0, dot(z, covariance * z)) + curvature * curvature * distance * distance
  }
}
