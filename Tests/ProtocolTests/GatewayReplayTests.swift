import Determinism
import Governance
import ModelChecking
import Testing

/// The real gateway is held to the model that was explored whole.
@Suite struct GatewayReplayTests {
  /// What ends a walk early is drawn seldom, so that walks get far.
  private static func weight(_ action: UInt8) -> Double {
    switch UInt16(action) {
    case Action.takeOver, Action.silence: 0.04
    case Action.lockExpires, Action.gatewayCrashes, Action.firstCrashes, Action.secondCrashes: 0.1
    case Action.ofFirst + Action.rollBack, Action.ofSecond + Action.rollBack, Action.ofFirst + Action.fail, Action.ofSecond + Action.fail: 0.1
    default: 1
    }
  }

  @Test func theGatewayDoesWhatTheModelDoesOnEveryWalk() {
    var refusals: [WriteRefusal.Reason: Int] = [:]
    var writes = 0
    var done: Set<UInt64> = []
    for seed in UInt64(0)..<2000 {
      var random = RandomStream(seed: seed, "walk")
      let walk = RandomWalk.steps(of: Leadership(), length: 80, choosing: &random, weight: Self.weight)
      let replay = GatewayReplay()
      replay.follow(walk)
      if !replay.differences.isEmpty { Issue.record("seed \(seed)\n\(replay.differences.joined(separator: "\n"))") }
      writes += replay.writes
      refusals.merge(replay.refusals) { $0 + $1 }
      for step in walk { done.insert(LeadershipState(step.after).stage) }
    }
    print(
      "gateway against model: \(writes) writes left; refused: \(refusals.sorted { $0.value > $1.value }.map { "\($0.key.rawValue) \($0.value)" })")
    #expect(writes > 500 && done.isSuperset(of: [Stage.done, Stage.rolledBack]), "the walks were too quiet to prove anything")
    for reason in [WriteRefusal.Reason.fenced, .manual, .expired, .pending] { #expect(refusals[reason] ?? 0 > 100, "\(reason) was hardly met") }
  }
}
