import Governance
import PlantModel
import Quantities
import Testing

/// No loop closes without a certificate.
@Suite struct CertificateRuleTests {
  private static func rig(_ authority: Authority = .closedLoop) -> Rig { Rig(authority: authority, edit: { $0.asksForCertificates = true }) }

  private static func certificate(
    _ rig: Rig, life: Duration = .hours(24), revision: String = "r1", _ edit: (inout LoopCertificate) -> Void = { _ in }
  )
    -> LoopCertificate
  {
    var certificate = LoopCertificate(
      loop: "speed", hash: "h\(rig.now.nanoseconds)", subject: "test", gain: 0.6...1.2, delay: 0...0, period: .minutes(35), issued: rig.now,
      expires: rig.now + life, worst: 0.3, bound: 1, revision: revision, calibration: "c1")
    edit(&certificate)
    return certificate
  }

  private func authority(_ rig: Rig) -> Authority { rig.governor.authority(of: "speed", at: rig.now) }

  @Test func aLoopWithoutACertificateIsInShadowAndTheLedgerSaysWhy() throws {
    let rig = Self.rig()
    #expect(authority(rig) == .shadow && rig.governor.state.loop("speed")?.authority == .closedLoop)
    rig.feed(.uncertified(loop: "speed", reason: "the twin knows too little yet"))
    // Said once, not with every look.
    rig.feed(.uncertified(loop: "speed", reason: "the twin knows too little yet"))
    #expect(rig.count("certificateRefused") == 1)
    rig.feed(.proposed(rig.draft()))
    rig.run(.minutes(5))
    guard case .rejected(let refusal)? = rig.change?.status else { return #expect(Bool(false), "\(rig.word)") }
    #expect(refusal.reason == .uncertified && refusal.detail.contains("the twin knows too little yet"))
    #expect(rig.writes.isEmpty)
    // Certified it has the authority that it earned, and closes.
    rig.feed(.certified(Self.certificate(rig)))
    #expect(authority(rig) == .closedLoop)
    rig.feed(.proposed(rig.draft()))
    rig.run(.hours(12)) { $0.word == "settled" }
    #expect(rig.word == "settled" && rig.broken.isEmpty)
    #expect(rig.replayed().hash == rig.governor.state.hash)
  }

  @Test func whatNoCertificateIsCountsForNone() {
    let edits: [(String, (inout LoopCertificate) -> Void)] = [
      ("sign unknown", { $0.gainLow = -0.1 }), ("more than half of the bound", { $0.worst = 0.51 }), ("not a number", { $0.worst = .nan }),
      ("no bound", { $0.bound = .infinity }), ("ends before it begins", { $0.expires = $0.issued }), ("another revision", { $0.revision = "r0" }),
      ("another loop", { $0.loop = "level" }), ("not begun", { ($0.issued, $0.expires) = ($0.issued + .hours(1), $0.expires + .hours(1)) }),
    ]
    for (what, edit) in edits {
      let rig = Self.rig()
      rig.feed(.certified(Self.certificate(rig, edit)))
      #expect(authority(rig) == .shadow, "\(what)")
    }
  }

  @Test func itEndsByEitherClockAndARefusalEndsItAtOnce() {
    let rig = Self.rig()
    rig.feed(.elapsed(.zero))
    rig.feed(.certified(Self.certificate(rig, life: .hours(2))))
    rig.feed(.elapsed(.minutes(119)))
    #expect(authority(rig) == .closedLoop)
    // The plant's clock stands still; the other does not.
    rig.feed(.elapsed(.hours(2) + .seconds(1)))
    #expect(authority(rig) == .shadow && rig.count("certificateVoided") == 1)
    rig.now += .minutes(5)
    rig.feed(.certified(Self.certificate(rig, life: .hours(2))))
    #expect(authority(rig) == .closedLoop)
    rig.run(.hours(2))
    #expect(authority(rig) == .shadow && rig.count("certificateVoided") == 2)
    rig.feed(.certified(Self.certificate(rig)))
    rig.feed(.uncertified(loop: "speed", reason: "its feedback may run away"))
    #expect(authority(rig) == .shadow)
    rig.feed(.certified(Self.certificate(rig)))
    rig.restart()
    #expect(authority(rig) == .closedLoop)
    rig.feed(.awoke(clockIsBehind: true))
    #expect(authority(rig) == .shadow, "its age is not known")
  }

  @Test func aLiveOneIsRenewedAfterAQuarterOfItsLifeAndNotWithEveryCalibration() {
    let rig = Self.rig()
    for _ in 0..<40 {
      rig.feed(.certified(Self.certificate(rig, life: .hours(4))))
      rig.run(.minutes(6), step: .minutes(2))
      #expect(authority(rig) == .closedLoop)
    }
    #expect((4...5).contains(rig.count("certificateIssued")))
  }

  @Test func anAlarmTakesTheLoopToShadowAtOnceAndNoNewCertificateCountsForAWhile() throws {
    let rig = Self.rig(.supervised)
    rig.feed(.certified(Self.certificate(rig)))
    rig.feed(.proposed(rig.draft()))
    rig.run(.minutes(5))
    #expect(rig.word == "awaiting approval")
    rig.feed(.stabilityAlarm(loop: "speed", reason: "it moves back and forth"))
    #expect(authority(rig) == .shadow)
    rig.run(.minutes(1))
    guard case .rejected(let refusal)? = rig.change?.status else { return #expect(Bool(false), "\(rig.word)") }
    #expect(refusal.detail.contains("back and forth"))
    // The same alarm again says nothing new.
    rig.feed(.stabilityAlarm(loop: "speed", reason: "it moves back and forth"))
    #expect(rig.count("certificateVoided") == 1)
    rig.run(.hours(2))
    rig.feed(.certified(Self.certificate(rig)))
    rig.feed(.uncertified(loop: "speed", reason: "another"))
    #expect(authority(rig) == .shadow && rig.count("certificateIssued") == 1)
    rig.run(.hours(1.1))
    rig.feed(.certified(Self.certificate(rig)))
    #expect(authority(rig) == .supervised)
    #expect(rig.governor.state.certificate(of: "speed")?.barredUntil != nil, "what is watched begins after the alarm")
  }

  /// What is on the plant is one move, and the judge bounds it.
  @Test func aChangeOnThePlantGoesOnToItsVerdict() {
    let rig = Self.rig()
    rig.feed(.certified(Self.certificate(rig)))
    rig.feed(.proposed(rig.draft()))
    rig.run(.hours(2)) { $0.word == "canary 1" && $0.plant[Rig.tags[0]] == 64 }
    rig.feed(.uncertified(loop: "speed", reason: "x"))
    rig.run(.hours(14)) { $0.word == "settled" }
    #expect(rig.word == "settled" && rig.broken.isEmpty)
  }

  @Test func aPersonsChangeNeedsNoCertificateOfALoop() {
    let rig = Self.rig()
    rig.feed(.command(.propose(HandProposal(targets: [.init(tag: Rig.tags[0], value: 65)], because: "x")), by: Person(name: "Eve", role: .engineer)))
    rig.run(.minutes(5))
    #expect(rig.word == "awaiting approval")
  }
}
