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

  /// Rates of each replication, in order: one a draw, or as many as are asked for, going round the draws with new luck.
  func rates(at setpoints: Setpoints, replications: Int? = nil) -> [Rates] {
    (0..<(replications ?? draws.count)).map { rates(of: $0, at: setpoints) }
  }

  private func rates(of replication: Int, at setpoints: Setpoints) -> Rates {
    let line = draws[replication % draws.count].spec(of: plant, at: setpoints)
    guard
      let result = try? simulate(
        line: line, state: .empty(line), seed: seed, replication: replication, horizon: horizon, warmUp: warmUp)
    else { return Rates(good: 0, scrap: 0) }  // a line that cannot run makes nothing
    let hours = horizon / 3600
    return Rates(good: Double(result.good) / hours, scrap: Double(result.scrapped) / hours)
  }
}
