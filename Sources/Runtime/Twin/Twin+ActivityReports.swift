import Determinism
import Estimation
import PlantModel
import Probability
import Quantities

extension Twin {
  /// What the twin believes of each activity, station by station in the plant's order, as of the calibration in force.
  ///
  /// Computed when asked for: some milliseconds a station. Activities that the plant does not have, and of which none was seen, are left out.
  public var activityReports: [ActivityReport] {
    plant.stations.indices.flatMap { s in
      if let inferred = calibrator.inferred[s] { return inferredReports(s, inferred) }
      return [cycleReport(s), lifetimeReport(s), repairReport(s), shortStopReport(s)].compactMap { $0 } + plannedReports(s)
    }
  }

  /// The seed behind every draw of the calibration.
  public var drawSeed: UInt64 { seed }

  /// For each scored forecast, oldest first, at most a few dozen: the share of its trajectories that lay below what came. Uniform while the twin
  /// is right.
  public var forecastTransforms: [Double] { monitor.pits }

  private func cycleReport(_ s: Int) -> ActivityReport? {
    let posterior = calibrator.stations[s]
    guard posterior.parts > 0, let estimate = calibration.estimate(plant.stations[s].name, .cycle) else { return nil }
    return ActivityReport(
      station: estimate.station, activity: .cycle, law: nil, families: [], fit: nil, exactCount: posterior.parts, censoredCount: 0,
      effectiveCount: nil, halfLife: configuration.cycleHalfLife, halfLifeProbability: nil, changedAt: calibrator.changes[s].dates[.cycle],
      mean: estimate.mean, low: estimate.low, high: estimate.high, design: plant.stations[s].cycle.mean, picture: nil)
  }

  /// The mean is that of the rate of failures, whose shape alone the law of operating times tells; so the law is stretched to it.
  private func lifetimeReport(_ s: Int) -> ActivityReport? {
    let station = plant.stations[s]
    guard let law = calibrator.stations[s].lifetimes, let rate = calibrator.stations[s].failures,
      let estimate = calibration.estimate(station.name, .mtbf), law.exactCount + law.censoredCount > 0
    else { return nil }
    let changedAt = calibrator.changes[s].dates[.failures]
    let spans = record.stops[s].filter { $0.activity == .failed && $0.operated > 0 && $0.start <= calibration.at }
    let lengths = spans.map { stop in
      (seconds: stop.operated * Portable.pow(max(stop.ratio, 0.1), rate.exponent), isBefore: changedAt.map { stop.start < $0 } ?? false)
    }
    // Calibration holds to families with a formula here and makes no test; a person should see one.
    let test = GoodnessOfFit(law.family, lengths.map { .exact($0.seconds, weight: $0.isBefore ? 0.02 : 1) })
    return report(
      s, .timeToFailure, law, stretchedTo: estimate, test: test, lengths, halfLife: configuration.stopHalfLife, nil, changedAt,
      design: station.failure?.timeToFailure.mean)
  }

  private func repairReport(_ s: Int) -> ActivityReport? {
    let (station, law) = (plant.stations[s], calibrator.stations[s].repairs)
    guard calibrator.stations[s].failures != nil, law.exactCount + law.censoredCount > 0 else { return nil }
    return report(s, .repair, law, stops: .failed, calibrator.forgetting[s].repairs, .repairs, design: station.failure?.repair.mean)
  }

  private func shortStopReport(_ s: Int) -> ActivityReport? {
    let (station, law) = (plant.stations[s], calibrator.stations[s].lengths)
    guard calibrator.stations[s].microstops != nil, law.exactCount + law.censoredCount > 0 else { return nil }
    return report(s, .shortStop, law, stops: .microstopped, calibrator.forgetting[s].shortStops, .shortStops, design: station.microstop?.length.mean)
  }

  private func plannedReports(_ s: Int) -> [ActivityReport] {
    let (station, posterior) = (plant.stations[s], calibrator.stations[s])
    let planned: [(ActivityReport.Activity, ActivityPosterior?, ClosurePurpose, Double?)] = [
      (.setUp, posterior.setups, .changeover, station.changeover?.mean),
      (.replacement, posterior.replacements, .replacement, station.wear?.replacement.mean),
    ]
    return planned.compactMap { activity, law, purpose, design in
      guard let law, law.exactCount > 0 else { return nil }
      let lengths = record.closureLengths(s, purpose).map { (seconds: $0.length, isBefore: false) }
      return report(
        s, activity, law, stretchedTo: nil, test: law.goodnessOfFit, lengths, halfLife: configuration.stopHalfLife, nil, nil, design: design)
    }
  }

  private func report(
    _ s: Int, _ activity: ActivityReport.Activity, _ law: ActivityPosterior, stops kind: Activity, _ forgetting: ForgettingLaw,
    _ residuals: ResidualKind, design: Double?
  ) -> ActivityReport {
    let changedAt = calibrator.changes[s].dates[residuals]
    let lengths = record.stops[s].compactMap { stop -> (seconds: Double, isBefore: Bool)? in
      guard stop.activity == kind, let end = stop.end, end <= calibration.at else { return nil }
      return (stop.length(at: end), changedAt.map { end < $0 } ?? false)
    }
    let halfLife = forgetting.best
    let belief = zip(forgetting.halfLives, forgetting.probabilities).first { $0.0 == halfLife }?.1
    return report(s, activity, law, stretchedTo: nil, test: law.goodnessOfFit, lengths, halfLife: halfLife, belief, changedAt, design: design)
  }

  private func report(
    _ s: Int, _ activity: ActivityReport.Activity, _ law: ActivityPosterior, stretchedTo estimate: ParameterEstimate?, test: GoodnessOfFit?,
    _ lengths: [(seconds: Double, isBefore: Bool)], halfLife: Duration?, _ halfLifeProbability: Double?, _ changedAt: Instant?, design: Double?
  ) -> ActivityReport {
    let mean = estimate?.mean ?? law.mean
    let interval = estimate.map { $0.low...$0.high } ?? law.meanInterval()
    let stretch = mean / law.mean
    let (mode, predictive) = (law.mode, law.predictive)
    return ActivityReport(
      station: plant.stations[s].name, activity: activity, law: .init(family: law.family, mean: mode.mean * stretch, cv: mode.cv),
      families: law.probabilities.map { .init(family: $0.family, probability: $0.probability) },
      fit: test.map {
        .init(
          family: $0.family, andersonDarlingP: $0.andersonDarlingP, kolmogorovSmirnovP: $0.kolmogorovSmirnovP, censoredShare: $0.censoredShare)
      },
      exactCount: law.exactCount, censoredCount: law.censoredCount, effectiveCount: law.effectiveCount, halfLife: halfLife,
      halfLifeProbability: halfLifeProbability, changedAt: changedAt, mean: mean, low: interval.lowerBound, high: interval.upperBound, design: design,
      picture: LawPicture(cdf: { predictive.cdf($0 / stretch) }, middle: mean, lengths: lengths))
  }
}
