public import Learning
public import Quantities

/// What reaches the governor.
public enum GovernorInput: Hashable, Sendable {
  /// The gateway has opened this epoch and stored it, and stands in this mode. First input after every start; nothing is decided before
  /// it, and intents of earlier epochs are reconciled after it, before anything else.
  case gatewayOpened(epoch: UInt64, mode: GatewayMode)
  /// The fact with this index is durable. The shell answers every `record` effect with it, in order.
  case recorded(index: UInt64, Fact)
  /// A loop hands in a proposal.
  case proposed(ProposalDraft)
  /// The twin answers `requestProof`.
  case proof(Proof)
  case twin(TwinStatus)
  /// The twin's reference has a new sample, or a new stream.
  case reference(PlantReference)
  /// A new reading of a set-point or interlock tag.
  case reading(tag: String, Reading)
  /// The twin answers `requestEvidence`.
  case evidence(Evidence)
  case command(OperatorCommand, by: Person)
  case gateway(GatewayReport)
  case loopStarted(String)
  case loopCrashed(String, reason: String)
  case loopMissedDeadline(String)
  /// The certifying side (the twin) shows that a loop's feedback shrinks errors.
  case certified(LoopCertificate)
  /// It cannot be shown now: nothing older holds either.
  case uncertified(loop: String, reason: String)
  /// The running loop has left the world that its certificate names.
  case stabilityAlarm(loop: String, reason: String)
  /// Time passes; send one at least every few seconds of wall time.
  case tick
  /// The same, with what a clock that cannot be set shows: since any fixed moment of this life, as a span of plant time. What waits ages by it
  /// too, so that a plant clock that was set back, or stands still after it was set ahead, lets nothing live longer.
  case elapsed(Duration)
  /// A new life begins: for how long nobody looked only a clock that can be set could tell, so what waited over the start has expired. Where that clock
  /// shows less than what is on record from an earlier life, certificates have run out as well.
  case awoke(clockIsBehind: Bool)
  /// The plant's clock was set back in this life: its time stands still until it has caught up with what was told before. What waits was proposed by a
  /// clock that was ahead; how long it may live nobody would know after a start, so it has expired.
  case timeStandsStill
}

/// What the shell must do, in order.
public enum GovernorEffect: Hashable, Sendable {
  /// Append to the ledger, flush, and answer with `recorded`.
  case record(index: UInt64, Fact)
  /// Run the proposal on the twin, and answer with `proof`.
  case requestProof(Proposal)
  /// Compare with the counterfactual, and answer with `evidence`.
  case requestEvidence(EvidenceRequest)
  /// Hand to the gateway: prepare, store the fence, send.
  case write(WriteIntent)
  case setGatewayMode(GatewayMode)
  case stopLoops
  case startLoops
  /// For people. One per change and cause.
  case notice(Notice)
}

/// Something that a person should know.
public struct Notice: Hashable, Sendable, Codable {
  public enum Severity: String, Hashable, Sendable, Codable { case journal, alarm }
  public var severity: Severity
  public var change: ChangeID?
  public var text: String
  /// It takes a person's hand now: never kept back by the alarm budget.
  public var isUrgent: Bool
  public init(_ severity: Severity, change: ChangeID?, _ text: String, isUrgent: Bool = false) {
    (self.severity, self.change, self.text, self.isUrgent) = (severity, change, text, isUrgent)
  }
}
