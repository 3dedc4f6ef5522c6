/// A change that a person proposes by hand: the body of `POST proposals`. The console knows no governance: its backend makes a `HandProposal` of it.
public struct ProposalBody: Sendable, Hashable, Codable {
  /// One set-point and where it should go.
  public struct Target: Sendable, Hashable, Codable {
    public var tag: String
    public var value: Double
    /// UCUM code of the value; nil: the tag's own unit.
    public var unit: String?
    public init(tag: String, value: Double, unit: String? = nil) { (self.tag, self.value, self.unit) = (tag, value, unit) }
  }
  public var targets: [Target]
  /// Why, for whoever approves it and for the ledger.
  public var because: String
  /// The gain that is claimed, per hour in the objective's unit; nil: none, and it has to show only that it does no harm.
  public var gain: Double?
  /// Without a claimed gain: the share of what the line would make that it may lose, 0…1.
  public var mayLose: Double?
  /// Shares of the move in which it goes out, rising to 1; nil: as the rollout says.
  public var steps: [Double]?
  /// Where governance.yaml asks for signatures.
  public var signature: SignedWord?
  public init(
    targets: [Target], because: String, gain: Double? = nil, mayLose: Double? = nil, steps: [Double]? = nil, signature: SignedWord? = nil
  ) {
    (self.targets, self.because, self.gain, self.mayLose) = (targets, because, gain, mayLose)
    (self.steps, self.signature) = (steps, signature)
  }
}
