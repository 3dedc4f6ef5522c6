import Determinism

/// Filters a first-order process while its time constant, and its process noise, are still being learned.
///
/// The process is dx = (u − x)/τ·dt + √D·dW, seen as y = x + v with v ~ N(0, r). For each pair (τ, D) of a grid one Kalman filter runs, exact
/// over any interval; Bayes' theorem weighs the filters by what they foretold. The estimate is their mixture: no derivative, no tuning, and
/// no local optimum in which a recursive search could settle. Data that are short beside τ tell D and hardly τ, so these two, and not the
/// stationary deviation √(D·τ/2), span the grid; its steps should not be much wider than the belief is in the end (a factor 1.2 serves 10⁴ samples).
///
/// `forgetting` below 1 takes each past observation's weight to that power, so that a τ that changes is found again: about
/// 1/(1 − forgetting) observations count.
///
/// - Source: D. T. Magill 1965, doi:10.1109/TAC.1965.1098191.
public struct LagLearner: Sendable, Hashable {
  struct Node: Sendable, Hashable {
    var timeConstant: Double
    var diffusion: Double
    var mean: Double
    var variance: Double
    var logWeight: Double
  }
  /// An average of a quantity over the mixture, and its standard deviation.
  public struct Belief: Sendable, Hashable {
    public let mean: Double
    public let deviation: Double
  }

  /// r, the sensor's variance.
  public let sensorVariance: Double
  public let forgetting: Double
  private(set) var nodes: [Node]

  /// The learner before any observation: all pairs equally likely.
  ///
  /// - Parameters:
  ///   - timeConstants: the values of τ to weigh, in rising order; evenly spaced logarithms are a prior that prefers no scale.
  ///   - diffusions: the values of D to weigh, the variance that noise adds in a unit of time; one value when it is known.
  ///   - start: what is known of x: its mean and variance.
  /// - Precondition: all positive, `forgetting` in 0 < … ≤ 1.
  public init(
    timeConstants: [Double], diffusions: [Double], sensorVariance: Double, start: (mean: Double, variance: Double), forgetting: Double = 1
  ) {
    precondition(
      (timeConstants + diffusions).allSatisfy { $0 > 0 && $0.isFinite } && !timeConstants.isEmpty && !diffusions.isEmpty,
      "time constants and diffusions must be positive")
    precondition(sensorVariance > 0 && start.variance >= 0 && forgetting > 0 && forgetting <= 1, "variances and forgetting must be positive")
    (self.sensorVariance, self.forgetting) = (sensorVariance, forgetting)
    nodes = timeConstants.flatMap { tau in
      diffusions.map { Node(timeConstant: tau, diffusion: $0, mean: start.mean, variance: start.variance, logWeight: 0) }
    }
  }

  /// Goes on by an interval with a constant target u: x ← u + a·(x − u), P ← a²·P + D·τ/2·(1 − a²), a = e^(−Δ/τ).
  public mutating func predict(over interval: Double, target: Double = 0) {
    var (previous, kept) = (0.0, 1.0)
    for k in nodes.indices {
      // Nodes of one time constant stand together.
      if nodes[k].timeConstant != previous { (previous, kept) = (nodes[k].timeConstant, Portable.exp(-interval / nodes[k].timeConstant)) }
      nodes[k].mean = target + kept * (nodes[k].mean - target)
      let spread = 0.5 * nodes[k].diffusion * nodes[k].timeConstant
      nodes[k].variance = kept * kept * (nodes[k].variance - spread) + spread
    }
  }

  /// Takes an observation in.
  ///
  /// - Returns: its innovation against the mixture, ν/√S: of mean 0 and variance 1, if not exactly normal, when the model is right. Nil
  ///   for a value that is not finite, which moves nothing.
  @discardableResult
  public mutating func update(_ value: Double) -> Double? {
    if !value.isFinite { return nil }
    let expected = state
    let whitened = (value - expected.mean) / (expected.deviation * expected.deviation + sensorVariance).squareRoot()
    var largest = -Double.infinity
    for k in nodes.indices {
      let total = nodes[k].variance + sensorVariance
      let residual = value - nodes[k].mean
      let gain = nodes[k].variance / total
      nodes[k].mean += gain * residual
      nodes[k].variance *= 1 - gain
      nodes[k].logWeight = forgetting * nodes[k].logWeight - 0.5 * (residual * residual / total + Portable.log(total))
      largest = max(largest, nodes[k].logWeight)
    }
    for k in nodes.indices { nodes[k].logWeight -= largest }
    return whitened
  }

  /// x: the mixture's mean, and the deviation that counts both each filter's own and their disagreement.
  public var state: Belief {
    let weights = self.weights
    var (mean, second) = (0.0, 0.0)
    for (k, w) in weights.enumerated() { mean += w * nodes[k].mean }
    for (k, w) in weights.enumerated() { second += w * (nodes[k].variance + (nodes[k].mean - mean) * (nodes[k].mean - mean)) }
    return Belief(mean: mean, deviation: second.squareRoot())
  }

  /// log τ.
  public var logTimeConstant: Belief { belief { Portable.log($0.timeConstant) } }
  /// log D.
  public var logDiffusion: Belief { belief { Portable.log($0.diffusion) } }

  /// The value of τ below which this share of the probability lies, read between the grid's values as if each stood for the stretch of log τ
  /// around it.
  ///
  /// - Precondition: 0 < share < 1.
  public func timeConstant(quantile share: Double) -> Double {
    precondition(share > 0 && share < 1, "no quantile at \(share)")
    let weights = self.weights
    var masses: [(log: Double, mass: Double)] = []
    for (k, node) in nodes.enumerated() {
      let place = Portable.log(node.timeConstant)
      if let last = masses.indices.last, masses[last].log == place { masses[last].mass += weights[k] } else { masses.append((place, weights[k])) }
    }
    if masses.count == 1 { return nodes[0].timeConstant }
    var below = 0.0
    for (k, (place, mass)) in masses.enumerated() {
      if below + mass >= share || k == masses.count - 1 {
        let low = k > 0 ? 0.5 * (masses[k - 1].log + place) : place - 0.5 * (masses[1].log - place)
        let high = k < masses.count - 1 ? 0.5 * (masses[k + 1].log + place) : place + 0.5 * (place - masses[k - 1].log)
        return Portable.exp(low + (high - low) * (mass > 0 ? min(1, (share - below) / mass) : 0.5))
      }
      below += mass
    }
    return nodes[nodes.count - 1].timeConstant
  }

  private var weights: [Double] {
    var weights = nodes.map { Portable.exp($0.logWeight) }
    let total = weights.reduce(0, +)
    for k in weights.indices { weights[k] /= total }
    return weights
  }

  private func belief(_ value: (Node) -> Double) -> Belief {
    let weights = self.weights
    var (mean, second) = (0.0, 0.0)
    for (k, w) in weights.enumerated() { mean += w * value(nodes[k]) }
    for (k, w) in weights.enumerated() { second += w * (value(nodes[k]) - mean) * (value(nodes[k]) - mean) }
    return Belief(mean: mean, deviation: second.squareRoot())
  }
}
