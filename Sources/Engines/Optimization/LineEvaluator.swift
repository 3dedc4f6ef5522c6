import LineModel
import PlantModel
import Simulation

/// Rates of a line at given set-points, over draws of the posterior, under common random numbers.
///
/// Draw k is always simulated with replication k of one seed, so that the difference between two set-points is not drowned in luck.
struct LineEvaluator {
  /// Per hour of open time.
  struct Rates {
    var good: Double
    var scrap: Double
    func worth(_ objective: Objective, _ prices: Prices) -> Double {
      switch objective {
      case .goodPartsPerHour: good
      case .valuePerHour: good * prices.good - scrap * prices.scrap
      }
    }
  }

  let plant: Plant
  let draws: [LineParameters]
  let seed: UInt64
  /// Simulated seconds that count, and those before them.
  let horizon: Double
  let warmUp: Double

  /// Rates for each draw, in order.
  func rates(at setpoints: Setpoints) -> [Rates] {
    draws.indices.map { rates(of: $0, at: setpoints) }
  }

  private func rates(of draw: Int, at setpoints: Setpoints) -> Rates {
    let line = draws[draw].spec(of: plant, at: setpoints)
    guard
      let result = try? simulate(
        line: line, state: .empty(line), seed: seed, replication: draw, horizon: horizon, warmUp: warmUp)
    else { return Rates(good: 0, scrap: 0) }  // a line that cannot run makes nothing
    let hours = horizon / 3600
    return Rates(good: Double(result.good) / hours, scrap: Double(result.scrapped) / hours)
  }
}
