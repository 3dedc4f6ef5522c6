import Estimation
import PlantModel
import Probability

/// What is told of the activities of a station that tells no state.
extension Twin {
  func inferredReports(_ s: Int, _ inferred: InferredStation) -> [ActivityReport] {
    let station = plant.stations[s]
    func report(
      _ activity: ActivityReport.Activity, _ parameter: ParameterEstimate.Parameter, _ law: Law?, _ design: Double?
    ) -> ActivityReport? {
      guard let estimate = calibration.estimate(station.name, parameter), estimate.source == .inferred else { return nil }
      return ActivityReport(
        station: station.name, activity: activity,
        law: law.flatMap { law in LawFamily(of: law).map { .init(family: $0, mean: estimate.mean, cv: law.cv) } }, families: [], fit: nil,
        exactCount: estimate.count, censoredCount: 0, effectiveCount: nil, halfLife: nil, halfLifeProbability: nil, source: .inferred,
        changedAt: nil, mean: estimate.mean, low: estimate.low, high: estimate.high, design: design, picture: nil)
    }
    let draw = inferred.draws[0]
    return [
      report(.cycle, .cycle, nil, station.cycle.mean),
      report(.timeToFailure, .mtbf, draw.failure.map { Law.exponential(mean: $0.interval) }, station.failure?.timeToFailure.mean),
      report(.repair, .mttr, draw.failure?.length, station.failure?.repair.mean),
      report(.shortStop, .microstopLength, draw.shortStop?.length, station.microstop?.length.mean),
    ].compactMap { $0 }
  }
}

extension LawFamily {
  /// Nil for a law that no estimate has the family of.
  fileprivate init?(of law: Law) {
    switch law {
    case .constant: self = .constant
    case .exponential: self = .exponential
    case .gamma: self = .gamma
    case .lognormal: self = .lognormal
    case .weibull: self = .weibull
    case .empirical: self = .empirical
    case .uniform, .triangular: return nil
    }
  }
}
