internal import Quantities

/// What a person asks for: set-points, and why. Where they stand now, by which revision and which calibration, the governor adds itself.
public struct HandProposal: Hashable, Sendable, Codable {
  /// One set-point and where it should go.
  public struct Target: Hashable, Sendable, Codable {
    /// As the plant folder names it.
    public var tag: String
    /// Where it should stand in the end, in `unit`.
    public var value: Double
    /// UCUM code of the value; nil: the tag's own unit.
    public var unit: String?
    public init(tag: String, value: Double, unit: String? = nil) { (self.tag, self.value, self.unit) = (tag, value, unit) }
  }
  /// Set-points that move together; none twice.
  public var targets: [Target]
  /// Why, in words for whoever approves it and for the ledger.
  public var because: String
  /// The gain that the person claims, per hour in the objective's unit; nil: none, and the change has to show only that it does no harm.
  public var gain: Double?
  /// Without a claimed gain: the share of what the line would make without the change that it may lose, 0…1; nil: `standardMargin`.
  public var mayLose: Double?
  /// Shares of the move in which it goes out, rising to 1; nil: as the rollout says.
  public var steps: [Double]?

  /// Takes everything as it is; what it makes no sense of the governor refuses, and says what to do about it.
  public init(targets: [Target], because: String, gain: Double? = nil, mayLose: Double? = nil, steps: [Double]? = nil) {
    (self.targets, self.because, self.gain, self.mayLose, self.steps) = (targets, because, gain, mayLose, steps)
  }

  /// What a change for which nothing is claimed may lose.
  public static let standardMargin = 0.05

  /// SHA-256 of the content, lower-case hex: what a signature binds to. Nil where a number is not finite.
  public var contentHash: String? { isFinite ? GovernorState.digest(of: self) : nil }

  var isFinite: Bool {
    targets.allSatisfy { $0.value.isFinite } && [gain, mayLose].allSatisfy { $0?.isFinite ?? true } && (steps ?? []).allSatisfy { $0.isFinite }
  }
}

extension OperatorCommand {
  /// The command as a ledger can hold it: without numbers that are none.
  var recordable: OperatorCommand {
    guard case .propose(let asked, let signature) = self, !asked.isFinite else { return self }
    return .propose(HandProposal(targets: [], because: asked.because), signature: signature)
  }
}
