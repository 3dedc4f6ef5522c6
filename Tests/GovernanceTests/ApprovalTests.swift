import Crypto
import Foundation
import Governance
import PlantModel
import Quantities
import Testing

@Suite struct ApprovalTests {
  private static let ann = Person(name: "ann", role: .approver)
  private static let bob = Person(name: "bob", role: .engineer)
  /// Fixed keys, so that a failure repeats.
  private static func key(_ seed: UInt8) -> Curve25519.Signing.PrivateKey {
    do { return try Curve25519.Signing.PrivateKey(rawRepresentation: [UInt8](repeating: seed, count: 32)) } catch { preconditionFailure("\(error)") }
  }
  private static func publicKey(_ seed: UInt8) -> String { Hex.text(of: key(seed).publicKey.rawRepresentation) }

  private func waiting(_ edit: (inout GovernancePlan) -> Void = { _ in }) throws -> (Rig, ChangeRecord) {
    let rig = Rig(authority: .supervised, edit: edit)
    rig.feed(.proposed(rig.draft()))
    rig.run(.minutes(5))
    return (rig, try #require(rig.change))
  }

  private static func signed(_ plan: inout GovernancePlan) {
    plan.governance.approvals = ApprovalSpec(signed: true, ordinary: 2, wide: 3, wideShare: 1)
    plan.governance.people = [
      Signatory(name: "ann", roles: [.approver], key: publicKey(1)), Signatory(name: "bob", roles: [.engineer], key: publicKey(2)),
      Signatory(name: "vi", roles: [.viewer], key: publicKey(3)),
    ]
  }

  /// Rehearsal, seeds 56 and 260: a plant clock that was set ahead stands still once it is put right, and so did the life of a proposal.
  @Test func invariant14_whatWaitsForApprovalAgesByAClockThatCannotBeSet() throws {
    let rig = Rig(authority: .supervised)
    rig.feed(.elapsed(.zero))
    rig.feed(.proposed(rig.draft()))
    rig.feed(.elapsed(.hours(4)))
    let change = try #require(rig.change)
    #expect(rig.word == "awaiting approval", "four hours are its life")
    rig.feed(.elapsed(.hours(4) + .seconds(1)))
    #expect(rig.word == "expired")
    rig.feed(.command(.approve(change.id, binding: change.binding), by: Self.ann))
    #expect(rig.count("changeApproved") == 0 && rig.count("commandRefused") == 1)
  }

  /// Rehearsal, seeds 2886 and 50938: the ledger refused rows while a person approved, and kept the approval after the proposal had expired.
  @Test func invariant14_anApprovalThatTheLedgerKeepsLateLetsNothingHappenAfterTheExpiry() throws {
    let (rig, change) = try waiting()
    rig.run(.hours(3.9))
    rig.ledgerRefuses = true
    rig.feed(.command(.approve(change.id, binding: change.binding), by: Self.ann))
    rig.run(.minutes(30))
    rig.ledgerRefuses = false
    rig.run(.hours(1))
    let approved = try #require(rig.facts.last { $0.kind == "changeApproved" })
    #expect(approved.at <= change.proposal.expires && rig.word == "expired" && rig.count("changeArmed") == 0)
  }

  /// Rehearsal, seeds 5400 and 63858: the clock stood still, or was put right while the power was off, Takt was started anew, and nobody knew for how
  /// long a proposal had waited.
  @Test func invariant14_whatWaitedOverAStartHasExpired() throws {
    let (rig, _) = try waiting()
    rig.run(.minutes(1))
    #expect(rig.word == "awaiting approval")
    rig.restart()
    rig.run(.minutes(1))
    #expect(rig.word == "expired")
  }

  /// Rehearsal, seeds 107808 and 109296: a clock that had been an hour ahead was put right, and a start made all that waited young again.
  @Test func invariant14_whatWaitsWhileTheClockIsSetBackHasExpired() throws {
    let (rig, _) = try waiting()
    rig.run(.minutes(1))
    #expect(rig.word == "awaiting approval")
    rig.feed(.timeStandsStill)
    #expect(rig.word == "expired")
  }

  @Test func invariant14_aProposalThatSeemsToComeFromTheFutureHasExpired() throws {
    let (rig, _) = try waiting()
    rig.now = rig.now - .hours(1)
    rig.restart()
    rig.run(.minutes(1))
    #expect(rig.word == "expired")
  }

  @Test func invariant11_aSignedQuorumOfDifferentPeopleArmsAChange() throws {
    let (rig, change) = try waiting(Self.signed)
    let binding = try #require(change.binding)
    func sign(_ person: Person, _ seed: UInt8) throws -> OperatorCommand {
      let statement = SignedStatement(.approveChange, of: change.id.name, binding: binding, by: person, expires: rig.now + .hours(1))
      return .approve(change.id, binding: binding, signature: try statement.signed(with: Self.key(seed)))
    }
    rig.feed(.command(try sign(Self.ann, 1), by: Self.ann))
    // The same person again, replayed or not, is one person.
    rig.feed(.command(try sign(Self.ann, 1), by: Self.ann))
    rig.run(.minutes(10))
    #expect(rig.word == "awaiting approval" && rig.change?.approvals.count == 1)
    rig.feed(.command(try sign(Self.bob, 2), by: Self.bob))
    rig.run(.minutes(30))
    #expect(rig.word == "canary 1" && rig.change?.approvals.map(\.name) == ["ann", "bob"])
  }

  @Test func invariant11_whatIsSignedForSomethingElseOrBySomebodyElseCountsForNothing() throws {
    let (rig, change) = try waiting(Self.signed)
    let binding = try #require(change.binding)
    let soon = rig.now + .hours(1)
    func statement(_ edit: (inout SignedStatement) -> Void = { _ in }) -> SignedStatement {
      var statement = SignedStatement(.approveChange, of: change.id.name, binding: binding, by: Self.ann, expires: soon)
      edit(&statement)
      return statement
    }
    let attempts: [(String, Signature?, Person)] = [
      ("unsigned", nil, Self.ann),
      ("another person's key", try statement().signed(with: Self.key(2)), Self.ann),
      ("a key that nobody knows", try statement { $0.person = "eve" }.signed(with: Self.key(9)), Person(name: "eve", role: .approver)),
      ("another change", try statement { $0.subject = "calm-heron-12" }.signed(with: Self.key(1)), Self.ann),
      ("another binding", try statement { $0.binding = "00" }.signed(with: Self.key(1)), Self.ann),
      ("another act", try statement { $0.act = .signPlan }.signed(with: Self.key(1)), Self.ann),
      ("a role that the person has not", try statement { $0.role = .engineer }.signed(with: Self.key(1)), Person(name: "ann", role: .engineer)),
      ("expired", try statement { $0.expires = rig.now - .seconds(1) }.signed(with: Self.key(1)), Self.ann),
      ("a later expiry than was signed", Signature(expires: soon + .hours(9), bytes: try statement().signed(with: Self.key(1)).bytes), Self.ann),
      ("no hex", Signature(expires: soon, bytes: "zz"), Self.ann), ("cut short", Signature(expires: soon, bytes: "00ff"), Self.ann),
    ]
    for (what, signature, person) in attempts {
      let before = rig.count("commandRefused")
      rig.feed(.command(.approve(change.id, binding: binding, signature: signature), by: person))
      #expect(rig.count("commandRefused") == before + 1 && rig.change?.approvals.isEmpty == true, "\(what)")
    }
    #expect(rig.writes.isEmpty)
  }

  @Test func invariant11_whoAnswersForTheLoopMayNotApproveNorPromoteIt() throws {
    let (rig, change) = try waiting { $0.loops[0].owner = "bob" }
    rig.feed(.command(.approve(change.id, binding: nil), by: Self.bob))
    rig.feed(.command(.promote(loop: "speed"), by: Self.bob))
    #expect(rig.change?.approvals.isEmpty == true && rig.count("commandRefused") == 2)
    rig.feed(.command(.approve(change.id, binding: nil), by: Self.ann))
    #expect(rig.change?.approvals.map(\.name) == ["ann"])
  }

  @Test func aWideChangeWaitsForMorePeopleEvenInClosedLoop() throws {
    let rig = Rig { $0.governance.approvals = ApprovalSpec(ordinary: 1, wide: 2, wideShare: 0.3) }
    rig.feed(.proposed(rig.draft(speed: 73)))  // 13 of a range of 40
    rig.run(.minutes(30))
    #expect(rig.word == "awaiting approval")
    let id = try #require(rig.change?.id)
    rig.feed(.command(.approve(id, binding: nil), by: Self.ann))
    rig.run(.minutes(30))
    #expect(rig.word == "awaiting approval")
    rig.feed(.command(.approve(id, binding: nil), by: Self.bob))
    rig.run(.minutes(30))
    #expect(rig.word == "canary 1")
  }

  @Test func hexIsReadStrictly() {
    #expect(Hex.bytes(of: "00ff1a") == [0, 255, 26] && Hex.text(of: [0, 255, 26]) == "00ff1a")
    for text in ["0", "0g", "FF", " 00", "0x00"] { #expect(Hex.bytes(of: text) == nil, "\(text)") }
  }
}
