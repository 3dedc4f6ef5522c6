import Foundation
import Rehearsal
import Testing

/// Many seeds: the acceptance run. `TAKT_STUDY=1 TAKT_SEEDS=0..<100000 swift test -c release --filter RehearsalStudy`.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["TAKT_STUDY"] != nil))
struct RehearsalStudy {
  @Test func noSeedBreaksAnInvariant() {
    let range = (ProcessInfo.processInfo.environment["TAKT_SEEDS"] ?? "0..<2000").split(separator: "..<").compactMap { UInt64($0) }
    var (figures, failing, kinds) = (RehearsalFigures(), [RehearsalOutcome](), [String: Int]())
    let started = Date()
    for seed in range[0]..<range[1] {
      // A trap says nothing of its seed.
      if seed % 250 == 0 { FileHandle.standardError.write(Data("from seed \(seed)\n".utf8)) }
      let outcome = rehearse(seed: seed)
      figures += outcome.figures
      guard let violation = outcome.violations.first else { continue }
      print("seed \(seed) broke: \(violation)")
      kinds["\(violation.invariant)", default: 0] += 1
      if kinds["\(violation.invariant)"]! <= 2 { failing.append(outcome) }
    }
    let seconds = Date().timeIntervalSince(started)
    print("\(range[1] - range[0]) seeds in \(seconds) s: \(Double(range[1] - range[0]) / seconds) a second; \(figures)")
    for (kind, count) in kinds.sorted(by: { $0.value > $1.value }) { print("\(count) × \(kind)") }
    for outcome in failing {
      let short = shrink(outcome)
      print("seed \(outcome.seed): \(short.violations[0])\n  \(short.faults.map(\.description).joined(separator: "\n  "))")
    }
    #expect(kinds.isEmpty)
  }

  /// The story of one seed, shrunk: `TAKT_STORY=4711`, and `TAKT_ROLLOUT=interleave` where the seed would choose otherwise.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["TAKT_STORY"] != nil))
  func oneSeedToldWhole() throws {
    let seed = try #require(UInt64(ProcessInfo.processInfo.environment["TAKT_STORY"] ?? ""))
    var options = RehearsalOptions()
    options.isTold = true
    options.rollout = ProcessInfo.processInfo.environment["TAKT_ROLLOUT"].flatMap { RehearsedRollout(rawValue: $0) }
    let outcome = rehearse(seed: seed, options)
    let short = outcome.violations.isEmpty ? outcome : shrink(outcome, options)
    for line in short.story { print(line) }
    print(short.violations, short.faults)
  }

  /// How many seeds each deliberate break takes, from the first on.
  @Test func everyDeliberateBreakIsFound() {
    for (mutant, _, expected) in MutantTests.found {
      guard let (seed, violation) = MutantTests.find(mutant, in: 0..<400) else {
        Issue.record("\(mutant) was not found within 400 seeds")
        continue
      }
      print("\(mutant): seed \(seed), \(violation)")
      #expect(expected.contains(violation.invariant))
    }
  }

  /// The adversarial scenarios, or the one of `TAKT_SCENARIO`: what is required beside what was measured.
  @Test func everyScenarioHolds() {
    let seeds = (ProcessInfo.processInfo.environment["TAKT_SCENARIO_SEEDS"].flatMap { UInt64($0) }) ?? 40
    let wanted = ProcessInfo.processInfo.environment["TAKT_SCENARIO"].flatMap { Int($0) }
    for scenario in Scenario.all where wanted == nil || wanted == scenario.number {
      let result = scenario.measure(seeds: 0..<seeds)
      print("\(result.number) \(result.name): \(result.measured)\(result.holds ? "" : " (REQUIRED: \(result.required))")")
      #expect(result.holds, "scenario \(result.number)")
    }
  }
}
