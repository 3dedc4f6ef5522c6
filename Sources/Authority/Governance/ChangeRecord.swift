public import PlantModel
public import Quantities

/// Everything that is known of one change.
public struct ChangeRecord: Hashable, Sendable, Codable {
  public var proposal: Proposal
  public var status: ChangeStatus
  public var proof: Proof?
  /// SHA-256 over proposal, proof, revision, envelope and the loop's program, lower-case hex: what an approval binds to. Taken once, when the
  /// change has passed the envelope.
  public var binding: String?
  /// Who has approved it, in order.
  public var approvals: [Person]
  /// When it first reached the plant.
  public var begun: Instant?
  /// How long the way back takes at most, as it was walked through before the first write.
  public var wayBack: Duration?
  /// The settled set-points that a rollback returns to, by tag; empty before the change is armed.
  public var lastKnownGood: [String: Double]
  /// What the judge said of each stage that was judged.
  public var judgements: [StageJudgement]
  public var holds: Int
  public var outcome: Outcome?
  /// A person has seen the notices about it.
  public var acknowledged: Bool
  /// Its going back has cost the loop a level.
  public var costAuthority: Bool
  /// What came of it, where a person proposed it; a loop's scores stand in its own record.
  public var score: ScoredClaim?

  public struct StageJudgement: Hashable, Sendable, Codable {
    public var step: Int
    public var at: Instant
    public var judgement: Judgement
    public init(step: Int, at: Instant, judgement: Judgement) { (self.step, self.at, self.judgement) = (step, at, judgement) }
  }

  public init(_ proposal: Proposal) {
    self.proposal = proposal
    status = .proposed
    approvals = []
    lastKnownGood = [:]
    judgements = []
    holds = 0
    acknowledged = false
    costAuthority = false
  }

  public var id: ChangeID { proposal.id }

  /// The set-points that the change wants in force now, by tag: its stage's share of the move.
  public var targets: [String: Double] {
    switch status {
    case .canary(let stage), .full(let stage): proposal.targets(share: stage.share, from: lastKnownGood)
    case .settled: proposal.targets(share: 1, from: lastKnownGood)
    default: lastKnownGood
    }
  }
}

/// A loop's authority and the record that it rests on.
public struct LoopRecord: Hashable, Sendable, Codable {
  public var name: String
  public var authority: Authority
  /// Every claim that was ever scored, oldest first.
  public var scored: [ScoredClaim]
  /// Clean scores in a row since the last demotion; what a promotion is paid with.
  public var cleanSinceDemotion: Int
  /// Undecided changes in a row.
  public var undecidedInARow: Int
  public var refusals: Int
  public var crashes: Int
  public var missedDeadlines: Int
  /// Crashes and missed deadlines since the last demotion.
  public var faultsSinceDemotion: Int
  /// Since when it has stood at its level.
  public var since: Instant?
  /// Who has spoken for the next level.
  public var endorsedBy: [Person]

  public init(name: String, authority: Authority) {
    (self.name, self.authority, scored, endorsedBy) = (name, authority, [], [])
    (cleanSinceDemotion, undecidedInARow, refusals, crashes, missedDeadlines, faultsSinceDemotion) = (0, 0, 0, 0, 0, 0)
  }

  /// Share of scored claims whose realised gain lay in the claimed interval; nil before the first.
  public var coverage: Double? {
    scored.isEmpty ? nil : Double(scored.count { $0.covered }) / Double(scored.count)
  }
}
