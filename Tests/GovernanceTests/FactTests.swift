import Foundation
import Governance
import Learning
import PlantModel
import Quantities
import Testing

@Suite struct FactTests {
  private static let id = ChangeID("brisk-otter-17")
  private static let eve = Person(name: "Eve", role: .engineer)
  private static let token = WriteToken(epoch: 3, sequence: 7)
  private static let interval = ClaimInterval(lower: 1.5, expected: 10, upper: 18.25)
  private static let judgement = Judgement(
    verdict: .keep, reason: "the gain is shown", estimate: 9.5, lower: 2, upper: 1e300, gainLogE: 3.25, harmLogE: -4, shortfallLogE: -1,
    windows: 12, autocorrelation: 0.25)
  private static let proposal = Proposal(
    id: id, loop: "speed", created: Instant(nanoseconds: 1_700_000_000_000_000_000), moves: [Move(tag: "Filler/MachSpeed", from: 60, to: 66.1)],
    claim: Claim(objective: .goodPartsPerHour, goodPerHour: interval, valuePerHour: interval, confidence: 0.9, horizon: .hours(8)),
    rationale: "the filler is the bottleneck", revision: "r1", calibration: "c1", expires: Instant(nanoseconds: 1_700_000_600_000_000_000))

  private static let reference = PlantReference(
    interval: .hours(8),
    streams: [
      .init(station: "Filler", activity: .scrap, reference: FrozenReference(.count, laws: [[0.5]], spread: 1.25, since: Instant(nanoseconds: 5)))
    ])

  /// One fact of every kind.
  static let samples: [Fact.What] = [
    .gatewayOpened(epoch: 3),
    .revisionAdopted(revision: "r1", envelope: "abc", limits: nil),
    .twinStatusChanged(status: TwinStatus(revision: "r1", calibration: "c1", valid: true, score: 0.875, reason: "")),
    .takenOver(by: .localPanel),
    .rearmed(by: eve),
    .halted(by: eve),
    .resumed(by: eve),
    .commandRefused(by: eve, command: .approve(id, binding: "abc"), reason: "it has expired"),
    .loopRegistered(loop: "speed", authority: .supervised),
    .loopStarted(loop: "speed"),
    .loopCrashed(loop: "speed", reason: "signal 11"),
    .loopMissedDeadline(loop: "speed"),
    .loopPromoted(loop: "speed", to: .closedLoop, by: eve),
    .loopDemoted(loop: "speed", to: .advisory, reason: "harm", by: nil, change: nil),
    .claimScored(
      loop: "speed",
      score: ScoredClaim(change: id, at: Instant(nanoseconds: 5), claimed: interval, realised: interval, verdict: .inconclusive)),
    .proposalRefused(loop: "speed", refusal: Refusal(.anotherChangeOpen, "x")),
    .changeProposed(proposal: proposal),
    .changeProven(
      proof: Proof(
        change: id, revision: "r1", calibration: "c1", replications: 200, probabilityOfGain: 0.95, predicted: interval, envelopeClean: true,
        twinValid: true, rollbackAdmissible: true)),
    .envelopeChecked(change: id, binding: "abc"),
    .approvalAsked(change: id),
    .changeApproved(change: id, by: eve, binding: "abc", signature: nil),
    .changeArmed(change: id, lastKnownGood: ["Filler/TempSet": 80, "Filler/MachSpeed": 60]),
    .shadowStarted(change: id),
    .changeRejected(change: id, refusal: Refusal(.weakProof, "x")),
    .changeExpired(change: id),
    .changeRevoked(change: id, reason: .superseded),
    .changeAcknowledged(change: id, by: eve),
    .stageStarted(change: id, step: 0, share: 0.4, full: false),
    .stageReached(change: id, step: 0),
    .armReached(change: id, step: 0, period: 3, carrying: nil),
    .stageJudged(change: id, step: 0, judgement: judgement),
    .changeHeld(change: id, reason: .twinInvalid, detail: "x", until: .distantFuture),
    .changeReleased(change: id),
    .changeSettled(change: id, setpoints: ["Filler/MachSpeed": 66.1]),
    .probationEnded(change: id),
    .rollbackStarted(change: id, reason: .harm, detail: "x"),
    .changeRestored(change: id),
    .changeQuarantined(change: id, until: Instant(nanoseconds: 9)),
    .writeIntended(
      intent: WriteIntent(
        token: token, change: id, tag: "Filler/MachSpeed", from: 60, value: 65, purpose: .advance, expires: Instant(nanoseconds: 9))),
    .writeRefused(token: token, refusal: WriteRefusal(.interlock, "door open")),
    .writeConfirmed(token: token, readBack: 65),
    .writeFailed(token: token, failure: WriteFailure(.clamped, readBack: 62)),
    .foreignMovementSeen(change: id, tag: "Filler/MachSpeed", value: 0.1),
    .planSigned(name: "speeds", plan: "abc", by: eve, signature: Signature(expires: Instant(nanoseconds: 9), bytes: "00ff")),
    .planWithdrawn(name: "speeds", by: eve),
    .envelopeAccepted(envelope: "abc", by: Person(name: "Sam", role: .safety), signature: nil),
    .promotionEndorsed(loop: "speed", to: .closedLoop, by: eve),
    .rollbackProven(change: id, within: .minutes(7)),
    .decoyAnswered(change: id, caught: true, by: eve),
    .certificateIssued(
      certificate: LoopCertificate(
        loop: "speed", hash: "abc", subject: "calibrate, optimise, move", gain: 0.5...1.25, delay: 0...1, period: .minutes(35),
        issued: Instant(nanoseconds: 5), expires: Instant(nanoseconds: 9), worst: 0.25, bound: 1, revision: "r1", calibration: "c1")),
    .certificateRefused(loop: "speed", reason: "x"),
    .certificateVoided(loop: "speed", certificate: "abc", reason: "x", barredUntil: Instant(nanoseconds: 9)),
    .proposalProjected(change: id, moves: [FilteredMove(tag: "Filler/MachSpeed", asked: 90, given: 80, boundBy: ["high"])]),
    .referenceKept(reference: reference),
    .driftSettled(decision: .accepted, by: eve, because: "another resin"),
  ]

  private static func text(_ what: Fact.What) -> String {
    String(decoding: Fact(at: Instant(nanoseconds: 1_700_000_000_000_000_001), what).encoded(), as: UTF8.self)
  }

  @Test func everyKindIsWrittenAsVersionOneWroteItAndReadsBackEqual() throws {
    let written = Self.samples.map(Self.text)
    #expect(Set(Self.samples.map { Fact(at: .distantPast, $0).kind }).count == Self.samples.count)
    #expect(Self.golden.count == Self.samples.count)
    for (line, golden) in zip(written, Self.golden) { #expect(line == golden) }
    for (line, what) in zip(Self.golden, Self.samples) {
      #expect(try Fact(decoding: Array(line.utf8)) == Fact(at: Instant(nanoseconds: 1_700_000_000_000_000_001), what))
    }
    for what in Self.samples {
      let fact = Fact(at: .distantPast, what)
      #expect(Self.text(what).contains("\"kind\":\"\(fact.kind)\"") && Self.text(what).contains("\"\(fact.kind)\":{"))
    }
  }

  @Test(arguments: ["", "{}", "null", #"{"at":1,"kind":"moonLanded","moonLanded":{}}"#, #"{"at":1,"kind":"changeExpired"}"#])
  func bytesThatAreNoFactAreAnErrorNotATrap(text: String) {
    #expect(throws: GovernanceError.self) { try Fact(decoding: Array(text.utf8)) }
  }

  @Test func foldingTheSameFactsGivesTheSameHashAndAnyOtherFactAnother() {
    let facts = Self.samples.map { Fact(at: Instant(nanoseconds: 1_700_000_000_000_000_001), $0) }
    let state = GovernorState(folding: facts)
    #expect(state.hash == GovernorState(folding: facts).hash)
    #expect(state.hash.count == 64 && state.hash != GovernorState(folding: facts.dropLast()).hash)
    #expect(state.factCount == UInt64(facts.count))
  }

  @Test func changeNamesAreSayableAndNeverComeTwice() {
    var seen: Set<String> = []
    for number in UInt64(0)..<50_000 { seen.insert(ChangeID(number: number, seed: 7).name) }
    #expect(seen.count == 50_000)
    #expect(ChangeID(number: 3, seed: 7) == ChangeID(number: 3, seed: 7) && ChangeID(number: 3, seed: 7) != ChangeID(number: 3, seed: 8))
    for name in seen.sorted().prefix(100) { #expect(name.wholeMatch(of: /[a-z]+-[a-z]+-[1-9][0-9]/) != nil) }
    // After the last triple the rounds are counted, so no name ever returns.
    #expect(ChangeID(number: 368_640, seed: 7).name == ChangeID(number: 0, seed: 7).name + "-2")
  }
}
