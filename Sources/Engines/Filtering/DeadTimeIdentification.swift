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
    let predictor = DeadTimePredictor(record, longestDeadTime: search.deadTimes.upperBound)
    guard let fit = try bestFit(predictor, search) else { return unknown(search) }
    var profile = ProfileLikelihood(problem(predictor, search), fit, count: predictor.seen, confidence: search.confidence)
    let response = try profile.drop(Place.gain, at: 0)
    if Special.gammaQ(1.5, response / 2) > 0.001 { return try noResponse(predictor, fit, search, &profile) }
    let gain = try profile.interval(Place.gain, within: -Double.infinity...Double.infinity)
    let lag = try profile.interval(Place.logLag, within: logs(search.timeConstants))
    let deadTime = try profile.interval(Place.deadTime, within: search.deadTimes)
    let p = fit.parameters
    let tau = Portable.exp(p[Place.logLag])
    return estimate(
      predictor, fit, search, gain: (p[Place.gain], gain), timeConstant: (tau, lag.mapped(Portable.exp)), deadTime: (p[Place.deadTime], deadTime))
  }

  /// The least-squares problem of a predictor within a search.
  static func problem(_ predictor: DeadTimePredictor, _ search: DeadTimeSearch) -> LeastSquares {
    let h = predictor.interval
    let infinite = -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude
    var steps = [Double](repeating: 1e-4, count: Place.count)
    steps[Place.deadTime] = 1e-4 * h
    return LeastSquares(
      steps: steps,
      bounds: [infinite, logs(search.timeConstants), search.deadTimes, infinite, infinite, -6...9, -9...9],
      residuals: { (p) throws(FilteringError) in
        // Differences may reach a hair below a dead time of 0.
        var p = p
        p[Place.deadTime] = max(0, p[Place.deadTime])
        return predictor.errors(p)
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
      return interval.isClosed && isNarrow ? .value(value, interval: interval.low...interval.high) : .notIdentifiable(interval.low...interval.high)
    }
    let p = fit.parameters
    let variance = fit.sumOfSquares / Double(max(1, predictor.seen)) / predictor.scaleSquared(p)
    let phi = 1 / (1 + Portable.exp(-p[Place.colour]))
    let deviation = (fit.sumOfSquares / Double(max(1, predictor.seen))).squareRoot()
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
