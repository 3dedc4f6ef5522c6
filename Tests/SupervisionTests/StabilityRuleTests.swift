import Governance
import LoopStability
import PlantModel
import Quantities
import Supervision
import Testing

/// The kernel asks for certificates, hands them on, and watches the loop that has one.
@Suite struct StabilityRuleTests {
  private let start = Instant(seconds: 1_800_000_000)
  private static let tag = "A/MachSpeed"

  private func certificate(_ issued: Instant, revision: String = "r1") -> LoopCertificate {
    LoopCertificate(
      loop: "setpoints", hash: "h", subject: "test", gain: 0.5...1, delay: 0...0, period: .minutes(35), issued: issued,
      expires: issued + .hours(24), worst: 0.2, bound: 1, revision: revision, calibration: "c")
  }

  /// The facts of one change that moved the speed and was judged.
  private func story(_ number: UInt64, from: Double, to: Double, harmLogE: Double, settles: Bool) -> [Fact] {
    let id = ChangeID(number: number, seed: 0)
    let at = start + .hours(Double(number) + 1)
    let gain = ClaimInterval(lower: 1, expected: 2, upper: 3)
    let proposal = Proposal(
      id: id, loop: "setpoints", created: at, moves: [Move(tag: Self.tag, from: from, to: to)],
      claim: Claim(objective: .goodPartsPerHour, goodPerHour: gain, valuePerHour: gain, confidence: 0.9, horizon: .hours(1)), rationale: "",
      revision: "r1", calibration: "c", expires: at + .hours(1))
    let judgement = Judgement(
      verdict: settles ? .keep : .rollback, reason: "", estimate: 0, lower: -1, upper: 1, gainLogE: 0, harmLogE: harmLogE, shortfallLogE: 0,
      windows: 9,
      autocorrelation: 0)
    var what: [Fact.What] = [
      .changeProposed(proposal: proposal), .changeArmed(change: id, lastKnownGood: [Self.tag: from]),
      .stageStarted(change: id, step: 0, share: 1, full: true), .stageReached(change: id, step: 0),
      .stageJudged(change: id, step: 0, judgement: judgement),
      .claimScored(
        loop: "setpoints", score: ScoredClaim(change: id, at: at, claimed: gain, realised: gain, verdict: judgement.verdict)),
    ]
    if settles { what.append(.changeSettled(change: id, setpoints: [Self.tag: to])) }
    return what.map { Fact(at: at, $0) }
  }

  /// Whether the kernel voids the certificate once the last of these has been judged.
  private func voids(_ stories: [[Fact]], before: [Fact] = []) -> String? {
    let begin: [Fact] = [
      Fact(at: start, .revisionAdopted(revision: "r1", envelope: GovernancePlan(PlantRuntimeTests.folder).envelopeHash, limits: nil)),
      Fact(at: start, .loopRegistered(loop: "setpoints", authority: .closedLoop)),
      Fact(at: start, .certificateIssued(certificate: certificate(start))),
    ]
    let facts = begin + before + stories.flatMap { $0 }
    guard let last = facts.last else { return nil }
    var kernel = PlantKernel(folder: PlantRuntimeTests.folder, state: GovernorState(folding: facts), seed: 1)
    for effect in kernel.handle(.recorded(index: 0, last), at: last.at) {
      if case .record(_, let fact) = effect, case .certificateVoided(_, _, let reason, _) = fact.what { return reason }
    }
    return nil
  }

  @Test func aLoopThatHuntsOrDoesHarmAgainAndAgainLosesItsCertificate() {
    func walk(_ targets: [Double], harm: Double, settles: Bool = true) -> [[Fact]] {
      zip([60] + targets, targets).enumerated().map { story(UInt64($0), from: $1.0, to: $1.1, harmLogE: harm, settles: settles) }
    }
    #expect(voids(walk([64, 60, 64, 60, 64, 60], harm: -2))?.contains("back and forth") == true)
    #expect(voids(walk([64, 62, 63, 62.5, 62.8, 62.6], harm: -2)) == nil, "moves that get smaller are no hunting")
    #expect(voids(walk([62, 64, 66, 68], harm: -2)) == nil)
    #expect(voids(walk([64, 64, 64, 64], harm: 2.4, settles: false))?.contains("wrong sign") == true)
    #expect(voids(walk([64, 64], harm: 2.4, settles: false)) == nil)
    // What was judged before an alarm is forgotten with it.
    let voided = Fact(
      at: start + .hours(50), .certificateVoided(loop: "setpoints", certificate: "h", reason: "x", barredUntil: start + .hours(53)))
    let anew = Fact(at: start + .hours(53), .certificateIssued(certificate: certificate(start + .hours(53))))
    let after = story(60, from: 60, to: 64, harmLogE: 2.4, settles: false)
    #expect(voids([[voided, anew], after], before: walk([64, 60, 64, 60, 64, 60], harm: -2).flatMap { $0 }) == nil)
  }

  @Test func theKernelHandsACertificateToTheGovernor() {
    var kernel = PlantKernel(folder: PlantRuntimeTests.folder, state: GovernorState(), seed: 1)
    #expect(kernel.governor.authority(of: "setpoints", at: start) == .shadow)
    let effects = kernel.handle(.certified(certificate(start)), at: start)
    #expect(effects.contains { if case .record(_, let fact) = $0 { fact.kind == "certificateIssued" } else { false } })
    let refused = kernel.handle(.certified(certificate(start, revision: "r0")), at: start)
    #expect(refused.isEmpty, "of another plant folder")
  }
}
