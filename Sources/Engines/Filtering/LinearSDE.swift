public import LinearAlgebra

/// A linear stochastic differential equation dx = (A·x + B·u)·dt + dW, with E[dW·dWᵀ] = Q·dt.
///
/// First order with lag τ and stationary deviation σ is A = −1/τ, Q = 2σ²/τ (Ornstein and Uhlenbeck).
public struct LinearSDE: Sendable, Hashable {
  /// A, n×n, per unit of time.
  public let drift: Matrix
  /// B, n×m; nil for a system without inputs.
  public let input: Matrix?
  /// Q, n×n: the covariance that noise adds in a unit of time.
  public let diffusion: Matrix

  /// - Precondition: the shapes agree.
  public init(drift: Matrix, input: Matrix? = nil, diffusion: Matrix) {
    let n = drift.rows
    precondition(drift.columns == n && diffusion.rows == n && diffusion.columns == n && (input.map { $0.rows == n } ?? true), "shapes disagree")
    (self.drift, self.input, self.diffusion) = (drift, input, diffusion)
  }

  /// The exact transition over an interval Δ with a constant input: x ← e^(AΔ)·x + ∫e^(As)ds·B·u + w, cov(w) = ∫e^(As)·Q·e^(Aᵀs)ds.
  ///
  /// The integrals are summed as power series over Δ/2ᵏ, short enough that ‖A‖·Δ/2ᵏ ≤ ¼, and doubled k times: F ← F², G ← G + F·G,
  /// Q ← Q + F·Q·Fᵀ, which is exact and, unlike the exponential of a block matrix, does not overflow for a long interval of a stiff system.
  /// F is held as I + E, and E ← 2E + E²: so slow modes keep their digits beside fast ones.
  ///
  /// - Precondition: Δ finite and not negative.
  /// - Source: C. F. Van Loan 1978, doi:10.1109/TAC.1978.1101743, for the integrals.
  public func transition(over interval: Double) -> LinearTransition {
    precondition(interval.isFinite && interval >= 0, "an interval of \(interval)")
    let n = drift.rows
    var norm = 0.0
    for i in 0..<n { norm = max(norm, (0..<n).reduce(0) { $0 + drift[i, $1].magnitude }) }
    var step = interval
    var doublings = 0
    while norm * step > 0.25 {
      step *= 0.5
      doublings += 1
    }
    let identity = Matrix.identity(n)
    var (change, integral) = (Matrix(rows: n, columns: n), identity * step)
    var (power, spread, noise) = (identity, diffusion * step, diffusion * step)
    // 16 terms: 0.25¹⁶/16! is far below rounding; the noise series converges like that of 2A.
    for k in 1...16 {
      power = power.times(drift) * (step / Double(k))
      change = change + power
      integral = integral + power * (step / Double(k + 1))
      let next = drift.times(spread)
      spread = (next + next.transposed) * (step / Double(k + 1))
      noise = noise + spread
    }
    for _ in 0..<doublings {
      noise = noise + (identity + change).sandwich(noise)
      integral = integral * 2 + change.times(integral)
      change = change * 2 + change.times(change)
    }
    return LinearTransition(state: identity + change, input: input.map { integral.times($0) }, noise: noise)
  }
}

/// One step of a linear system: x ← F·x + G·u + w with w ~ N(0, Q).
public struct LinearTransition: Sendable, Hashable {
  /// F, n×n.
  public let state: Matrix
  /// G, n×m; nil for a system without inputs.
  public let input: Matrix?
  /// Q, n×n.
  public let noise: Matrix

  /// - Precondition: the shapes agree.
  public init(state: Matrix, input: Matrix? = nil, noise: Matrix) {
    let n = state.rows
    precondition(state.columns == n && noise.rows == n && noise.columns == n && (input.map { $0.rows == n } ?? true), "shapes disagree")
    (self.state, self.input, self.noise) = (state, input, noise)
  }

  /// The mean one step on: F·x + G·u. No input at all is an input of 0.
  public func mean(after x: [Double], input u: [Double] = []) -> [Double] {
    var next = state * x
    if let input, !u.isEmpty {
      let push = input * u
      for i in next.indices { next[i] += push[i] }
    }
    return next
  }
}

/// What sensors see of a state: y = H·x + v with v ~ N(0, R).
public struct LinearSensor: Sendable, Hashable {
  /// H, p×n.
  public let matrix: Matrix
  /// R, p×p.
  public let noise: Matrix

  /// - Precondition: R is p×p.
  public init(matrix: Matrix, noise: Matrix) {
    precondition(noise.rows == matrix.rows && noise.columns == matrix.rows, "shapes disagree")
    (self.matrix, self.noise) = (matrix, noise)
  }
}
