public import LinearAlgebra

/// What a nonlinear filter starts from: a belief about the states and one about the parameters, and how fast each may wander.
///
/// The filter holds both in one vector z = (x, p): a parameter is a state that does not move by itself. A wander above 0 lets the
/// filter follow a parameter that drifts, and keeps it from becoming sure of a wrong value.
public struct AugmentedPrior: Sendable, Hashable {
  /// The states.
  public var state: Gaussian
  /// The parameters; nil when all are known.
  public var parameters: Gaussian?
  /// Q of the states: the covariance that noise adds in a unit of time. Added at the end of each step, which is exact to first order in it.
  public var diffusion: Matrix
  /// The variance that each parameter gains in a unit of time, all 0 by default.
  public var wander: [Double]

  /// - Precondition: the sizes agree.
  public init(state: Gaussian, parameters: Gaussian? = nil, diffusion: Matrix, wander: [Double]? = nil) {
    (self.state, self.parameters, self.diffusion) = (state, parameters, diffusion)
    self.wander = wander ?? Array(repeating: 0, count: parameters?.mean.count ?? 0)
    precondition(diffusion.rows == state.mean.count && diffusion.columns == state.mean.count, "the diffusion is not of the states' size")
    precondition(self.wander.count == parameters?.mean.count ?? 0, "one wander for each parameter")
  }

  /// z and its covariance; states and parameters are independent at the start.
  var joint: Gaussian {
    guard let parameters else { return state }
    let (n, m) = (state.mean.count, parameters.mean.count)
    var covariance = Matrix(rows: n + m, columns: n + m)
    for i in 0..<n { for j in 0..<n { covariance[i, j] = state.covariance[i, j] } }
    for i in 0..<m { for j in 0..<m { covariance[n + i, n + j] = parameters.covariance[i, j] } }
    return Gaussian(mean: state.mean + parameters.mean, covariance: covariance)
  }

  /// The covariance that an interval adds to z.
  func noise(over interval: Double) -> Matrix {
    let n = state.mean.count
    return Matrix(rows: n + wander.count, columns: n + wander.count) { i, j in
      if i < n && j < n { return diffusion[i, j] * interval }
      return i == j ? wander[i - n] * interval : 0
    }
  }
}

extension Gaussian {
  /// The belief about the components in `range` alone.
  func part(_ range: Range<Int>) -> Gaussian { Gaussian(mean: Array(mean[range]), covariance: covariance.picked(Array(range))) }
}
