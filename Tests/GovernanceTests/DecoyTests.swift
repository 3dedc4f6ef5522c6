import Governance
import PlantModel
import Quantities
import Testing

@Suite struct DecoyTests {
  private static let ann = Person(name: "ann", role: .approver)

  private func rig(share: Double, seed: UInt64) -> Rig {
    let rig = Rig(authority: .supervised, seed: seed) {
      $0.governance.decoys = DecoySpec(share: share, catchRate: 0.9, least: 5)
      $0.decoySecret = DecoySecret("secret \(seed)")
    }
    // The twin of this plant knows that slower is worse.
    rig.behaviour.proofOfLoss = 0.05
    return rig
  }

  /// Proposals one after the other; the person approves what waits, looking at the proof or not. Returns how many waited.
  private func work(_ rig: Rig, looks: Bool, proposals: Int) -> Int {
    var waited = 0
    for _ in 0..<proposals {
      if rig.governor.state.openChange == nil { rig.feed(.proposed(rig.draft(speed: (rig.plant[Rig.tags[0]] ?? 60) + 1, gain: 1))) }
      rig.run(.minutes(30)) { $0.word == "awaiting approval" }
      guard let change = rig.change, case .awaitingApproval = change.status else { continue }
      waited += 1
      let isBad = (change.proof?.probabilityOfGain ?? 0) < 0.5
      rig.feed(.command(looks && isBad ? .reject(change.id) : .approve(change.id, binding: change.binding), by: Self.ann))
      // A real one ends before its first write, to keep this short.
      rig.feed(.command(.takeOver, by: .localPanel))
      rig.feed(.command(.rearm, by: Person(name: "eve", role: .engineer)))
      rig.run(.minutes(1))
    }
    return waited
  }

  @Test func aDecoyIsNeverCarriedOutWhoeverApprovesIt() {
    var met = 0
    for seed in UInt64(0)..<10 {
      let rig = rig(share: 0.5, seed: seed)
      _ = work(rig, looks: false, proposals: 8)
      let decoys = Set(rig.facts.compactMap { if case .decoyAnswered(let change, _, _) = $0.what { change } else { nil } })
      met += decoys.count
      for fact in rig.facts {
        if case .writeIntended(let intent) = fact.what { #expect(!decoys.contains(intent.change), "seed \(seed)") }
        if case .changeArmed(let change, _) = fact.what { #expect(!decoys.contains(change), "seed \(seed)") }
      }
      #expect(rig.broken.isEmpty && rig.replayed().hash == rig.governor.state.hash)
    }
    #expect(met >= 10, "\(met) decoys were answered")
  }

  @Test func whoApprovesWithoutLookingCostsTheLoopsALevelAndWhoLooksDoesNot() {
    var (asleep, awake) = (0, 0)
    for seed in UInt64(0)..<6 {
      let rig = rig(share: 0.5, seed: seed)
      _ = work(rig, looks: false, proposals: 24)
      asleep += rig.facts.count { if case .loopDemoted(_, _, let reason, nil, nil) = $0.what { reason.contains("decoys") } else { false } }
      #expect(rig.facts.count { if case .decoyAnswered(_, true, _) = $0.what { true } else { false } } == 0)
      let careful = self.rig(share: 0.5, seed: seed)
      _ = work(careful, looks: true, proposals: 24)
      awake += careful.facts.count { if case .loopDemoted(_, _, let reason, nil, nil) = $0.what { reason.contains("decoys") } else { false } }
      #expect(careful.facts.count { if case .decoyAnswered(_, false, _) = $0.what { true } else { false } } == 0)
    }
    #expect(asleep > 0 && awake == 0)
  }

  @Test func withoutTheSecretADecoyLooksLikeAnyOther() {
    let rig = rig(share: 0.5, seed: 3)
    _ = work(rig, looks: false, proposals: 12)
    let seals = rig.governor.state.changes.map { $0.proposal.seal?.count }
    #expect(seals.count >= 10 && rig.count("decoyAnswered") > 0 && Set(seals) == [64])
    #expect(Set(rig.governor.state.changes.compactMap(\.proposal.seal)).count == seals.count)
  }
}
