import Determinism
import Probability

/// Numbers of like machines that scatter about a common one: θ_i ~ N(μ, τ²), each θ_i with its own likelihood; μ has a normal prior, τ a
/// half-t one with three degrees of freedom.
///
/// (μ, τ) is integrated on a grid: τ in equal ratios, μ at each τ about where the machines put it. A machine's likelihood enters through
/// the Laplace approximation of ∫ L_i(θ)·N(θ; μ, τ²) dθ, so that it need not be normal, nor have an estimate of its own.
///
/// - Source: A. Gelman 2006, doi:10.1214/06-BA117A (half-t prior of a group's standard deviation).
struct NormalHierarchy: Sendable {
  /// One machine's evidence.
  struct Member {
    /// Where its likelihood is greatest, and the curvature of the log likelihood there; nil without an estimate of its own.
    var estimate: (value: Double, precision: Double)?
    /// log ∫ L·prior, and the mode and curvature of L·prior.
    var marginal: (GaussianPrior) -> (logValue: Double, mode: Double, curvature: Double)

    /// A normal likelihood.
    static func normal(_ value: Double, precision: Double) -> Member {
      Member(estimate: (value, precision)) { prior in
        let spread = (prior.sd * prior.sd + 1 / precision).squareRoot()
        let curvature = precision + prior.precision
        let mode = (precision * value + prior.precision * prior.mean) / curvature
        return (GaussianPrior(mean: prior.mean, sd: spread).logDensity(value), mode, curvature)
      }
    }

    /// A log likelihood known on a grid, by its logarithm at equally spaced nodes; flat beyond its ends.
    ///
    /// Under a belief that is not wider than the likelihood the integral is Gauss and Hermite's at seven points; under a wider one the
    /// likelihood counts as normal.
    static func table(_ table: LogDensityTable) -> Member {
      let top = table.values.indices.max { table.values[$0] < table.values[$1] }!
      let k = min(max(top, 1), table.values.count - 2)
      let (a, b, c) = (table.values[k - 1], table.values[k], table.values[k + 1])
      let bend = max(2 * b - a - c, 1e-3 * table.step * table.step)
      let offset = min(max((c - a) / (2 * bend), -1), 1)
      let (value, precision) = (table.origin + (Double(k) + offset) * table.step, bend / (table.step * table.step))
      let peak = b + bend * offset * offset / 2
      let smooth = normal(value, precision: precision)
      let constant = peak - 0.5 * Portable.log(precision) + 0.91893853320467274178
      return Member(estimate: (value, precision)) { belief in
        guard belief.sd * belief.sd * precision < 1 else {
          let result = smooth.marginal(belief)
          return (result.logValue + constant, result.mode, result.curvature)
        }
        var (logs, places) = ([Double](), [Double]())
        for (z, weight) in zip(hermite.nodes, hermite.weights) {
          let place = belief.mean + belief.sd * z
          let position = min(max((place - table.origin) / table.step, 0), Double(table.values.count - 1))
          logs.append(Portable.log(weight) + LogDensityTable.interpolate(table.values, at: position))
          places.append(place)
        }
        let whole = LogSum.of(logs)
        var (mean, square) = (0.0, 0.0)
        for (log, place) in zip(logs, places) {
          let w = Portable.exp(log - whole)
          (mean, square) = (mean + w * (place - belief.mean), square + w * (place - belief.mean) * (place - belief.mean))
        }
        return (whole, belief.mean + mean, 1 / max(square - mean * mean, 1e-3 * belief.sd * belief.sd))
      }
    }

    /// Nodes and weights for the standard normal law.
    private static let hermite = (
      nodes: [-3.750439717725742, -2.366759410734541, -1.154405394739968, 0, 1.154405394739968, 2.366759410734541, 3.750439717725742],
      weights: [
        5.482688559722178e-4, 3.075712396758647e-2, 0.2401231786050127, 0.4571428571428571, 0.2401231786050127, 3.075712396758647e-2,
        5.482688559722178e-4,
      ]
    )

    /// Nothing seen.
    static var silent: Member { Member(estimate: nil) { (0, $0.mean, $0.precision) } }
  }

  /// Belief in μ and its mean, τ: mean and the central 90 % interval.
  let common: GaussianPrior
  let between: (mean: Double, low: Double, high: Double)
  /// Belief in each θ_i given all machines.
  let members: [GaussianPrior]
  /// What the others, and the scatter of all, tell of each θ_i.
  let priors: [GaussianPrior]

  private struct Node { var mu: Double, tau: Double, log: Double }

  /// - Parameters:
  ///   - location: prior of μ.
  ///   - scale: of the half-t prior of τ.
  init(_ machines: [Member], location: GaussianPrior, scale: Double) {
    var nodes: [Node] = []
    var found: [[(logValue: Double, mode: Double, curvature: Double)]] = []
    let (ratio, steps) = (1.35, 20)
    for k in 0..<steps {
      let tau = scale / 30 * Portable.pow(ratio, Double(k))
      // Where μ lies at this τ, as if all likelihoods were normal.
      var (precision, sum) = (location.precision, location.precision * location.mean)
      for case let estimate? in machines.map(\.estimate) {
        let p = 1 / (tau * tau + 1 / estimate.precision)
        (precision, sum) = (precision + p, sum + p * estimate.value)
      }
      let (center, sd) = (sum / precision, 1 / precision.squareRoot())
      let z = tau / scale
      let prior = -2 * Portable.log(1 + z * z / 3) + Portable.log(tau)
      for i in -6...6 {
        let mu = center + 0.75 * Double(i) * sd
        let belief = GaussianPrior(mean: mu, sd: tau)
        var log = prior + location.logDensity(mu) + Portable.log(sd)
        var modes: [(logValue: Double, mode: Double, curvature: Double)] = []
        for machine in machines {
          let m = machine.marginal(belief)
          log += m.logValue
          modes.append(m)
        }
        nodes.append(Node(mu: mu, tau: tau, log: log))
        found.append(modes)
      }
    }
    let total = LogSum.of(nodes.map(\.log))
    let weights = nodes.map { Portable.exp($0.log - total) }
    func moments(_ value: (Int) -> (mean: Double, variance: Double)) -> GaussianPrior {
      var (mean, square) = (0.0, 0.0)
      for i in nodes.indices {
        let v = value(i)
        mean += weights[i] * v.mean
        square += weights[i] * (v.variance + v.mean * v.mean)
      }
      return GaussianPrior(mean: mean, sd: max(square - mean * mean, 1e-12).squareRoot())
    }
    common = moments { (nodes[$0].mu, 0) }
    var cumulative: [Double] = []
    for k in 0..<steps { cumulative.append((cumulative.last ?? 0) + weights[13 * k..<13 * (k + 1)].reduce(0, +)) }
    func tau(_ p: Double) -> Double { nodes[13 * (cumulative.firstIndex { $0 >= p } ?? steps - 1)].tau }
    between = (zip(nodes, weights).reduce(0) { $0 + $1.0.tau * $1.1 }, tau(0.05), tau(0.95))
    let members = machines.indices.map { m in moments { (found[$0][m].mode, 1 / found[$0][m].curvature) } }
    self.members = members
    priors = machines.indices.map { m in
      // At each τ the others say where μ lies; with it they hold this machine's number to N(μ, τ²), more or less strongly. The prior
      // has the mean and the strength that shrink its own estimate as all of these do on average.
      let own = machines[m].estimate?.precision ?? 0
      var (shrinkage, pull, spread) = (0.0, 0.0, 0.0)
      for k in 0..<steps {
        let range = 13 * k..<13 * (k + 1)
        let belief = range.reduce(0) { $0 + weights[$1] }
        guard belief > 1e-9 else { continue }
        let others = range.map { nodes[$0].log - found[$0][m].logValue }
        let whole = LogSum.of(others)
        var (mean, square) = (0.0, 0.0)
        for (i, log) in zip(range, others) {
          let w = Portable.exp(log - whole)
          (mean, square) = (mean + w * nodes[i].mu, square + w * nodes[i].mu * nodes[i].mu)
        }
        let variance = nodes[range.lowerBound].tau * nodes[range.lowerBound].tau + max(square - mean * mean, 0)
        let share = own > 0 ? 1 / (1 + own * variance) : 1
        shrinkage += belief * share
        pull += belief * share * mean
        spread += belief * variance
      }
      guard own > 0 else { return GaussianPrior(mean: pull / shrinkage, sd: spread.squareRoot()) }
      let matched = own / (1 / shrinkage - 1)
      // A machine's belief is wider than that, since τ is not known: down to a third of the strength is given up for it.
      let precision = min(max(members[m].precision - own, matched / 3), matched)
      return GaussianPrior(mean: pull / shrinkage, sd: 1 / precision.squareRoot())
    }
  }
}
