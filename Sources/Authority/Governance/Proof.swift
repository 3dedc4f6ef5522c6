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
  public init(
    change: ChangeID, revision: String, calibration: String, replications: Int, probabilityOfGain: Double, predicted: ClaimInterval,
    envelopeClean: Bool, twinValid: Bool, rollbackAdmissible: Bool
  ) {
    (self.change, self.revision, self.calibration, self.replications) = (change, revision, calibration, replications)
    (self.probabilityOfGain, self.predicted, self.envelopeClean) = (probabilityOfGain, predicted, envelopeClean)
    (self.twinValid, self.rollbackAdmissible) = (twinValid, rollbackAdmissible)
  }

  /// Every number finite and in its range.
  public var isSound: Bool { predicted.isSound && (0...1).contains(probabilityOfGain) && replications > 0 }
}
