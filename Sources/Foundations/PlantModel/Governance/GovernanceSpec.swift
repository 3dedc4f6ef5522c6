public import Quantities

/// `governance.yaml`: who decides, by what rules, and how far loops may be trusted. Owned by the safety role, as the envelope is.
///
/// The file may be left out; then the defaults here hold.
public struct GovernanceSpec: Sendable, Hashable, Codable {
  /// People whose signature counts. Sorted by name.
  public var people: [Signatory]
  public var approvals: ApprovalSpec
  public var promotion: PromotionSpec
  public var proof: ProofSpec
  /// Alarms an hour that the operator may get from Takt; what is above goes to the journal (ISA-18.2: about six an hour from everything).
  public var alarmsPerHour: Int
  /// Absent: people are not tested for approving without looking.
  public var decoys: DecoySpec?
  /// Sorted by name.
  public var plans: [ChangePlanSpec]

  public init(
    people: [Signatory] = [], approvals: ApprovalSpec = ApprovalSpec(), promotion: PromotionSpec = PromotionSpec(), proof: ProofSpec = ProofSpec(),
    alarmsPerHour: Int = 1, decoys: DecoySpec? = nil, plans: [ChangePlanSpec] = []
  ) {
    self.people = people.sorted { $0.name < $1.name }
    (self.approvals, self.promotion, self.proof) = (approvals, promotion, proof)
    (self.alarmsPerHour, self.decoys) = (alarmsPerHour, decoys)
    self.plans = plans.sorted { $0.name < $1.name }
  }

  public func person(_ name: String) -> Signatory? { people.first { $0.name == name } }
}

/// A person who may sign, and the key by which the signature is known.
public struct Signatory: Sendable, Hashable, Codable {
  public var name: String
  public var roles: [Role]
  /// Ed25519 public key (RFC 8032), 32 bytes as lower-case hex.
  public var key: String
  public init(name: String, roles: [Role], key: String) { (self.name, self.roles, self.key) = (name, roles, key) }
}

/// How many people a change needs, and whether they must sign.
public struct ApprovalSpec: Sendable, Hashable, Codable {
  /// Only approvals with a valid signature of a person in `people` count.
  public var signed: Bool
  /// Different people that an ordinary change needs.
  public var ordinary: Int
  /// Different people that a wide change needs: one that moves a tag by more than `wideShare` of its range.
  public var wide: Int
  /// Share of a tag's range above which a move is wide.
  public var wideShare: Double
  /// Different people of the safety role that a wider envelope needs.
  public var envelope: Int
  public init(signed: Bool = false, ordinary: Int = 1, wide: Int = 2, wideShare: Double = 0.3, envelope: Int = 2) {
    (self.signed, self.ordinary, self.wide, self.wideShare, self.envelope) = (signed, ordinary, wide, wideShare, envelope)
  }
}

/// What a level of authority costs.
public struct PromotionSpec: Sendable, Hashable, Codable {
  public struct Step: Sendable, Hashable, Codable {
    /// What clean scored decisions in a row since the last change of level must show: that failure is rarer than this, with 95 % confidence.
    /// Above 0 and below 1; nil: none is asked for. `cleanDecisions` (Governance) says how many that takes.
    public var failureProbability: Double?
    /// How long the loop has stood at its level.
    public var dwell: Duration
    /// Different people who must say so.
    public var quorum: Int
    public init(failureProbability: Double? = nil, dwell: Duration, quorum: Int) {
      (self.failureProbability, self.dwell, self.quorum) = (failureProbability, dwell, quorum)
    }
  }

  public var advisory: Step
  public var supervised: Step
  public var closedLoop: Step

  /// By default supervised takes that fewer than 1 in 10 fail (29 clean decisions), closed loop fewer than 1 in 100 (299).
  public init(
    advisory: Step = Step(dwell: .zero, quorum: 1), supervised: Step = Step(failureProbability: 0.1, dwell: .hours(24), quorum: 1),
    closedLoop: Step = Step(failureProbability: 0.01, dwell: .hours(168), quorum: 2)
  ) {
    (self.advisory, self.supervised, self.closedLoop) = (advisory, supervised, closedLoop)
  }

  /// What reaching a level costs; nothing for shadow.
  public func step(to authority: Authority) -> Step {
    switch authority {
    case .shadow: Step(dwell: .zero, quorum: 1)
    case .advisory: advisory
    case .supervised: supervised
    case .closedLoop: closedLoop
    }
  }
}

/// What a proof on the twin must show: that a bad outcome is rarer than `risk`, with `confidence`.
public struct ProofSpec: Sendable, Hashable, Codable {
  /// A replication is bad if the change loses more than this share of today's rate in it.
  public var toleratedLoss: Double
  /// Largest probability of a bad replication.
  public var risk: Double
  public var confidence: Double
  /// Bad replications that may occur: more of them take more replications to show the same risk.
  public var failuresAllowed: Int
  public init(toleratedLoss: Double = 0.1, risk: Double = 0.05, confidence: Double = 0.95, failuresAllowed: Int = 2) {
    (self.toleratedLoss, self.risk, self.confidence, self.failuresAllowed) = (toleratedLoss, risk, confidence, failuresAllowed)
  }
}

/// The rubber-stamp test: now and then a bad proposal, which can never be carried out, is put before the people who approve.
public struct DecoySpec: Sendable, Hashable, Codable {
  /// Share of what waits for approval that is a decoy, 0…0.5.
  public var share: Double
  /// Share of decoys that must be rejected; below it the loops lose a level.
  public var catchRate: Double
  /// Decoys after which the rate is looked at.
  public var least: Int
  public init(share: Double = 0.1, catchRate: Double = 0.9, least: Int = 5) { (self.share, self.catchRate, self.least) = (share, catchRate, least) }
}
