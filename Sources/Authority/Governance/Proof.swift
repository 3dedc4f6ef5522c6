public import Quantities
internal import SequentialTesting

/// What the twin found when it ran a proposal beforehand: replications of both alternatives on common random numbers.
public struct Proof: Hashable, Sendable, Codable {
  public var change: ChangeID
  public var revision: String
  public var calibration: String
  public var replications: Int
  /// Share of posterior draws in which the change gains, 0…1.
  public var probabilityOfGain: Double
  /// Gain per hour in the claim's objective.
  public var predicted: ClaimInterval
  /// No replication left the envelope's process limits.
  public var envelopeClean: Bool
  public var twinValid: Bool
  /// The last known good set-points were shown reachable and admissible from the proposed ones.
  public var rollbackAdmissible: Bool
  /// Replications in which the change lost more than is tolerated (`ProofSpec.toleratedLoss`); nil in proofs of earlier versions.
  public var losses: Int?
  /// What the proof rests on, so that it can be run again: the seed, the newest telemetry that the calibration has seen, and the SHA-256 of
  /// everything that went in.
  public var seed: UInt64?
  public var dataUntil: Instant?
  public var inputs: String?
  public init(
    change: ChangeID, revision: String, calibration: String, replications: Int, probabilityOfGain: Double, predicted: ClaimInterval,
    envelopeClean: Bool, twinValid: Bool, rollbackAdmissible: Bool, losses: Int? = nil, seed: UInt64? = nil, dataUntil: Instant? = nil,
    inputs: String? = nil
  ) {
    (self.change, self.revision, self.calibration, self.replications) = (change, revision, calibration, replications)
    (self.probabilityOfGain, self.predicted, self.envelopeClean) = (probabilityOfGain, predicted, envelopeClean)
    (self.twinValid, self.rollbackAdmissible) = (twinValid, rollbackAdmissible)
    (self.losses, self.seed, self.dataUntil, self.inputs) = (losses, seed, dataUntil, inputs)
  }

  /// Every number finite and in its range.
  public var isSound: Bool {
    predicted.isSound && (0...1).contains(probabilityOfGain) && replications > 0 && (losses.map { (0...replications).contains($0) } ?? true)
  }

  /// The largest probability of a loss beyond what is tolerated that the counts leave open, with this confidence: the Clopper-Pearson bound p
  /// with P(X ≤ losses | replications, p) = 1 − confidence (with no loss about 3/n at 95 %, the rule of three). Nil where losses were not counted.
  ///
  /// It bounds the risk on the twin, and the plant's only as far as the twin is valid.
  public func riskBound(confidence: Double) -> Double? {
    guard let losses else { return nil }
    return FailureCount(failures: losses, trials: replications).upperBound(confidence: confidence)
  }
}
