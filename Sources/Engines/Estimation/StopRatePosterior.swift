import Determinism
import LinearAlgebra
import Probability

/// What is known of the rate of stops per operating second as a function of speed: log λ(r) = α + β·log r, with r = speed / rated.
///
/// Stops are Poisson in operating time; α and β have independent normal priors. The mode is found by Newton's method on a concave function. About
/// it, β is normal given α (Laplace). α is not: the rate is nearly gamma distributed, and a normal α would overstate its mean by about 1/(2n) after n
/// stops, so the density of α is tabulated.
public struct StopRatePosterior: Sendable, Hashable {
  /// Operating time at one speed and the stops in it. Both may be discounted by the same weight.
  public struct Exposure: Sendable, Hashable {
    public var ratio: Double
    public var seconds: Double
    public var stops: Double
    public init(ratio: Double, seconds: Double, stops: Double) { (self.ratio, self.seconds, self.stops) = (ratio, seconds, stops) }
  }

  public let logRate: Double
  public let exponent: Double
  /// Lower Cholesky factor of the posterior covariance of (α, β).
  let factor: Matrix
  /// Masses of the cells of α from `firstCell` on.
  let cells: [Double]
  let firstCell: Double
  let cellWidth: Double

  public init(logRate prior: GaussianPrior, exponent slope: GaussianPrior, exposures: [Exposure]) {
    var (a, b) = (prior.mean, slope.mean)
    let (pa, pb) = (1 / (prior.sd * prior.sd), 1 / (slope.sd * slope.sd))
    var information = Matrix([[pa, 0], [0, pb]])
    let used = exposures.filter { $0.seconds > 0 && $0.ratio > 0 }
    for _ in 0..<50 {
      var (ga, gb) = (-(a - prior.mean) * pa, -(b - slope.mean) * pb)
      var (haa, hab, hbb) = (pa, 0.0, pb)
      for e in used {
        let x = Portable.log(e.ratio)
        let expected = e.seconds * Portable.exp(a + b * x)
        ga += e.stops - expected
        gb += (e.stops - expected) * x
        haa += expected
        hab += expected * x
        hbb += expected * x * x
      }
      information = Matrix([[haa, hab], [hab, hbb]])
      guard let step = try? information.solve([ga, gb]) else { break }
      // A Newton step of the exponential family can overshoot far from the mode; two units of log rate at a time are enough.
      let scale = min(1, 2 / max(abs(step[0]), abs(step[1]), 1e-300))
      a += scale * step[0]
      b += scale * step[1]
      if max(abs(step[0]), abs(step[1])) < 1e-10 { break }
    }
    (logRate, exponent) = (a, b)
    let determinant = information[0, 0] * information[1, 1] - information[0, 1] * information[1, 0]
    let covariance = Matrix([
      [information[1, 1] / determinant, -information[0, 1] / determinant],
      [-information[1, 0] / determinant, information[0, 0] / determinant],
    ])
    factor = (try? covariance.cholesky()) ?? Matrix([[prior.sd, 0], [0, slope.sd]])
    // About its mode a, log p(α) = k·((α − a) − (e^(α − a) − 1)) − (α − a)²/2σ² with k stops' worth of likelihood and σ of the prior; exact where
    // one speed was seen. Where speeds differ, k is what not knowing β leaves of the likelihood.
    let sd = factor[0, 0]
    let stops = max(1 / (sd * sd) - pa, 0)
    let step = 2 * Self.reach * sd / Double(Self.nodes - 1)
    let table = LogDensityTable(
      origin: a - Self.reach * sd, step: step,
      values: (0..<Self.nodes).map { i in
        let x = step * Double(i) - Self.reach * sd
        return stops * (x - Portable.expm1(x)) - 0.5 * pa * x * x
      })
    (cells, firstCell, cellWidth) = (table.cells(), table.origin, table.cellWidth)
  }

  /// The table of α reaches so many standard deviations to each side, in so many nodes.
  private static let reach = 6.0
  private static let nodes = 25

  /// The joint draw that belongs to two independent standard normal numbers: mean operating seconds between stops at the rated speed,
  /// and the exponent.
  public func draw(_ z1: Double, _ z2: Double) -> (interval: Double, exponent: Double) {
    let alpha = LogDensityTable.quantile(Normal.cdf(z1), cells, firstCell, cellWidth)
    let beta = exponent + factor[1, 0] * (alpha - logRate) / factor[0, 0] + factor[1, 1] * z2
    return (Portable.exp(-alpha), beta)
  }
}
