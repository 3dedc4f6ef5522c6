import Determinism

/// The most probable log mean and spread of one family.
///
/// The spread is sought by Newton's method on the profile of the posterior, with numerical derivatives; at each spread the log mean has its
/// own concave problem.
struct FamilyMode: Sendable {
  var logMean: Double
  var spread: Double
  /// Curvature of the profile in the spread at the mode; of the log posterior in the log mean there.
  var spreadCurvature: Double
  var meanCurvature: Double
  /// log likelihood + log prior at the mode.
  var logPosterior: Double

  /// - Parameter tolerance: stop when a step is less than this many standard deviations.
  init(_ family: LawFamily, _ sums: ActivitySums, _ prior: ScaledPrior, tolerance: Double = 0.03) {
    let inner = min(1e-4, tolerance * tolerance)
    guard family != .exponential else {
      let slice = ShapeSlice(family, spread: 0, sums, logMean: prior.logMean, spread: prior.spread)
      let mode = slice.mode(sums, tolerance: inner)
      (logMean, spread, spreadCurvature, meanCurvature) = (mode.m, 0, 1, mode.curvature)
      logPosterior = slice.logPosterior(mode.m, sums)
      return
    }
    var guess: Double?
    func profile(_ s: Double) -> (value: Double, m: Double, curvature: Double) {
      let slice = ShapeSlice(family, spread: s, sums, logMean: prior.logMean, spread: prior.spread)
      let mode = slice.mode(sums, from: guess, tolerance: inner)
      return (slice.logPosterior(mode.m, sums), mode.m, mode.curvature)
    }
    let range = LawFamily.spreads
    var s = Self.start(family, sums, prior)
    var here = profile(s)
    var curvature = 1.0
    let h = 0.01
    for _ in 0..<40 {
      guess = here.m
      let (left, right) = (profile(s - h), profile(s + h))
      let slope = (right.value - left.value) / (2 * h)
      curvature = -(right.value - 2 * here.value + left.value) / (h * h)
      var step = curvature > 1e-3 ? slope / curvature : (slope > 0 ? 0.5 : -0.5)
      step = min(max(step, -0.7), 0.7)
      var next = min(max(s + step, range.lowerBound), range.upperBound)
      var there = profile(next)
      while there.value < here.value - 1e-9 && abs(next - s) > 1e-6 {
        next = (next + s) / 2
        there = profile(next)
      }
      let moved = next - s
      (s, here) = (next, there)
      if moved * moved * max(curvature, 1e-3) < tolerance * tolerance { break }
    }
    (logMean, spread, meanCurvature, logPosterior) = (here.m, s, here.curvature, here.value)
    spreadCurvature = max(curvature, 0.05)
  }

  /// The spread of the data where there are some, the prior's else.
  private static func start(_ family: LawFamily, _ sums: ActivitySums, _ prior: ScaledPrior) -> Double {
    let believed = prior.spread.sd < .infinity ? prior.spread.mean : 0
    guard sums.exactCount >= 3 else { return believed }
    let deviation = max(sums.logDeviation, 2e-4)
    let spread: Double
    switch family {
    case .weibull: spread = Portable.log(deviation * 0.7797)  // of log x: π/(√6·shape)
    case .lognormal: spread = 0.5 * Portable.log(max(Portable.expm1(min(deviation * deviation, 3)), 1e-12))
    default:
      // The spread of logarithms of a gamma quantity overstates cv where cv is large: half of cv² is log mean − mean log, nearly.
      let gap = max(Portable.log(sums.time / sums.weight) - sums.logAverage, 1e-9)
      let shape = (3 - gap + ((gap - 3) * (gap - 3) + 24 * gap).squareRoot()) / (12 * gap)
      spread = -0.5 * Portable.log(shape)
    }
    return min(max(spread, LawFamily.spreads.lowerBound), LawFamily.spreads.upperBound)
  }
}

/// A prior in the units and the spread of one family's likelihood.
struct ScaledPrior: Sendable {
  var logMean: GaussianPrior
  var spread: GaussianPrior

  init(_ prior: ActivityPrior, _ family: LawFamily, _ sums: ActivitySums) {
    logMean = GaussianPrior(mean: prior.logMean.mean - Portable.log(sums.reference), sd: prior.logMean.sd)
    let stretch = family.spread(logCV: 1)
    spread = GaussianPrior(mean: family.spread(logCV: prior.logCV.mean), sd: prior.logCV.sd * stretch)
  }
}
