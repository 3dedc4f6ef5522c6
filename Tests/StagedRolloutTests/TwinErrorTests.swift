import Foundation
import Governance
import LoopTrials
import PlantModel
import Quantities
import Testing

/// Scenario 5, first half, through the governor as it is: the twin promises up to 3 $/s, the plant would lose up to half of its profit.
@Suite struct TwinErrorTests {
  @Test func theTwinsFalsePromiseIsStoppedAtTheFirstStep() throws { try Self.rollOut(seeds: 0..<3) }

  @Test(.enabled(if: ProcessInfo.processInfo.environment["TAKT_STUDY"] != nil))
  func theTwinsFalsePromiseIsStoppedAtTheFirstStepStudy() throws { try Self.rollOut(seeds: 0..<200) }

  static func rollOut(seeds: Range<UInt64>) throws {
    var (share, loss, mean, hours, broken) = (0.0, 0.0, 0.0, 0.0, 0)
    var reasons: [String: Int] = [:]
    for seed in seeds {
      let trial = try GovernedReactor(seed: seed)
      try trial.rollOut()
      let change = try #require(trial.change)
      guard case .quarantined(let rollback, _) = change.status else {
        Issue.record("seed \(seed): \(change.status)")
        continue
      }
      reasons[rollback.reason.rawValue, default: 0] += 1
      // Harm is shown, the claim fails, or nothing is shown by the time limit: it goes back all the same, and never gets further.
      #expect([.harm, .claimFailed, .inconclusive].contains(rollback.reason), "seed \(seed): \(rollback)")
      share = max(share, trial.largestShare)
      loss = max(loss, 100 * (trial.profitBefore - trial.leastProfit) / trial.profitBefore)
      mean = max(mean, 100 * trial.lost / (trial.profitBefore * trial.lasted))
      hours = max(hours, trial.lasted / 3600)
      if !trial.reactor.isInsideLimits { broken += 1 }
      #expect(trial.reactor.isInsideLimits, "seed \(seed)")
      // Back where it was.
      for (tag, good) in change.lastKnownGood { #expect(abs(trial.setpoint(of: tag) - good) < 2e-3) }
      #expect(GovernorState(folding: trial.facts).hash == trial.governor.state.hash)
    }
    let words = reasons.keys.sorted().map { "\($0) \(reasons[$0]!)" }.joined(separator: ", ")
    print(
      "scenario 5, \(seeds.count) seeds, real governor: stopped at a share of at most \(share); loss while it stood at most \(loss) %, "
        + "over the change at most \(mean) %, in at most \(hours) h; \(broken) violations; \(words)")
    #expect(share <= 0.05 && loss <= 1 && broken == 0)
  }
}

extension GovernedReactor {
  func setpoint(of tag: String) -> Double { reactor.setpoints[Self.tags.firstIndex(of: tag) ?? 0] }
}
