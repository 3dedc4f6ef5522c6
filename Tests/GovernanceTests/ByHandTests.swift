import Crypto
import Foundation
import Governance
import PlantModel
import Quantities
import Testing

/// A person's change goes the way of a loop's.
@Suite struct ByHandTests {
  private static let eve = Person(name: "Eve", role: .engineer)
  private static let ann = Person(name: "Ann", role: .approver)
  private static let speed = Rig.tags[0]

  private static func asked(
    _ speed: Double = 65, unit: String? = nil, because: String = "the new valve", _ edit: (inout HandProposal) -> Void = { _ in }
  )
    -> HandProposal
  {
    var asked = HandProposal(targets: [.init(tag: Self.speed, value: speed, unit: unit)], because: because)
    edit(&asked)
    return asked
  }

  /// Why it was refused; nil where it was taken up.
  private func refusal(_ rig: Rig, _ asked: HandProposal, by person: Person = Self.eve, signature: Signature? = nil) -> String? {
    let before = rig.facts.count
    rig.feed(.command(.propose(asked, signature: signature), by: person))
    for fact in rig.facts.dropFirst(before) { if case .commandRefused(_, _, let reason) = fact.what { return reason } }
    return nil
  }

  private func approve(_ rig: Rig, by person: Person = Self.ann) throws {
    rig.run(.minutes(2))
    let change = try #require(rig.change)
    rig.feed(.command(.approve(change.id, binding: change.binding), by: person))
  }

  @Test func aChangeThatDoesNoHarmIsProvenApprovedByAnotherStagedAndKept() throws {
    let rig = Rig(authority: .closedLoop)
    rig.behaviour.gain = 0
    rig.behaviour.proofProbability = 0.5
    #expect(refusal(rig, Self.asked()) == nil)
    let change = try #require(rig.change)
    #expect(change.proposal.proposer == Self.eve && change.proposal.loop == "by hand" && change.proposal.rationale == "the new valve")
    #expect(change.proposal.claim.mayLose == HandProposal.standardMargin && change.proposal.moves.map(\.from) == [60])
    rig.run(.minutes(30))
    // However far the loops have come, a person's change waits for another person.
    #expect(rig.word == "awaiting approval")
    rig.feed(.command(.approve(change.id, binding: rig.change?.binding), by: Self.eve))
    rig.run(.minutes(10))
    #expect(rig.word == "awaiting approval" && rig.change?.approvals.isEmpty == true)
    try approve(rig)
    rig.run(.hours(14)) { $0.word == "settled" }
    #expect(rig.word == "settled" && rig.plant[Self.speed] == 65)
    #expect(rig.history(change.id).contains("canary 1") && rig.broken.isEmpty, "\(rig.history(change.id)) \(rig.broken)")
    let last = try #require(rig.change?.judgements.last?.judgement)
    #expect(last.reason.contains("no harm") && last.estimate.magnitude < 5)
    #expect(rig.change?.outcome?.score?.verdict == .keep)
    // No loop is credited with it, and the ledger leads to the same.
    #expect(rig.governor.state.loop("speed")?.scored.isEmpty == true)
    #expect(rig.replayed().hash == rig.governor.state.hash)
    // It is watched on: what turns out to do harm goes back.
    rig.behaviour.gain = -300
    rig.run(.hours(3)) { $0.word == "quarantined" }
    #expect(rig.word == "quarantined" && rig.plant[Self.speed] == 60)
  }

  @Test func aChangeThatCostsMoreThanItMayGoesBack() throws {
    let rig = Rig()
    // The move by 5 of 10 loses 8 % of 1,000; 5 % are let pass.
    rig.behaviour.gain = -160
    #expect(refusal(rig, Self.asked()) == nil)
    try approve(rig)
    rig.run(.hours(8)) { $0.word == "quarantined" }
    #expect(rig.word == "quarantined" && rig.plant[Self.speed] == 60 && rig.broken.isEmpty)
    let judgement = try #require(rig.change?.judgements.last?.judgement)
    #expect(judgement.verdict == .rollback && judgement.reason.contains("loses more than"))
    #expect(rig.governor.state.loop("speed")?.authority == .closedLoop, "the loop had no part in it")
  }

  @Test func hoursInWhichNothingWouldBeMadeProveNothing() {
    let share = 0.05
    func evidence(_ counterfactual: Double) -> Evidence {
      let start = Instant(seconds: 0)
      let windows = (0..<60).map { k -> EvidenceWindow in
        var luck = Dice(UInt64(k))
        let noise = counterfactual > 0 ? 4 * luck.normal() : 0
        return EvidenceWindow(
          start: start + .minutes(Double(10 * k)), end: start + .minutes(Double(10 * k + 10)), realised: counterfactual + noise,
          counterfactual: counterfactual, sd: 4)
      }
      return Evidence(change: ChangeID("x"), step: 1, since: start, windows: windows, missingShare: 0, complete: true)
    }
    var proposal = Proposal(
      id: ChangeID("x"), loop: GovernancePlan.byHand, created: Instant(seconds: 0), moves: [Move(tag: Self.speed, from: 60, to: 65)],
      claim: .noHarm(.goodPartsPerHour, mayLose: share, horizon: .hours(4)), rationale: "", revision: "r1", calibration: "c1",
      expires: .distantFuture,
      proposer: Self.eve)
    func verdict(_ counterfactual: Double) -> Verdict? {
      let facts: [Fact.What] = [
        .changeProposed(proposal: proposal), .changeArmed(change: proposal.id, lastKnownGood: [Self.speed: 60]),
        .stageStarted(change: proposal.id, step: 1, share: 1, full: true), .stageReached(change: proposal.id, step: 1),
      ]
      let state = GovernorState(folding: facts.map { Fact(at: Instant(seconds: 0), $0) })
      return Rig.plan(authority: .closedLoop, rollout: Rig.rollout).judgement(of: evidence(counterfactual), in: state)?.judgement.verdict
    }
    #expect(verdict(1000) == .keep)
    #expect(verdict(0) == .noEvidence)
    proposal.claim.mayLose = 1e-4
    #expect(verdict(1000) == .continue, "a tenth of a part an hour is not seen at a spread of 4")
  }

  @Test func aClaimedGainIsHeldAgainstTheChange() throws {
    let rig = Rig()
    rig.behaviour.gain = 0
    #expect(refusal(rig, Self.asked { $0.gain = 20 }) == nil)
    #expect(rig.change?.proposal.claim.mayLose == nil && rig.change?.proposal.claim.judged.expected == 20)
    try approve(rig)
    rig.run(.hours(14)) { $0.word == "quarantined" }
    #expect(rig.word == "quarantined")
    let weak = Rig()
    weak.behaviour.proofProbability = 0.4
    #expect(refusal(weak, Self.asked { $0.gain = 20 }) == nil)
    weak.run(.minutes(2))
    #expect(weak.word == "rejected", "the twin sees no gain")
  }

  @Test func everyRefusalSaysTheTagTheLimitAndWhatToDo() {
    let rig = Rig()
    func expect(_ asked: HandProposal, says words: [String], _ line: Int = #line) {
      let text = refusal(rig, asked) ?? "taken up"
      for word in words { #expect(text.contains(word), "line \(line): \(text)") }
    }
    expect(
      HandProposal(targets: [.init(tag: "Filler/MachSped", value: 65)], because: "x"),
      says: ["Filler/MachSped", "envelope.yaml", "did you mean Filler/MachSpeed?"])
    expect(HandProposal(targets: [.init(tag: "Robot/Grip", value: 65)], because: "x"), says: ["Robot/Grip", "Filler/MachSpeed, Filler/TempSet"])
    expect(Self.asked(85), says: ["85.0 is outside 40.0…80.0 1/min of Filler/MachSpeed", "envelope.yaml", "safety role"])
    expect(Self.asked(65, unit: "bar"), says: ["Filler/MachSpeed is in 1/min", "own unit"])
    expect(Self.asked(60), says: ["stands there already"])
    expect(Self.asked(because: " "), says: ["say why"])
    expect(HandProposal(targets: [], because: "x"), says: ["moves nothing"])
    expect(Self.asked { $0.gain = -1 }, says: ["leave it out"])
    expect(Self.asked { $0.mayLose = 0.5 }, says: ["0.1", "tolerated_loss in governance.yaml"])
    expect(Self.asked { $0.steps = [0.5, 0.2] }, says: ["rise"])
    expect(Self.asked { $0.steps = [0.9, 1] }, says: ["0.4"])
    expect(Self.asked(.nan), says: ["not a number"])
    expect(Self.asked { $0.gain = .infinity }, says: ["not a number"])
    #expect(rig.change == nil && rig.broken.isEmpty, "no change is named for a slip of the pen")
    rig.feed(.command(.takeOver, by: Self.ann))
    expect(Self.asked(), says: ["Ann has taken over", "takt rearm"])
    rig.feed(.command(.rearm, by: Self.eve))
    rig.setTwin(valid: false)
    expect(Self.asked(), says: ["residuals are out of bounds", "takt top"])
    rig.setTwin(valid: true)
    rig.feed(.proposed(rig.draft()))
    expect(Self.asked(), says: [rig.change?.id.name ?? "none", "one change at a time", "--wait"])
  }

  @Test func aUnitIsConvertedAndStepsAreTheProposersOwn() throws {
    let rig = Rig()
    #expect(refusal(rig, Self.asked(65.0 / 60, unit: "Hz") { $0.steps = [0.2, 0.6, 1] }) == nil)
    let proposal = try #require(rig.change?.proposal)
    #expect(abs(proposal.moves[0].to - 65) < 1e-9 && proposal.moves[0].unit == "1/min")
    #expect(rig.plan.loop(of: proposal)?.rollout.steps == [0.2, 0.6, 1])
    try approve(rig)
    rig.run(.hours(1)) { $0.word == "canary 1" }
    if case .canary(let stage)? = rig.change?.status { #expect(stage.share == 0.2) } else { Issue.record("\(rig.word)") }
  }

  @Test func whereNothingMayBeWrittenAPersonMayNotEither() {
    let rig = Rig(edit: { $0.envelope.authorityCeiling = .shadow })
    #expect(refusal(rig, Self.asked())?.contains("ceiling") == true)
    #expect(refusal(Rig(), Self.asked(), by: Person(name: "Vi", role: .viewer))?.contains("viewer") == true)
  }

  @Test func whereApprovalsAreSignedSoAreProposals() throws {
    let key = try Curve25519.Signing.PrivateKey(rawRepresentation: [UInt8](repeating: 7, count: 32))
    let rig = Rig(edit: {
      $0.governance.approvals = ApprovalSpec(signed: true, wideShare: 1)
      $0.governance.people = [Signatory(name: "Eve", roles: [.engineer], key: Hex.text(of: key.publicKey.rawRepresentation))]
    })
    #expect(refusal(rig, Self.asked())?.contains("signed") == true)
    let statement = SignedStatement(
      .proposeChange, of: "proposal", binding: try #require(Self.asked().contentHash), by: Self.eve, expires: rig.now + .hours(1))
    let signature = try statement.signed(with: key)
    #expect(refusal(rig, Self.asked(66), signature: signature) != nil, "another value was not signed for")
    #expect(refusal(rig, Self.asked(), signature: signature) == nil && rig.change?.proposal.proposer == Self.eve)
  }

  /// Whoever proposed it is known after a crash, and from the ledger's bytes.
  @Test func theProposerOutlivesAStart() throws {
    let rig = Rig()
    #expect(refusal(rig, Self.asked { $0.steps = [0.3, 1] }) == nil)
    rig.run(.minutes(1))
    rig.restart()
    rig.run(.minutes(1))
    let change = try #require(rig.change)
    #expect(change.proposal.proposer == Self.eve && change.proposal.steps == [0.3, 1])
    rig.feed(.command(.approve(change.id, binding: change.binding), by: Person(name: "Eve", role: .approver)))
    #expect(rig.change?.approvals.isEmpty == true, "in whatever role")
    let text = rig.ledger.map { String(decoding: $0, as: UTF8.self) }.first { $0.contains("\"kind\":\"changeProposed\"") }
    #expect(text?.contains(#""proposer":{"name":"Eve","role":"engineer"}"#) == true && text?.contains(#""mayLose":0.05"#) == true)
  }
}
