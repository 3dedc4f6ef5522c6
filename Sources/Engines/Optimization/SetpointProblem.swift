public import LineModel
public import PlantModel

/// Everything that the set-point optimiser looks at: one moment of one line.
public struct SetpointProblem: Sendable {
  public var plant: Plant
  /// What the machines have now, read back.
  public var setpoints: Setpoints
  /// Posterior of the calibrated twin, corrected where a scrap response is wrong in its form. Not empty.
  public var draws: [LineParameters]
  /// The tags that may move, with the limits that the envelope sets them.
  public var limits: [TagLimit]
  public var objective: Objective
  /// Share of time in which the line is neither in a planned stop nor without supply, 0…1: scales rates of open time to rates of the clock.
  public var openShare: Double
  /// Moves that were taken back lately, as changes by tag: what resembles them is not proposed again.
  public var takenBack: [Setpoints]
  /// What a move may lose; nil for whatever the expectation pays for.
  public var tolerance: LossTolerance?
  public var seed: UInt64

  /// - Parameter modifiers: what scrap responses of wrong form lack to first order; added to every draw.
  public init(
    plant: Plant, setpoints: Setpoints, draws: [LineParameters], limits: [TagLimit], objective: Objective, openShare: Double,
    takenBack: [Setpoints], tolerance: LossTolerance? = nil, seed: UInt64, modifiers: [ScrapModifier] = []
  ) {
    precondition(!draws.isEmpty, "an optimiser needs at least one draw of the posterior")
    let names = plant.stations.map(\.name)
    (self.plant, self.setpoints, self.limits) = (plant, setpoints, limits)
    self.draws = modifiers.isEmpty ? draws : draws.map { $0.corrected(by: modifiers, stations: names) }
    (self.objective, self.openShare, self.takenBack, self.seed) = (objective, openShare, takenBack, seed)
  }
}

/// What a move is predicted to change, per hour of the clock, over the posterior.
public struct PredictedGain: Sendable, Hashable, Codable {
  /// Good parts per hour: expected, and the 90 % interval.
  public var good: GainInterval
  /// Money per hour at the plant's prices.
  public var value: GainInterval
  /// Share of the posterior in which the objective rises.
  public var probability: Double
  public init(good: GainInterval, value: GainInterval, probability: Double) {
    (self.good, self.value, self.probability) = (good, value, probability)
  }
}

/// A predicted gain with every replication that it rests on.
public struct ReplicatedGain: Sendable, Hashable {
  public var gain: PredictedGain
  /// The gain of each replication as a share of today's mean rate of the objective, in order.
  public var shares: [Double]
  public init(gain: PredictedGain, shares: [Double]) { (self.gain, self.shares) = (gain, shares) }
}

public struct GainInterval: Sendable, Hashable, Codable {
  public var lower: Double
  public var expected: Double
  public var upper: Double
  public init(lower: Double, expected: Double, upper: Double) { (self.lower, self.expected, self.upper) = (lower, expected, upper) }
}

/// What the optimiser says.
public enum SetpointAdvice: Sendable {
  /// Move these tags to these values; `reason` tells a person why.
  case move(to: Setpoints, gain: PredictedGain, reason: String)
  /// Stay; `reason` tells why.
  case stay(reason: String)
}
