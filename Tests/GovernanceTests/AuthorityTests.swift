import Governance
import PlantModel
import Quantities
import Testing

@Suite struct AuthorityTests {
  private static let ann = Person(name: "ann", role: .approver)
  private static let bob = Person(name: "bob", role: .engineer)
  private static let sam = Person(name: "sam", role: .safety)

  @Test func invariant17_promotionTakesARecordADwellAndAQuorumTogether() {
    let rig = Rig(authority: .supervised) {
      $0.governance.promotion.closedLoop = .init(failureProbability: 0.8, dwell: .hours(24), quorum: 2)  // Two clean ones: 0.2² < 5 %.
    }
    func settle(_ speed: Double, gain: Double) {
      rig.feed(.proposed(rig.draft(speed: speed, gain: gain)))
      rig.run(.minutes(5))
      if let id = rig.change?.id { rig.feed(.command(.approve(id, binding: nil), by: Self.ann)) }
      rig.run(.hours(14)) { $0.word == "settled" || $0.word == "quarantined" }
    }
    func tryBoth() {
      rig.feed(.command(.promote(loop: "speed"), by: Self.ann))
      rig.feed(.command(.promote(loop: "speed"), by: Self.bob))
    }
    rig.behaviour.sd = 1
    settle(64, gain: 4)
    tryBoth()
    #expect(rig.governor.state.loop("speed")?.authority == .supervised, "one clean claim of two")
    settle(68, gain: 8)
    let clean = rig.governor.state.loop("speed")?.cleanSinceDemotion ?? 0
    #expect(clean == 2)
    tryBoth()
    #expect(rig.governor.state.loop("speed")?.authority == .supervised, "too early")
    rig.run(.hours(24), step: .minutes(5))
    rig.feed(.command(.promote(loop: "speed"), by: Self.ann))
    rig.feed(.command(.promote(loop: "speed"), by: Self.ann))
    #expect(rig.governor.state.loop("speed")?.authority == .supervised, "one person of two")
    rig.feed(.command(.promote(loop: "speed"), by: Self.bob))
    let loop = rig.governor.state.loop("speed")
    #expect(loop?.authority == .closedLoop && loop?.cleanSinceDemotion == 0 && loop?.endorsedBy.isEmpty == true)
    #expect(rig.replayed().hash == rig.governor.state.hash)
  }

  @Test func theCleanDecisionsThatALevelCostsAreTheExactCounts() {
    func needed(_ probability: Double?) -> Int { PromotionSpec.Step(failureProbability: probability, dwell: .zero, quorum: 1).cleanDecisions }
    #expect(needed(0.01) == 299 && PromotionSpec().closedLoop.cleanDecisions == 299)
    #expect(needed(0.1) == 29 && PromotionSpec().supervised.cleanDecisions == 29)
    #expect(needed(0.001) == 2995 && needed(nil) == 0 && PromotionSpec().advisory.cleanDecisions == 0)
  }

  private static let changePlan = ChangePlanSpec(
    name: "speeds", loop: "speed", ranges: [PlanRange(tag: Rig.tags[0], low: 55, high: 72, maxMove: 10)], leastProbability: 0.8, changesPerDay: 2)

  @Test func insideASignedPlanALoopActsByItselfAndOutsideAPersonDecides() {
    let rig = Rig { $0.governance.plans = [Self.changePlan] }
    rig.feed(.proposed(rig.draft(speed: 68)))
    rig.run(.minutes(30))
    #expect(rig.word == "awaiting approval", "nobody has signed")
    rig.feed(.command(.reject(rig.change!.id), by: Self.bob))
    rig.feed(.command(.signPlan(name: "speeds", binding: "stale"), by: Self.sam))
    rig.feed(.command(.signPlan(name: "speeds", binding: nil), by: Self.bob))
    rig.feed(.command(.signPlan(name: "speeds", binding: nil), by: Self.ann))
    rig.feed(.proposed(rig.draft(speed: 68)))
    rig.run(.minutes(30))
    #expect(rig.word == "awaiting approval", "two have signed, neither for safety")
    rig.feed(.command(.reject(rig.change!.id), by: Self.bob))
    rig.feed(.command(.signPlan(name: "speeds", binding: Self.changePlan.contentHash), by: Self.sam))
    rig.feed(.proposed(rig.draft(speed: 68)))
    rig.run(.minutes(30))
    #expect(rig.word == "canary 1")
    rig.run(.hours(14)) { $0.word == "settled" || $0.word == "quarantined" }
    // Outside its range, by another tag, by too little certainty: a person decides.
    for (draft, probability) in [(rig.draft(speed: 74), 0.95), (rig.draft(speed: 70, temperature: 84), 0.95), (rig.draft(speed: 70), 0.7)] {
      rig.behaviour.proofProbability = probability
      rig.feed(.proposed(draft))
      rig.run(.minutes(30))
      #expect(rig.word == "awaiting approval")
      rig.feed(.command(.reject(rig.change!.id), by: Self.bob))
    }
    rig.behaviour.proofProbability = 0.95
    rig.feed(.command(.withdrawPlan(name: "speeds"), by: Person(name: "Olaf", role: .operator)))
    rig.feed(.proposed(rig.draft(speed: 70)))
    rig.run(.minutes(30))
    #expect(rig.word == "awaiting approval", "withdrawn")
  }

  @Test func anEditedPlanIsAnUnsignedOneAndAPlanExpires() {
    var edited = Self.changePlan
    let signers = [Self.sam, Self.bob]
    let record = PlanRecord(name: "speeds", plan: Self.changePlan.contentHash, signedBy: signers)
    let now = Instant(nanoseconds: 1_700_000_000_000_000_000)
    #expect(edited.isInForce(record, at: now) && !edited.isInForce(nil, at: now))
    edited.ranges[0].high = 73
    #expect(!edited.isInForce(record, at: now))
    var ending = Self.changePlan
    ending.expires = now
    let other = PlanRecord(name: "speeds", plan: ending.contentHash, signedBy: signers)
    #expect(ending.isInForce(other, at: now) && !ending.isInForce(other, at: now + .seconds(1)))
    // The same person twice is one person.
    let twice = PlanRecord(name: "speeds", plan: Self.changePlan.contentHash, signedBy: [Self.sam, Person(name: "sam", role: .engineer)])
    #expect(!Self.changePlan.isInForce(twice, at: now))
  }
}
