import Foundation
import Governance
import Quantities
import Testing

/// How changes of two mills end, over many seeds, with a live twin: one that gains, one that gains nothing, one that does harm.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["TAKT_STUDY"] != nil)) struct InterleavedKernelStudy {
  @Test func trueGainsAreKeptAndFalsePromisesGoBack() throws {
    let seeds: Range<UInt64> = 100..<112
    // By the share that a quicker mill rejects: a tenth more parts is a gain, nothing, or harm.
    for (name, rejects, isGain) in [("gain", 0.02, true), ("nothing", 0.1091, false), ("harm", 0.2, false)] {
      var ends: [String: Int] = [:]
      var (pairs, hours, wrong): ([Int], [Double], Int) = ([], [], 0)
      for seed in seeds {
        let mills = try GovernedMills(seed: seed)
        mills.spoil { $0 > 12.5 ? rejects : 0.02 }
        mills.run(.hours(1))
        mills.wish = (13.2, 120)
        mills.run(.hours(14)) { $0.change?.outcome != nil }
        let change = try #require(mills.change)
        let isKept = if case .settled = change.status { true } else { false }
        if isKept, !isGain { wrong += 1 }
        ends[change.status.word, default: 0] += 1
        pairs.append(change.judgements.last?.judgement.windows ?? 0)
        if let begun = change.begun, let end = change.outcome?.at { hours.append((end - begun).hours) }
        #expect(mills.speeds == (isKept ? [13.2, 13.2] : [12, 12]) && mills.troubles.isEmpty, "\(name), seed \(seed)")
        #expect(GovernorState(folding: mills.facts) == mills.state)
      }
      let list = ends.keys.sorted().map { "\($0) \(ends[$0]!)" }.joined(separator: ", ")
      print("\(name): \(list); pairs \(pairs.sorted()), hours \(hours.sorted().map { ($0 * 10).rounded() / 10 })")
      #expect(wrong <= 2, "\(name): \(wrong) of \(seeds.count) kept")
      if isGain { #expect(ends["settled", default: 0] >= seeds.count - 2) }
    }
  }
}
