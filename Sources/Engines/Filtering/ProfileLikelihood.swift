import Determinism
import LinearAlgebra
import Probability

/// An interval of a parameter. A side that is open met a limit of the search before the data spoke against it.
struct ProfileInterval {
  var low: Double
  var high: Double
  var isClosed: Bool

  /// The interval of an increasing function of the parameter.
  func mapped(_ f: (Double) -> Double) -> ProfileInterval { ProfileInterval(low: f(low), high: f(high), isClosed: isClosed) }
}

/// Intervals of a least-squares fit by profile likelihood: all values of a parameter at which the best sum of squares S over the others
/// satisfies f·(S/S_min − 1) ≤ t², with t Student's quantile of f degrees of freedom.
///
/// - Source: D. M. Bates, D. G. Watts 1988, Nonlinear Regression Analysis and Its Applications, section 6.1.2 (profile t).
struct ProfileLikelihood {
  let problem: LeastSquares
  let fit: LeastSquares.Solution
  /// t: how far the profile's signed root may go from 0.
  var limit: Double
  private let covariance: Matrix?

  init(_ problem: LeastSquares, _ fit: LeastSquares.Solution, freedom: Double, confidence: Double) {
    var problem = problem
    problem.roundLimit = 12
    (self.problem, self.fit) = (problem, fit)
    limit = StudentT.quantile(0.5 + confidence / 2, degreesOfFreedom: freedom)
    var information = LeastSquares.information(fit.sensitivities)
    for i in fit.parameters.indices { information[i, i] = information[i, i] * (1 + 1e-9) + 1e-12 * fit.sumOfSquares / freedom }
    let variance = fit.sumOfSquares / freedom
    covariance = information.lowerFactor().map { $0.inverseFromFactor() * variance }
    self.freedom = freedom
  }
  private let freedom: Double

  /// The standard deviation of parameter j by the curvature at the fit; 0 where there is none.
  func deviation(_ j: Int) -> Double { covariance.map { max(0, $0[j, j]).squareRoot() } ?? 0 }

  /// The best fit with parameter j held at a value, and the logarithm of the likelihood that this costs.
  func held(_ j: Int, at value: Double, from start: [Double]) throws(FilteringError) -> (fit: LeastSquares.Solution, logLikelihood: Double) {
    var start = start
    start[j] = value
    let solution = try problem.minimise(from: start, held: [j])
    return (solution, -0.5 * freedom * Portable.log(solution.sumOfSquares / fit.sumOfSquares))
  }

  /// How much worse the fit becomes when parameter j is held at a value: t², of about as many noise variances.
  func drop(_ j: Int, at value: Double) throws(FilteringError) -> Double {
    let (t, _) = try profile(j, at: value, from: fit.parameters)
    return t * t
  }

  /// The interval of parameter j, cut at the limits.
  func interval(_ j: Int, within limits: ClosedRange<Double>) throws(FilteringError) -> ProfileInterval {
    let centre = fit.parameters[j]
    let wald = covariance.map { max(0, $0[j, j]).squareRoot() } ?? 0
    let reach = wald > 0 && wald.isFinite ? wald * limit : 1e-3 * max(1, centre.magnitude)
    let low = try end(j, from: centre, reach: -reach, limit: limits.lowerBound)
    let high = try end(j, from: centre, reach: reach, limit: limits.upperBound)
    return ProfileInterval(low: low.0, high: high.0, isClosed: low.1 && high.1)
  }

  /// Goes outward until the profile's t passes the limit, then closes in on it by secants on t, which is nearly straight.
  private func end(_ j: Int, from centre: Double, reach: Double, limit end: Double) throws(FilteringError) -> (Double, Bool) {
    var start = fit.parameters
    var (inner, innerT) = (centre, 0.0)
    var (outer, outerT) = (centre, 0.0)
    var step = reach
    for round in 0..<14 {
      let next = reach > 0 ? min(centre + step, end) : max(centre + step, end)
      let (t, p) = try profile(j, at: next, from: start)
      (outer, outerT) = (next, t)
      if t >= limit { break }
      if next == end || round == 13 { return (round == 13 && !end.isFinite ? end : next, false) }
      (inner, innerT, start) = (next, t, p)
      step *= 2
    }
    for _ in 0..<12 {
      if (outer - inner).magnitude < 2e-3 * (inner - centre).magnitude { break }
      let share = (limit - innerT) / (outerT - innerT)
      let next = inner + (outer - inner) * min(0.98, max(0.02, share))
      let (t, p) = try profile(j, at: next, from: start)
      if (t - limit).magnitude < 2e-3 * limit { return (next, true) }
      if t < limit { (inner, innerT, start) = (next, t, p) } else { (outer, outerT) = (next, t) }
    }
    return (0.5 * (inner + outer), true)
  }

  /// The profile's t at a value of parameter j, and the best others.
  private func profile(_ j: Int, at value: Double, from start: [Double]) throws(FilteringError) -> (Double, [Double]) {
    var start = start
    // Along the line of the best others, to first order.
    if let covariance, covariance[j, j] > 0 {
      let shift = value - start[j]
      for i in start.indices where i != j { start[i] += shift * covariance[i, j] / covariance[j, j] }
    }
    start[j] = value
    let (solution, _) = try held(j, at: value, from: start)
    let excess = max(0, solution.sumOfSquares / fit.sumOfSquares - 1)
    return ((excess * freedom).squareRoot(), solution.parameters)
  }
}
