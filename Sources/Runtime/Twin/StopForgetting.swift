import Estimation
import PlantModel
import Probability
import Quantities

/// How fast a station's stops are forgotten: the half-lives that foretold them best.
struct StopForgetting: Sendable {
  var repairs: ForgettingLaw
  var shortStops: ForgettingLaw
  private var fed: Instant?

  /// Half-lives to choose from, beside never.
  static let halfLives: [Duration] = [.hours(8), .hours(24), .hours(72)]

  init(_ station: Station) {
    repairs = ForgettingLaw(prior: ActivityPrior(station.believedRepair), halfLives: Self.halfLives)
    shortStops = ForgettingLaw(prior: ActivityPrior(station.believedShortStop), halfLives: Self.halfLives)
  }

  /// Takes in the stops that have ended since it was last told.
  mutating func feed(_ stops: [Stop], at now: Instant) {
    for stop in stops {
      guard let end = stop.end, end <= now, fed.map({ end > $0 }) ?? true, stop.isSeenFromStart, stop.length(at: now) > 0 else { continue }
      switch stop.activity {
      case .failed: repairs.observe(.exact(stop.length(at: now)), at: end)
      case .microstopped: shortStops.observe(.exact(stop.length(at: now)), at: end)
      default: break
      }
    }
    fed = now
  }
}

extension Station {
  /// Seconds of a repair and of a short stop before any was seen: the design's, or five minutes and twenty seconds where it knows of none.
  var believedRepair: Law { failure?.repair ?? .lognormal(mean: 300, cv: 1) }
  var believedShortStop: Law { microstop?.length ?? .lognormal(mean: 20, cv: 1) }
}
