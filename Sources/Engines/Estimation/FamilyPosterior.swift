import Determinism
import Probability

/// The posterior of one family's law on a grid of (log mean, spread).
///
/// Where the Laplace approximation puts its mode and standard deviations, a grid of equally spaced nodes is laid that reaches to a
/// twenty-thousandth of the greatest density on each side, wherever that lies: for the spread, and at each spread for the log mean
/// about its own mode. The trapezoid rule on such a grid is exact to many digits for whatever is smooth, so skewness with few data needs
/// neither sampling nor luck.
struct FamilyPosterior: Sendable {
  static let outer = 15
  static let inner = 13

  let family: LawFamily
  let mode: FamilyMode
  /// log of the marginal likelihood: ∫ likelihood · prior.
  let logEvidence: Double
  /// log of the reference that log means are relative to.
  let logReference: Double
  /// Log mean at a node: centre[j] + scale[j]·z, z = reach + i·step.
  let centres: [Double]
  let scales: [Double]
  let reach: Double
  let step: Double
  let firstSpread: Double
  let spreadStep: Double
  /// [j·inner + i]: log of the posterior mass at a node, adding up to 1.
  let logMass: [Double]
  /// Marginal log mass of each spread.
  let spreadLogMass: [Double]
  /// log likelihood at the mode, without the prior.
  let logLikelihood: Double

  init(_ family: LawFamily, _ sums: ActivitySums, _ prior: ActivityPrior) {
    let scaled = ScaledPrior(prior, family, sums)
    self.family = family
    logReference = Portable.log(sums.reference)
    mode = FamilyMode(family, sums, scaled)
    func slice(_ s: Double) -> ShapeSlice { ShapeSlice(family, spread: s, sums, logMean: scaled.logMean, spread: scaled.spread) }
    let central = slice(mode.spread)
    let scale = 1 / mode.meanCurvature.squareRoot()
    let top = mode.logPosterior
    logLikelihood =
      top - scaled.logMean.logDensity(mode.logMean) - (family == .exponential ? 0 : scaled.spread.logDensity(mode.spread))

    let center = mode.logMean
    let low = Self.reach { top - central.logPosterior(center - $0 * scale, sums) }
    let high = Self.reach { top - central.logPosterior(center + $0 * scale, sums) }
    (reach, step) = (-low, (low + high) / Double(Self.inner - 1))

    var spreads = [0.0]
    var spacing = 1.0
    if family != .exponential {
      let sd = 1 / mode.spreadCurvature.squareRoot()
      let range = LawFamily.spreads
      func drop(_ s: Double) -> Double {
        let slice = slice(s)
        return top - slice.logPosterior(slice.mode(sums, from: center).m, sums)
      }
      let at = mode.spread
      let down = min(Self.reach { drop(at - $0 * sd) } * sd, max(at - range.lowerBound, sd))
      let up = min(Self.reach { drop(at + $0 * sd) } * sd, max(range.upperBound - at, sd))
      spacing = (down + up) / Double(Self.outer - 1)
      spreads = (0..<Self.outer).map { at - down + Double($0) * spacing }
    }
    (firstSpread, spreadStep) = (spreads[0], spacing)

    var (centres, scales) = ([Double](), [Double]())
    var logs = [Double]()
    logs.reserveCapacity(spreads.count * Self.inner)
    for (j, s) in spreads.enumerated() {
      let slice = j == 0 && spreads.count == 1 ? central : slice(s)
      let own = slice.mode(sums, from: centres.last ?? center, tolerance: 1e-2)
      centres.append(own.m)
      scales.append(1 / own.curvature.squareRoot())
      let cell = Portable.log(scales[j] * step * spacing)
      for i in 0..<Self.inner { logs.append(slice.logPosterior(own.m + scales[j] * (reach + Double(i) * step), sums) + cell) }
    }
    logEvidence = LogSum.of(logs)
    for k in logs.indices { logs[k] -= logEvidence }
    (self.centres, self.scales, logMass) = (centres, scales, logs)
    spreadLogMass = spreads.indices.map { LogSum.of(logs[$0 * Self.inner..<($0 + 1) * Self.inner]) }
  }

  /// How many standard deviations away the log density has dropped by ten.
  private static func reach(_ drop: (Double) -> Double) -> Double {
    var z = 3.0
    while z < 25 && !(drop(z) >= 10) { z *= 1.25 }
    return z
  }

  /// The law at a node.
  func law(_ j: Int, _ i: Int) -> Law { law(logMean: centres[j] + scales[j] * (reach + Double(i) * step), spread: spread(j)) }

  func spread(_ j: Int) -> Double { firstSpread + Double(j) * spreadStep }

  func law(logMean m: Double, spread: Double) -> Law { family.law(logMean: logReference + m, spread: spread) }
}
