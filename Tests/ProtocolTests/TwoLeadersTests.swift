import Determinism
import Governance
import Testing

/// Scenario 9: two leaders after a pause of half a minute.
@Suite struct TwoLeadersTests {
  /// Interleavings are told apart by their seed.
  static func run(_ seeds: Range<UInt64>) throws {
    let pause = try TwoLeaders.pause()
    #expect(pause.writes.count == 2, "the first leader pauses with \(pause.writes.count) writes on their way")
    var (left, ofFirst, ofSecond, broken) = (0, 0, 0, 0)
    var refused: [WriteRefusal.Reason: Int] = [:]
    for seed in seeds {
      var random = RandomStream(seed: seed, "interleaving")
      let tally = try TwoLeaders.interleave(pause, &random)
      left += tally.left
      ofFirst += tally.ofFirst
      ofSecond += tally.ofSecond
      refused.merge(tally.refused) { $0 + $1 }
      guard !tally.broken.isEmpty else { continue }
      broken += 1
      if broken <= 3 { Issue.record("seed \(seed): \(tally.broken.joined(separator: "; "))") }
    }
    let reasons = refused.sorted { $0.value > $1.value }.map { "\($0.key.rawValue) \($0.value)" }.joined(separator: ", ")
    print(
      "two leaders: \(seeds.count) interleavings, \(left) writes left (\(ofFirst) of the first, \(ofSecond) of the second leader), refused: \(reasons); broken: \(broken)"
    )
    #expect(broken == 0)
    #expect(ofFirst > seeds.count / 10 && ofSecond > seeds.count / 100 && refused[.fenced] ?? 0 > seeds.count / 10, "too quiet to prove anything")
  }

  @Test func noStaleWriteLeavesInTenThousandInterleavings() throws { try Self.run(0..<10_000) }
}
