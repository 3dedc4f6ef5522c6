public import LinearAlgebra

/// The unscented Kalman filter of a nonlinear model, with its unknown parameters as further states.
///
/// The belief is carried through the model by 2N + 1 points that have its mean and covariance, z ± √(N + κ)·L·eᵢ, weighed 1/(2(N + κ)) each and
/// κ/(N + κ) in the middle. κ = 3 − N, which matches a normal law's fourth moment, as far as that leaves no weight negative; else 0 (the
/// cubature filter). No derivative is asked of the model: one step costs 2N + 1 of its steps.
///
/// - Source: S. J. Julier, J. K. Uhlmann 2004, doi:10.1109/JPROC.2003.823141; I. Arasaratnam, S. Haykin 2009, doi:10.1109/TAC.2009.2019800.
public struct UnscentedFilter<Model: StateSpaceModel>: Sendable {
  public let model: Model
  private let prior: AugmentedPrior
  /// z = (x, p).
  public private(set) var joint: Gaussian
  public private(set) var time: Double

  /// - Precondition: the prior has the size of the model's state.
  public init(_ model: Model, prior: AugmentedPrior, at t: Double) {
    precondition(prior.state.mean.count == model.stateCount, "a prior of \(prior.state.mean.count) for \(model.stateCount) states")
    (self.model, self.prior, joint, time) = (model, prior, prior.joint, t)
  }

  /// What is believed of the states.
  public var state: Gaussian { joint.part(0..<model.stateCount) }
  /// What is believed of the parameters; nil when all are known.
  public var parameters: Gaussian? { prior.parameters == nil ? nil : joint.part(model.stateCount..<joint.mean.count) }

  /// Goes on to t with a constant input.
  ///
  /// - Throws: `notPositiveDefinite`, `model`; the filter then stands where it stood.
  /// - Precondition: t ≥ time.
  public mutating func predict(to t: Double, input: [Double] = []) throws(FilteringError) {
    precondition(t >= time, "the filter stands at \(time) and cannot go back to \(t)")
    if t == time { return }
    let n = model.stateCount
    var moved: [[Double]] = []
    for point in try points() {
      let (x, p) = (Array(point[..<n]), Array(point[n...]))
      moved.append(try model.advance(x, parameters: p, input: input, from: time, to: t) + p)
    }
    let mean = average(moved)
    joint = Gaussian(mean: mean, covariance: weighted(moved, mean, moved, mean).symmetrized() + prior.noise(over: t - time))
    time = t
  }

  /// Takes an observation of the outputs in; a component that is nil or not finite has not been seen.
  ///
  /// - Parameter noise: R, the sensors' covariance.
  /// - Throws: `notPositiveDefinite`, `model`; the filter then stands where it stood.
  @discardableResult
  public mutating func update(_ values: [Double?], noise: Matrix, input: [Double] = []) throws(FilteringError) -> Innovation? {
    precondition(values.count == model.outputCount && noise.rows == values.count, "\(values.count) values for \(model.outputCount) outputs")
    let seen = seenComponents(values)
    if seen.isEmpty { return nil }
    let n = model.stateCount
    let points = try points()
    var outputs: [[Double]] = []
    for point in points {
      let all = try model.outputs(Array(point[..<n]), parameters: Array(point[n...]), input: input, at: time)
      outputs.append(seen.map { all[$0] })
    }
    let expected = average(outputs)
    let residual = seen.indices.map { (values[seen[$0]] ?? .nan) - expected[$0] }
    let covariance = weighted(outputs, expected, outputs, expected).symmetrized() + noise.picked(seen)
    guard let factor = covariance.lowerFactor() else { throw .notPositiveDefinite(what: "the innovation covariance") }
    let cross = weighted(points, joint.mean, outputs, expected)
    let size = joint.mean.count
    var gain = Matrix(rows: size, columns: seen.count)
    for i in 0..<size {
      let row = factor.solvingFactored(seen.indices.map { cross[i, $0] })
      for j in seen.indices { gain[i, j] = row[j] }
    }
    let push = gain * residual
    joint = Gaussian(
      mean: zip(joint.mean, push).map { $0 + $1 }, covariance: (joint.covariance + gain.sandwich(covariance) * -1).symmetrized())
    return Innovation(components: seen, residual: residual, covariance: covariance, factor: factor)
  }

  private var kappa: Double { max(0, 3 - Double(joint.mean.count)) }

  private func points() throws(FilteringError) -> [[Double]] {
    let size = joint.mean.count
    guard let factor = joint.covariance.lowerFactorOfSemidefinite() else { throw .notPositiveDefinite(what: "the joint covariance") }
    let reach = (Double(size) + kappa).squareRoot()
    var points = [joint.mean]
    for j in 0..<size {
      for sign in [1.0, -1] { points.append((0..<size).map { joint.mean[$0] + sign * reach * factor[$0, j] }) }
    }
    return points
  }

  private func weight(_ k: Int) -> Double {
    let total = Double(joint.mean.count) + kappa
    return k == 0 ? kappa / total : 0.5 / total
  }

  private func average(_ points: [[Double]]) -> [Double] {
    var mean = [Double](repeating: 0, count: points[0].count)
    for (k, point) in points.enumerated() { for i in mean.indices { mean[i] += weight(k) * point[i] } }
    return mean
  }

  /// Σ wₖ·(aₖ − ā)·(bₖ − b̄)ᵀ.
  private func weighted(_ a: [[Double]], _ aMean: [Double], _ b: [[Double]], _ bMean: [Double]) -> Matrix {
    Matrix(rows: aMean.count, columns: bMean.count) { i, j in
      var sum = 0.0
      for k in a.indices { sum += weight(k) * (a[k][i] - aMean[i]) * (b[k][j] - bMean[j]) }
      return sum
    }
  }
}
