import Historian
import Quantities
import Storage
import Telemetry
import Testing

/// Late samples make runs in memory and sealed chunks reach back over one another; an instant that stands twice in them still counts once.
@Test func totalsAreExactWhereLateSamplesReachBack() throws {
  for seed in 0..<10 as Range<UInt64> {
    let historian = try Historian(on: MemoryStorage(), limits: HistorianLimits(chunkSamples: 64, mergeCount: 3))
    let id = historian.series(of: "A")
    var random = Random(seed)
    var kept: [Int64: Double] = [:]
    var next: Int64 = 0
    for round in 0..<80 {
      var batch = SampleBatch(arrival: Instant(seconds: Double(next + 1)))
      for _ in 0..<1 + random.below(30) {
        next += 1
        let instant = random.chance(12) ? max(0, next - Int64(random.below(120))) * 2 + Int64(seed % 2) : next * 2
        let value = Double(random.below(1000)) / 10
        kept[instant] = value
        batch.append(series: id, instant: instant * 1_000_000_000, value: value)
      }
      try historian.append(batch)
      if random.chance(9) { try historian.seal() }
      if random.chance(20) { try historian.maintain() }
      // A snapshot sorts what waits into a run, so that there are several.
      for _ in 0..<2 where round % 3 == 0 {
        let found = try #require(try historian.snapshot().statistics().first, "seed \(seed)")
        #expect(found.count == kept.count && found.qualityCounts[3] == kept.count, "seed \(seed), round \(round)")
        #expect(found.minimum == kept.values.min() && found.maximum == kept.values.max(), "seed \(seed), round \(round)")
        #expect(abs((found.mean ?? .nan) - kept.values.reduce(0, +) / Double(kept.count)) < 1e-9, "seed \(seed), round \(round)")
        #expect(found.first.nanoseconds == kept.keys.min()! * 1_000_000_000 && found.last.nanoseconds == kept.keys.max()! * 1_000_000_000)
      }
    }
  }
}
