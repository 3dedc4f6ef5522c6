public import Determinism
import LinearAlgebra

/// The ensemble Kalman filter of a nonlinear model: the belief is a set of trajectories, each with its own states and parameters.
///
/// One step costs as many steps of the model as there are members, however many states it has: what a co-simulation unit with hundreds of hidden
/// states can still pay. Observations are taken in one at a time by the square-root form, which draws no noise for them:
/// z̄ ← z̄ + K·ν and z′ ← z′ − α·K·h′ with K = cov(z, h)/(var(h) + r) and α = 1/(1 + √(r/(var(h) + r))). Sensors are independent of each other.
///
/// An ensemble of M members knows a covariance to a relative error of about √(2/M) and loses spread with each update; `inflation` puts it back.
///
/// - Source: G. Evensen 1994, doi:10.1029/94JC00572; J. S. Whitaker, T. M. Hamill 2002, "Ensemble data assimilation without perturbed
///   observations", Monthly Weather Review 130, 1913–1924.
public struct EnsembleFilter<Model: StateSpaceModel>: Sendable {
  public let model: Model
  /// Each member's (x, p).
  public private(set) var members: [[Double]]
  public private(set) var time: Double
  /// Deviations from the mean grow by this factor before each observation; 1: not at all.
  public let inflation: Double
  private let prior: AugmentedPrior
  private var stream: RandomStream

  /// Draws the members from the prior.
  ///
  /// - Throws: `notPositiveDefinite` when the prior's covariance is not.
  /// - Precondition: at least two members; the prior has the size of the model's state.
  public init(
    _ model: Model, prior: AugmentedPrior, members count: Int, inflation: Double = 1, at t: Double, stream: RandomStream
  ) throws(FilteringError) {
    precondition(prior.state.mean.count == model.stateCount, "a prior of \(prior.state.mean.count) for \(model.stateCount) states")
    precondition(count > 1 && inflation >= 1, "\(count) members, inflation \(inflation)")
    let joint = prior.joint
    guard let factor = joint.covariance.lowerFactorOfSemidefinite() else { throw .notPositiveDefinite(what: "the prior covariance") }
    var stream = stream
    members = (0..<count).map { _ in
      let push = factor * joint.mean.map { _ in stream.normal() }
      return zip(joint.mean, push).map { $0 + $1 }
    }
    (self.model, self.prior, self.inflation, time, self.stream) = (model, prior, inflation, t, stream)
  }

  /// The mean and covariance of the members.
  public var joint: Gaussian {
    let mean = mean(members)
    let count = Double(members.count - 1)
    let covariance = Matrix(rows: mean.count, columns: mean.count) { i, j in
      var sum = 0.0
      for z in members { sum += (z[i] - mean[i]) * (z[j] - mean[j]) }
      return sum / count
    }
    return Gaussian(mean: mean, covariance: covariance)
  }

  /// What is believed of the states.
  public var state: Gaussian { joint.part(0..<model.stateCount) }
  /// What is believed of the parameters; nil when all are known.
  public var parameters: Gaussian? { prior.parameters == nil ? nil : joint.part(model.stateCount..<members[0].count) }

  /// Each member goes on to t with the same input and noise of its own.
  ///
  /// - Throws: `model`, `notPositiveDefinite`; the filter then stands where it stood.
  /// - Precondition: t ≥ time.
  public mutating func predict(to t: Double, input: [Double] = []) throws(FilteringError) {
    precondition(t >= time, "the filter stands at \(time) and cannot go back to \(t)")
    if t == time { return }
    let n = model.stateCount
    let noise = prior.noise(over: t - time)
    let noisy = (0..<noise.rows).filter { noise[$0, $0] > 0 }
    var factor: Matrix?
    if !noisy.isEmpty {
      factor = noise.picked(noisy).lowerFactorOfSemidefinite()
      if factor == nil { throw .notPositiveDefinite(what: "the process noise") }
    }
    var (moved, draws) = (members, stream)
    for k in moved.indices {
      let p = Array(moved[k][n...])
      moved[k] = try model.advance(Array(moved[k][..<n]), parameters: p, input: input, from: time, to: t) + p
      guard let factor else { continue }
      let push = factor * noisy.map { _ in draws.normal() }
      for (i, place) in noisy.enumerated() { moved[k][place] += push[i] }
    }
    (members, stream, time) = (moved, draws, t)
  }

  /// Takes an observation of the outputs in; a component that is nil or not finite has not been seen.
  ///
  /// - Parameter variances: of each sensor; the sensors are independent.
  /// - Throws: `model`, `notPositiveDefinite`; the filter then stands where it stood.
  @discardableResult
  public mutating func update(_ values: [Double?], variances: [Double], input: [Double] = []) throws(FilteringError) -> Innovation? {
    precondition(values.count == model.outputCount && variances.count == values.count, "\(values.count) values for \(model.outputCount) outputs")
    let seen = seenComponents(values)
    if seen.isEmpty { return nil }
    let n = model.stateCount
    let centre = mean(members)
    var joined: [[Double]] = []
    for member in members {
      let z = zip(member, centre).map { $1 + inflation * ($0 - $1) }
      let all = try model.outputs(Array(z[..<n]), parameters: Array(z[n...]), input: input, at: time)
      joined.append(z + seen.map { all[$0] })
    }
    // The predicted outputs ride along as further components, so that each observation moves those still to come.
    let size = centre.count
    let expected = mean(joined)
    let count = Double(members.count - 1)
    let covariance = Matrix(rows: seen.count, columns: seen.count) { i, j in
      var sum = i == j ? variances[seen[i]] * count : 0
      for z in joined { sum += (z[size + i] - expected[size + i]) * (z[size + j] - expected[size + j]) }
      return sum / count
    }
    let residual = seen.indices.map { (values[seen[$0]] ?? .nan) - expected[size + $0] }
    let innovation = try Innovation(components: seen, residual: residual, covariance: covariance)
    for (j, component) in seen.enumerated() {
      assimilate(&joined, output: size + j, value: values[component] ?? .nan, variance: variances[component])
    }
    members = joined.map { Array($0[..<size]) }
    return innovation
  }

  private func assimilate(_ joined: inout [[Double]], output: Int, value: Double, variance: Double) {
    let centre = mean(joined)
    let deviations = joined.map { $0[output] - centre[output] }
    let total = dot(deviations, deviations) / Double(joined.count - 1) + variance
    let alpha = 1 / (1 + (variance / total).squareRoot())
    for i in centre.indices {
      var cross = 0.0
      for k in joined.indices { cross += (joined[k][i] - centre[i]) * deviations[k] }
      let gain = cross / Double(joined.count - 1) / total
      for k in joined.indices { joined[k][i] += gain * (value - centre[output]) - alpha * gain * deviations[k] }
    }
  }

  private func mean(_ points: [[Double]]) -> [Double] {
    var mean = [Double](repeating: 0, count: points[0].count)
    for point in points { for i in mean.indices { mean[i] += point[i] } }
    return mean.map { $0 / Double(points.count) }
  }
}
