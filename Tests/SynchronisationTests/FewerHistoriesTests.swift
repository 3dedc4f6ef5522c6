import Determinism
import Testing

@testable import Synchronisation

/// Twenty histories in which Second's piece was begun at different instants, and one in which Mid holds a part more.
private func crowd(odd weight: Double) -> [Trajectory] {
  var all = (0..<20).map { i in
    var history = Trajectory(Flow(twoMachines()))
    history.starts[1] = Double(i)
    history.stations[1].inWork = 1
    return history
  }
  all.append(all[0])
  all[20].buffers[1].adjusted = 1
  all[20].weight = weight
  return all
}

private func total(_ all: [Trajectory]) -> Double { all.reduce(0) { $0 + Portable.exp($1.weight) } }

@Suite struct FewerHistoriesTests {
  @Test func oneInstantCutFinelyDoesNotCrowdOutWhatElseIsOpen() {
    let all = crowd(odd: -1.5)
    let kept = Histories.fewer(all, 16)
    #expect(kept.count == 16)
    let odd = kept.filter { $0.buffers[1].level == 1 }
    #expect(odd.count == 1 && abs(odd[0].weight + 1.5) < 1e-12)
    #expect(abs(total(kept) - total(all)) < 1e-9)
  }

  @Test func whoGoesLeavesItsWeightToTheOneThatSaysTheSame() {
    // Also its part in what was so at a judged instant.
    var all = crowd(odd: 0)
    for i in all.indices { all[i].pasts = [.init(state: i % 2, share: 0)] }
    let kept = Histories.fewer(all, 2)
    #expect(kept.map { $0.buffers[1].level }.sorted() == [0, 1])
    let alike = kept.first { $0.buffers[1].level == 0 }!
    #expect(abs(Portable.exp(alike.weight) - 20) < 1e-9)
    #expect(alike.pasts.allSatisfy { abs(Portable.exp($0.share) - 0.5) < 1e-9 } && alike.pasts.count == 2)
  }

  @Test func theUnlikelyIsFollowedOnAsLongAsItSaysSomethingElse() {
    let share = Histories.leastAlike - 1.5
    let all =
      crowd(odd: share)
      + [crowd(odd: 0)[3]].map { history in
        var unlikely = history
        unlikely.weight = share
        return unlikely
      }
    let kept = Histories.withoutUnlikelyAlike(all, below: Histories.leastAlike)
    #expect(kept.count == 21 && kept.contains { $0.buffers[1].level == 1 })
    #expect(abs(total(kept) - total(all)) < 1e-12)
  }

  @Test func aFinishLongOverdueStands() {
    func open(_ low: Double) -> Trajectory.Open {
      .init(start: 0, mean: 10, deviation: 1, low: low, high: 1, after: 0, stands: Trajectory.stops, isCoarse: true)
    }
    #expect(open(0).share > 0.99)
    #expect(open(0.9999).share < 0.05)
  }
}
