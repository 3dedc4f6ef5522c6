import Determinism
import Testing

@testable import ProcessMining

@Suite struct RoutingTests {
  /// Steps of cases that follow a rule.
  private func model(_ rule: (inout RandomStream, [Int]) -> Int, activities: Int, cases: Int) -> RoutingModel {
    var stream = RandomStream(seed: 17)
    var steps: [RoutingModel.Step] = []
    for _ in 0..<cases {
      var walk = CaseWalk(activities)
      var done: [Int] = []
      while true {
        let next = rule(&stream, done)
        steps.append(.init(context: walk.context, next: next, weight: 1))
        if next == activities { break }
        walk.do(next)
        done.append(next)
      }
    }
    return RoutingModel(activityCount: activities, steps: steps)
  }

  @Test func aLoopOfReworkIsFoundWithItsChance() {
    // 0, then 1; a third goes back to 0, the rest ends.
    let model = model({ stream, done in done.isEmpty ? 0 : done.last == 0 ? 1 : stream.chance(1 / 3) ? 0 : 2 }, activities: 2, cases: 600)
    let first = model.chances(.init(last: 1, visits: 1, previous: 0))
    #expect(abs(first[0] - 1 / 3) < 0.06 && first[1] < 0.01)
    #expect(model.chances(.init(last: 0, visits: 1, previous: nil))[1] > 0.99)
    // Nothing here depends on how often: the chances of a second round are drawn to those of the first.
    #expect(abs(model.chances(.init(last: 1, visits: 2, previous: 0))[0] - first[0]) < 0.08)
  }

  @Test func memoryOfTheActivityBeforePaysWhereItDecides() {
    // After 2 comes 3 for those from 0, the end for those from 1.
    let model = model(
      { stream, done in
        switch done.last {
        case nil: return stream.chance(0.5) ? 0 : 1
        case 0?, 1?: return 2
        case 2?: return done[0] == 0 ? 3 : 4
        default: return 4
        }
      }, activities: 4, cases: 200)
    #expect(model.strengths[2] != nil)
    #expect(model.chances(.init(last: 2, visits: 1, previous: 0))[3] > 0.95)
    #expect(model.chances(.init(last: 2, visits: 1, previous: 1))[4] > 0.95)
  }

  @Test func whatTheLogNeverShowsStaysImpossible() {
    let model = model({ _, done in done.count }, activities: 3, cases: 50)
    let chances = model.chances(.init(last: 1, visits: 1, previous: 0))
    #expect(chances[0] == 0 && chances[3] == 0 && abs(chances.reduce(0, +) - 1) < 1e-12)
  }
}
