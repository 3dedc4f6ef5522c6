public import LineModel
public import Optimization
public import PlantModel
public import Quantities

/// What Takt says to a loop: one JSON object a line on the loop's standard input, told apart by `type`.
///
/// The loop protocol, version 1, stands in `docs/loop-protocol.md`; a loop may be written in any language.
public enum MessageToLoop: Sendable {
  /// First line: who the loop is and what it may move.
  case hello(LoopHello)
  /// Asks for a proposal; answer with `proposal` or `stay` and the same `request` before the deadline.
  case observe(LoopObservation)
  /// Finish within two seconds.
  case stop
}

/// What a loop says to Takt: one JSON object a line on its standard output.
public enum MessageFromLoop: Sendable {
  /// First line: the loop speaks this version of the protocol.
  case ready(version: Int)
  /// At least every five seconds; a silent loop is restarted.
  case heartbeat
  case proposal(LoopProposal)
  /// No change now, and why.
  case stay(request: Int, reason: String)
  /// A line for `takt logs`.
  case log(String)
}

public struct LoopHello: Sendable, Codable {
  public var version: Int
  public var loop: String
  public var plant: Plant
  /// Limits of the tags that this loop may move.
  public var limits: [TagLimit]
  public var objective: Objective
  /// What the twin's proof of a proposal must show; absent from an older Takt.
  public var proof: ProofSpec?
  public init(version: Int, loop: String, plant: Plant, limits: [TagLimit], objective: Objective, proof: ProofSpec? = nil) {
    (self.version, self.loop, self.plant, self.limits, self.objective, self.proof) = (version, loop, plant, limits, objective, proof)
  }
}

/// The twin as a loop sees it at one instant.
public struct LoopObservation: Sendable, Codable {
  public var request: Int
  public var now: Instant
  public var setpoints: Setpoints
  public var calibration: String
  public var draws: [LineParameters]
  public var openShare: Double
  /// Changes by tag of proposals that were taken back within the last hours.
  public var takenBack: [Setpoints]
  /// For the loop's own randomness: the same observation gives the same answer.
  public var seed: UInt64
  /// What scrap responses whose form the plant refutes lack to first order; add it to the draws. Empty while every response may be right; absent in
  /// observations of an older Takt.
  public var modifiers: [ScrapModifier]?
  public init(
    request: Int, now: Instant, setpoints: Setpoints, calibration: String, draws: [LineParameters], openShare: Double,
    takenBack: [Setpoints], seed: UInt64, modifiers: [ScrapModifier] = []
  ) {
    self.modifiers = modifiers
    (self.request, self.now, self.setpoints, self.calibration) = (request, now, setpoints, calibration)
    (self.draws, self.openShare, self.takenBack, self.seed) = (draws, openShare, takenBack, seed)
  }
}

/// A loop's answer: where to move, and its claim.
public struct LoopProposal: Sendable, Codable {
  public var request: Int
  public var moves: Setpoints
  public var gain: PredictedGain
  /// Within which the claimed gain must show.
  public var horizon: Duration
  public var reason: String
  /// UCUM code of each move's value, by tag; a tag that is left out is in its own unit.
  public var units: [String: String]?
  public init(request: Int, moves: Setpoints, gain: PredictedGain, horizon: Duration, reason: String, units: [String: String]? = nil) {
    (self.request, self.moves, self.gain, self.horizon, self.reason) = (request, moves, gain, horizon, reason)
    self.units = units
  }
}
