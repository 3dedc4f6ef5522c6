import Determinism
public import LinearAlgebra

/// What an observation said beyond what was expected: ν = y − ŷ with its predicted covariance S, over the components that were seen.
///
/// In a filter whose model is right the whitened innovations are independent standard normal numbers; every test of a model starts from them.
public struct Innovation: Sendable, Hashable {
  /// Which components of the observation were seen, in rising order.
  public let components: [Int]
  /// ν, one value for each of `components`, in the units of the sensor.
  public let residual: [Double]
  /// S, the predicted covariance of ν.
  public let covariance: Matrix
  /// L⁻¹·ν with S = L·Lᵀ: standard normal and independent when the model is right.
  public let whitened: [Double]
  /// νᵀ·S⁻¹·ν, the normalised innovation squared (NIS): chi-square with `residual.count` degrees of freedom when the model is right.
  public let normalizedSquared: Double
  /// log N(ν; 0, S): summed over time, the log-likelihood of the model.
  public let logLikelihood: Double

  /// - Throws: `notPositiveDefinite` when S is not.
  init(components: [Int], residual: [Double], covariance: Matrix) throws(FilteringError) {
    guard let factor = covariance.lowerFactor() else { throw .notPositiveDefinite(what: "the innovation covariance") }
    self.init(components: components, residual: residual, covariance: covariance, factor: factor)
  }

  init(components: [Int], residual: [Double], covariance: Matrix, factor: Matrix) {
    (self.components, self.residual, self.covariance) = (components, residual, covariance)
    whitened = factor.solvingLower(residual)
    normalizedSquared = dot(whitened, whitened)
    var logDeterminant = 0.0
    for i in residual.indices { logDeterminant += 2 * Portable.log(factor[i, i]) }
    logLikelihood = -0.5 * (normalizedSquared + logDeterminant + Double(residual.count) * 1.8378770664093453)
  }
}

/// The components of an observation that can be used. A value that is missing or not finite has not been seen.
func seenComponents(_ values: [Double?]) -> [Int] { values.indices.filter { values[$0]?.isFinite ?? false } }
