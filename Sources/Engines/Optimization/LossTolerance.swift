import LineModel
public import PlantModel

/// How much a move may lose, and in how much of the posterior: what keeps a loop from proposing what no proof will pass.
public struct LossTolerance: Sendable, Hashable {
  /// A draw is lost if the move loses more than this share of today's rate in it.
  public var loss: Double
  /// Largest share of draws that may be lost.
  public var share: Double

  public init(loss: Double, share: Double) { (self.loss, self.share) = (loss, share) }

  /// With room to what a proof must show: its replications have luck of their own, and its count must bound the risk, not meet it.
  public init(planningFor proof: ProofSpec) { self.init(loss: 0.8 * proof.toleratedLoss, share: proof.risk / 4) }

  /// Whether so many draws, each with the move's gain as a share of today's rate, are within it.
  func allows(_ gains: [Double]) -> Bool { Double(gains.count { $0 < -loss }) <= share * Double(gains.count) }
}

/// What moves of process variables gain by what they spoil, draw by draw and without simulation: worth a part from the shares that the stations
/// reject, Y·good − (1 − Y)·scrap with Y = Π(1 − qₛ), at unchanged speeds.
struct ScrapGains {
  private let problem: SetpointProblem
  private let today: [Double]

  init(_ problem: SetpointProblem) {
    self.problem = problem
    today = Self.worths(problem, at: problem.setpoints)
  }

  /// The gain of each draw as a share of today's worth; a total loss where today is worth nothing.
  func callAsFunction(of target: Setpoints) -> [Double] {
    zip(today, Self.worths(problem, at: problem.setpoints.merging(target) { $1 })).map { $0 > 0 ? ($1 - $0) / $0 : $1 < $0 ? -1 : 0 }
  }

  private static func worths(_ problem: SetpointProblem, at setpoints: Setpoints) -> [Double] {
    let values = problem.plant.processValues(at: setpoints)
    let scrapped = problem.objective == .valuePerHour ? problem.plant.prices.scrap : 0
    let good = problem.objective == .valuePerHour ? problem.plant.prices.good : 1
    return problem.draws.map { draw in
      let kept = zip(problem.plant.stations, draw.stations).reduce(1.0) { kept, pair in
        kept * (1 - pair.1.scrap.probability(at: values, speedRatio: pair.0.speedRatio(at: problem.setpoints)))
      }
      return kept * good - (1 - kept) * scrapped
    }
  }
}
