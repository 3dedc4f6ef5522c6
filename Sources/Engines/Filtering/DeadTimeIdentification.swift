import Determinism
import LinearAlgebra
import Probability

/// Learns gain, time constant and dead time from a record, in open or in closed loop.
///
/// **Direct** prediction-error method: the exact Gaussian likelihood of the outputs, given the inputs as they were, with a model of the noise
/// that is learned along. In closed loop it is consistent and attains the Cramér–Rao bound when that noise model can describe the
/// noise; no knowledge of the controller is needed. Where the noise is of another colour it is biased by feedback, and
/// `closedLoopSafe` is not.
///
/// The estimate is the mean of the posterior over dead time, with a flat prior, and not the likelihood's peak: between two samples the
/// likelihood is smooth, at each multiple of the sample it has a kink, and where the kinks are near beside the error a peak is a poor summary.
/// The likelihood is the restricted one, which does not take noise for smaller than it is.
///
/// Intervals are profile likelihoods, not curvatures: they stay right where the likelihood has kinks (dead time at a multiple of the sample) or is
/// flat. A parameter whose interval has no end within the search is not identifiable. Neither is anything when the record shows no response at all:
/// a fit without gain must be refuted at one in a thousand, with three degrees of freedom, since lag and dead time were free to look for
/// the noise that looks most like one.
///
/// - Source: L. Ljung 1999, System Identification, chapters 7 and 13; U. Forssell, L. Ljung 1999, doi:10.1016/S0005-1098(99)00022-9;
///   A. Raue et al. 2009, doi:10.1093/bioinformatics/btp358, for identifiability by profiles.
public enum DeadTimeIdentification {
  typealias Place = DeadTimePredictor.Place

  /// The direct prediction-error estimate.
  ///
  /// - Throws: `invalid` for a search that does not fit the record.
  public static func direct(_ record: LoopRecord, _ search: DeadTimeSearch) throws(FilteringError) -> DeadTimeEstimate {
    let faults = search.faults(record)
    if !faults.isEmpty { throw .invalid(faults) }
    var predictor = DeadTimePredictor(record, longestDeadTime: search.deadTimes.upperBound)
    guard var fit = try bestFit(predictor, search) else { return unknown(search) }
    predictor.restriction = restriction(predictor, fit.parameters)
    fit = try problem(predictor, search).minimise(from: fit.parameters)
    var profile = ProfileLikelihood(problem(predictor, search), fit, freedom: predictor.freedom, confidence: search.confidence)
    let law = try DeadTimeLaw(profile, within: search.deadTimes)
    if law.best.sumOfSquares < fit.sumOfSquares {
      // A valley on the other side of a kink.
      fit = try problem(predictor, search).minimise(from: law.best.parameters)
      profile = ProfileLikelihood(problem(predictor, search), fit, freedom: predictor.freedom, confidence: search.confidence)
    }
    let response = try profile.drop(Place.gain, at: 0)
    if Special.gammaQ(1.5, response / 2) > 0.001 { return try noResponse(predictor, fit, search, &profile) }
    let marginal = try estimate(predictor, search, law, profile)
    if marginal.isIdentified { return marginal }
    // Where one parameter is not settled the others lean on it: all three intervals then hold together, not one by one.
    profile.limit = (2 * Special.inverseGammaP(1.5, search.confidence)).squareRoot()
    return try estimate(predictor, search, law, profile)
  }

  /// The estimate with the intervals of a profile.
  private static func estimate(
    _ predictor: DeadTimePredictor, _ search: DeadTimeSearch, _ law: DeadTimeLaw, _ profile: ProfileLikelihood
  ) throws(FilteringError) -> DeadTimeEstimate {
    let gain = try profile.interval(Place.gain, within: -Double.infinity...Double.infinity)
    let lag = try profile.interval(Place.logLag, within: logs(search.timeConstants))
    let deadTime = try profile.interval(Place.deadTime, within: search.deadTimes)
    return estimate(
      predictor, profile.fit, search, gain: (law.means[Place.gain], gain),
      timeConstant: (Portable.exp(law.means[Place.logLag]), lag.mapped(Portable.exp)), deadTime: (law.means[Place.deadTime], deadTime))
  }

  /// The sensitivities of the mean to gain, lag, dead time, offset and initial state about a fit.
  private static func restriction(_ predictor: DeadTimePredictor, _ p: [Double]) -> [[Double]] {
    [Place.gain, Place.logLag, Place.deadTime, Place.offset, Place.x].map { j in
      var (low, high) = (p, p)
      let step = 1e-4 * (j == Place.deadTime ? predictor.interval : 1)
      high[j] += step
      low[j] -= step
      return zip(predictor.means(high), predictor.means(low)).map { ($0 - $1) / (2 * step) }
    }
  }

  /// The least-squares problem of a predictor within a search.
  static func problem(_ predictor: DeadTimePredictor, _ search: DeadTimeSearch) -> LeastSquares {
    let h = predictor.interval
    let infinite = -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude
    var steps = [Double](repeating: 1e-4, count: Place.count)
    steps[Place.deadTime] = 1e-4 * h
    // Differences move the noise's parameters in four of fifteen evaluations: its scale is kept in between.
    var known: (colour: Double, ratio: Double, scale: Double)?
    return LeastSquares(
      steps: steps,
      bounds: [infinite, logs(search.timeConstants), search.deadTimes, infinite, infinite, -6...9, -9...9],
      residuals: { (p) throws(FilteringError) in
        // Differences may reach a hair below a dead time of 0.
        var p = p
        p[Place.deadTime] = max(0, p[Place.deadTime])
        if known?.colour != p[Place.colour] || known?.ratio != p[Place.ratio] {
          known = (p[Place.colour], p[Place.ratio], predictor.scaleSquared(p))
        }
        return predictor.errors(p, scaleSquared: known?.scale)
      })
  }

  /// The best of the local minima from several starts; nil when the input does not move.
  static func bestFit(_ predictor: DeadTimePredictor, _ search: DeadTimeSearch) throws(FilteringError) -> LeastSquares.Solution? {
    let problem = problem(predictor, search)
    var best: LeastSquares.Solution?
    for start in DeadTimeStart.starts(predictor, search) {
      let fit = try problem.minimise(from: start)
      if fit.sumOfSquares < best?.sumOfSquares ?? .infinity { best = fit }
    }
    return best
  }

  static func logs(_ range: ClosedRange<Double>) -> ClosedRange<Double> { Portable.log(range.lowerBound)...Portable.log(range.upperBound) }

  /// Puts an estimate together: a value where the interval ends on both sides and is narrow enough.
  static func estimate(
    _ predictor: DeadTimePredictor, _ fit: LeastSquares.Solution, _ search: DeadTimeSearch, gain: (Double, ProfileInterval),
    timeConstant: (Double, ProfileInterval), deadTime: (Double, ProfileInterval)
  ) -> DeadTimeEstimate {
    func judged(_ found: (Double, ProfileInterval), scale: Double) -> IdentifiedParameter {
      let (value, interval) = found
      let isNarrow = interval.high - interval.low <= search.widestInterval * scale.magnitude
      return interval.isClosed && isNarrow
        ? .value(min(max(value, interval.low), interval.high), interval: interval.low...interval.high)
        : .notIdentifiable(interval.low...interval.high)
    }
    let p = fit.parameters
    let variance = fit.sumOfSquares / predictor.freedom / predictor.scaleSquared(p)
    let phi = 1 / (1 + Portable.exp(-p[Place.colour]))
    let deviation = (fit.sumOfSquares / predictor.freedom).squareRoot()
    return DeadTimeEstimate(
      gain: judged(gain, scale: gain.0), timeConstant: judged(timeConstant, scale: timeConstant.0),
      deadTime: judged(deadTime, scale: deadTime.0 + timeConstant.0),
      noise: .init(
        deviation: variance.squareRoot(), correlationTime: -predictor.interval / Portable.log(phi),
        sensorDeviation: (variance * Portable.exp(p[Place.ratio])).squareRoot()),
      innovations: fit.residuals.map { $0 / deviation })
  }

  /// The input moved too little to be seen: of the gain an upper and a lower limit, simultaneous over lag and dead time, and 0 between them.
  private static func noResponse(
    _ predictor: DeadTimePredictor, _ fit: LeastSquares.Solution, _ search: DeadTimeSearch, _ profile: inout ProfileLikelihood
  ) throws(FilteringError) -> DeadTimeEstimate {
    profile.limit = (2 * Special.inverseGammaP(1.5, search.confidence)).squareRoot()
    var gain = try profile.interval(Place.gain, within: -Double.infinity...Double.infinity)
    gain = ProfileInterval(low: min(0, gain.low), high: max(0, gain.high), isClosed: false)
    let (lags, deadTimes) = (search.timeConstants, search.deadTimes)
    return estimate(
      predictor, fit, search, gain: (fit.parameters[Place.gain], gain),
      timeConstant: (lags.lowerBound, ProfileInterval(low: lags.lowerBound, high: lags.upperBound, isClosed: false)),
      deadTime: (deadTimes.lowerBound, ProfileInterval(low: deadTimes.lowerBound, high: deadTimes.upperBound, isClosed: false)))
  }

  /// Nothing is known: the input never moved.
  static func unknown(_ search: DeadTimeSearch) -> DeadTimeEstimate {
    DeadTimeEstimate(
      gain: .notIdentifiable(-Double.infinity...Double.infinity), timeConstant: .notIdentifiable(search.timeConstants),
      deadTime: .notIdentifiable(search.deadTimes), noise: .init(deviation: .nan, correlationTime: .nan, sensorDeviation: .nan), innovations: [])
  }
}
