import Governance
import PlantModel
import Quantities
import Testing

@Suite struct WideningTests {
  private static let sam = Person(name: "sam", role: .safety)
  private static let kim = Person(name: "kim", role: .safety)

  /// A plant that has run under an envelope, started again on another one.
  private func restarted(_ rig: Rig, _ edit: (inout EnvelopeSpec) -> Void) -> Rig {
    rig.plan.revision = "r2"
    edit(&rig.plan.envelope)
    rig.restart()
    rig.twin.revision = "r2"
    rig.feed(.twin(rig.twin))
    rig.run(.minutes(1))
    return rig
  }

  private func draft(_ rig: Rig) -> ProposalDraft {
    var draft = rig.draft()
    draft.revision = "r2"
    return draft
  }

  @Test func invariant12_softwareMayTightenTheEnvelope() {
    let rig = Rig()
    rig.run(.minutes(1))
    let tight = restarted(rig) { $0.limits[0].high = 75 }
    #expect(tight.governor.state.revision == "r2")
    tight.feed(.proposed(draft(tight)))
    #expect(tight.word == "proposed" || tight.word == "shadow" || tight.change != nil)
  }

  @Test func invariant12_aWiderEnvelopeWaitsForTheSafetyRolesQuorum() throws {
    let rig = Rig()
    rig.run(.minutes(1))
    let wide = restarted(rig) { $0.limits[0].high = 85 }
    #expect(wide.governor.state.revision == "r1", "not adopted")
    wide.feed(.proposed(draft(wide)))
    #expect(wide.governor.state.changes.isEmpty && wide.count("proposalRefused") == 1)
    let hash = wide.plan.envelopeHash
    for person in [Person(name: "eve", role: .engineer), Person(name: "ann", role: .approver)] {
      wide.feed(.command(.acceptEnvelope(binding: hash), by: person))
    }
    wide.feed(.command(.acceptEnvelope(binding: "00"), by: Self.sam))
    #expect(wide.count("commandRefused") == 3)
    wide.feed(.command(.acceptEnvelope(binding: hash), by: Self.sam))
    wide.feed(.command(.acceptEnvelope(binding: hash), by: Self.sam))
    wide.run(.minutes(1))
    #expect(wide.governor.state.revision == "r1", "one person of two")
    wide.feed(.command(.acceptEnvelope(binding: hash), by: Self.kim))
    wide.run(.minutes(1))
    #expect(wide.governor.state.revision == "r2")
    wide.feed(.proposed(draft(wide)))
    #expect(wide.governor.state.changes.count == 1)
    #expect(wide.replayed().hash == wide.governor.state.hash)
  }

  @Test func invariant13_aChangeOnThePlantGoesBackWhenItsEnvelopeIsGone() {
    let rig = Rig()
    rig.feed(.proposed(rig.draft()))
    rig.run(.hours(3)) { $0.word == "canary 1" && $0.plant[Rig.tags[0]] != 60 }
    let again = restarted(rig) { $0.limits[0].high = 85 }
    again.run(.hours(4)) { $0.governor.state.openChange == nil }
    #expect(again.plant[Rig.tags[0]] == 60 && again.word == "quarantined" && again.broken.isEmpty, "\(again.word) \(again.broken)")
  }

  @Test func invariant18_driftBeyondWhatAPersonApprovedWaitsForAPerson() throws {
    let rig = Rig { $0.envelope.limits[0].maxDrift = 8 }
    rig.behaviour.sd = 1
    rig.feed(.proposed(rig.draft(speed: 66, gain: 6)))
    rig.run(.hours(14)) { $0.word == "settled" }
    #expect(rig.word == "settled" && rig.change?.approvals.isEmpty == true)
    // Six more would be twelve from where people left it.
    rig.feed(.proposed(rig.draft(speed: 72, gain: 12)))
    rig.run(.minutes(30))
    #expect(rig.word == "awaiting approval")
    let id = try #require(rig.change?.id)
    rig.feed(.command(.approve(id, binding: nil), by: Person(name: "ann", role: .approver)))
    rig.run(.hours(14)) { $0.word == "settled" }
    #expect(rig.word == "settled" && rig.governor.state.humanBaseline[Rig.tags[0]] == 72)
  }

  @Test func invariant18_atMostSoManyChangesReachThePlantInAnHour() {
    let rig = Rig(
      rollout: RolloutSpec(shadow: .zero, steps: [1], dwell: .minutes(1), timeout: .minutes(4), keepShare: 0.5, alphaGain: 0.1, alphaHarm: 0.2)
    ) {
      $0.envelope.maxChangesPerHour = 2
    }
    rig.behaviour.evidence = false
    for speed in [61.0, 62, 63, 64] {
      rig.feed(.proposed(rig.draft(speed: speed)))
      rig.run(.minutes(12)) { $0.governor.state.openChange == nil }
    }
    #expect(rig.governor.state.changes.count == 2 && rig.count("proposalRefused") == 2)
  }

  @Test func aProposalIsBroughtToTheNearestAdmissiblePointWhereTheLoopsFileAllowsIt() {
    let rig = Rig { $0.loops[0].projects = true }
    rig.run(.minutes(1))
    rig.feed(.proposed(rig.draft(speed: 95)))
    #expect(rig.change?.proposal.moves[0].to == 80 && rig.count("proposalProjected") == 1)
    let strict = Rig()
    strict.run(.minutes(1))
    strict.feed(.proposed(strict.draft(speed: 95)))
    strict.run(.minutes(1))
    #expect(strict.word == "rejected" && strict.writes.isEmpty)
  }
}
