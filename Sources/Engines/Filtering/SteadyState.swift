public import LinearAlgebra

/// What a Kalman filter comes to when the same step and the same sensor repeat for ever: the solution of the Riccati equation
///
///     P = F·P·Fᵀ − F·P·Hᵀ·(H·P·Hᵀ + R)⁻¹·H·P·Fᵀ + Q.
///
/// Its filtered covariance is the least mean square error that any estimator of the state can attain.
public struct SteadyState: Sendable, Hashable {
  /// P, before the observation.
  public let predicted: Matrix
  /// P − K·H·P, after it.
  public let filtered: Matrix
  /// K, n×p.
  public let gain: Matrix
  /// H·P·Hᵀ + R.
  public let innovation: Matrix

  /// Solves by doubling: each round stands for twice as many steps of the filter as the one before.
  ///
  /// - Throws: `noConvergence` when the system has no steady state (an unstable mode that no sensor sees); `notPositiveDefinite` when R or the
  ///   innovation covariance is not.
  /// - Source: B. D. O. Anderson, J. B. Moore 1979, Optimal Filtering, section 6.7.
  public init(_ step: LinearTransition, _ sensor: LinearSensor) throws(FilteringError) {
    let n = step.state.rows
    let h = sensor.matrix
    guard let noise = sensor.noise.lowerFactor() else { throw .notPositiveDefinite(what: "the sensor noise") }
    var a = step.state.transposed
    var g = h.transposed.sandwich(noise.inverseFromFactor())
    var p = step.noise
    let identity = Matrix.identity(n)
    let limit = 64
    var isSettled = false
    for _ in 0..<limit {
      guard let solved = (identity + g.times(p)).solving(a), let spread = (identity + g.times(p)).solving(g) else {
        throw .noConvergence(limit: limit)
      }
      let next = (p + a.transposed.times(p).times(solved)).symmetrized()
      g = (g + a.times(spread).timesTransposed(a)).symmetrized()
      a = a.times(solved)
      var (change, size) = (0.0, 0.0)
      for i in 0..<n {
        for j in 0..<n {
          change = max(change, (next[i, j] - p[i, j]).magnitude)
          size = max(size, next[i, j].magnitude)
        }
      }
      p = next
      if !size.isFinite { throw .noConvergence(limit: limit) }
      if change <= 1e-14 * size {
        isSettled = true
        break
      }
    }
    if !isSettled { throw .noConvergence(limit: limit) }
    var filter = KalmanFilter(Gaussian(mean: Array(repeating: 0, count: n), covariance: p))
    let seen = try filter.update(Array(repeating: 0, count: h.rows), sensor)
    guard let seen, let factor = seen.covariance.lowerFactor() else { throw .notPositiveDefinite(what: "the innovation covariance") }
    (predicted, filtered, innovation) = (p, filter.state.covariance, seen.covariance)
    let cross = p.timesTransposed(h)
    var gain = Matrix(rows: n, columns: h.rows)
    for i in 0..<n {
      let row = factor.solvingFactored((0..<h.rows).map { cross[i, $0] })
      for j in 0..<h.rows { gain[i, j] = row[j] }
    }
    self.gain = gain
  }
}
