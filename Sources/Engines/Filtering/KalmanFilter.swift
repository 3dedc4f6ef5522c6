import LinearAlgebra

/// The best estimate of the state of a linear Gaussian system from what has been seen so far.
///
///     var filter = KalmanFilter(Gaussian(mean: [20], deviations: [5]))
///     filter.predict(oven.transition(over: 1), input: [180])
///     let innovation = try filter.update([179.2], thermometer)
///
/// The update is in Joseph's form, P ← (I − K·H)·P·(I − K·H)ᵀ + K·R·Kᵀ, which keeps P symmetric and positive whatever the rounding.
///
/// - Source: R. E. Kalman 1960, doi:10.1115/1.3662552; P. D. Joseph's form in R. S. Bucy, P. D. Joseph 1968, Filtering for Stochastic Processes.
public struct KalmanFilter: Sendable, Hashable {
  public private(set) var state: Gaussian

  public init(_ prior: Gaussian) { state = prior }

  /// x ← F·x + G·u, P ← F·P·Fᵀ + Q.
  public mutating func predict(_ step: LinearTransition, input: [Double] = []) {
    state.mean = step.mean(after: state.mean, input: input)
    state.covariance = step.state.sandwich(state.covariance) + step.noise
  }

  /// Takes an observation in. A component that is nil or not finite has not been seen and moves nothing.
  ///
  /// - Returns: what it said beyond what was expected; nil when nothing was seen.
  /// - Throws: `notPositiveDefinite` when H·P·Hᵀ + R is not; the filter then stands where it stood.
  /// - Precondition: one value for each row of H.
  @discardableResult
  public mutating func update(_ values: [Double?], _ sensor: LinearSensor) throws(FilteringError) -> Innovation? {
    precondition(values.count == sensor.matrix.rows, "\(values.count) values for \(sensor.matrix.rows) sensors")
    let seen = seenComponents(values)
    if seen.isEmpty { return nil }
    let isWhole = seen.count == values.count
    let h = isWhole ? sensor.matrix : sensor.matrix.pickedRows(seen)
    let r = isWhole ? sensor.noise : sensor.noise.picked(seen)
    let expected = h * state.mean
    let residual = seen.indices.map { (values[seen[$0]] ?? .nan) - expected[$0] }
    let cross = state.covariance.timesTransposed(h)
    let spread = (h.times(cross) + r).symmetrized()
    guard let factor = spread.lowerFactor() else { throw .notPositiveDefinite(what: "the innovation covariance") }
    let n = state.mean.count
    var gain = Matrix(rows: n, columns: seen.count)
    for i in 0..<n {
      let row = factor.solvingFactored(seen.indices.map { cross[i, $0] })
      for j in seen.indices { gain[i, j] = row[j] }
    }
    let push = gain * residual
    for i in 0..<n { state.mean[i] += push[i] }
    let kept = Matrix.identity(n) + gain.times(h) * -1
    state.covariance = kept.sandwich(state.covariance) + gain.sandwich(r)
    return Innovation(components: seen, residual: residual, covariance: spread, factor: factor)
  }
}
