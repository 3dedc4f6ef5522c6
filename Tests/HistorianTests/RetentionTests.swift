import Historian
import Quantities
import Storage
import Telemetry
import Testing

private let day = 86_400

/// Two classes of tags over some days: what goes is rolled up first, and the roll-ups are those of the samples.
@Test func samplesGoAfterTheirTimeAndTheirWindowsStay() throws {
  let storage = MemoryStorage()
  var historian = try Historian(on: storage, limits: HistorianLimits(chunkSamples: 200, mergeCount: 3))
  var model = NaiveHistorian()
  var random = Random(3)
  let rules = [
    RetentionRule(
      tags: ["Fast/*"], samples: .hours(24), rollups: [RollupRule(length: .minutes(10)), RollupRule(length: .hours(1), keep: .hours(48))]),
    RetentionRule(samples: nil),
  ]
  var gone = 0
  for hour in 0..<96 {
    for tag in ["Fast/A", "Fast/B", "Slow/C"] {
      let instants = (0..<60).map { Instant(seconds: Double(hour * 3600 + $0 * 60 + random.below(50))) }
      let values: [Double] = instants.map { _ in Double(random.below(1000)) / 10 }
      let qualities: [Quality] = instants.map { _ in random.chance(20) ? .bad : .good }
      let block = SampleBlock(tag: tag, instants: instants, arrivals: instants, values: .numbers(values), qualities: qualities)
      model.append(block)
      try historian.append(blocks: [block])
    }
    if hour % 6 == 5 {
      try historian.seal()
      try historian.maintain()
      gone += try historian.retain(rules, now: Instant(seconds: Double((hour + 1) * 3600))).samples
    }
    try historian.commit()
    if hour == 50 { historian = try Historian(on: storage, limits: historian.limits) }
  }
  let now = Instant(seconds: Double(4 * day))
  #expect(gone > 5000, "\(gone)")
  #expect(historian.tags == ["Fast/A", "Fast/B", "Slow/C"])
  #expect(historian.lastOfAll().count == 3)
  #expect(try historian.everything("Slow/C").count == model.all("Slow/C").count)
  for tag in ["Fast/A", "Fast/B"] {
    let kept = try historian.everything(tag)
    let expected = model.all(tag)
    // Never shorter than the rule says, and all that stays is as it was.
    #expect(kept.count < 3500, "\(kept.count)")
    #expect(kept.map(\.instant) == expected.suffix(kept.count).map(\.instant))
    #expect(kept.first!.instant <= now - .hours(24))
    let snapshot = historian.snapshot()
    let windows = try snapshot.rollups(of: tag, length: .minutes(10), in: allTime)
    #expect(windows.count > 560)
    for window in windows {
      let range = window.start..<window.start + .minutes(10)
      let inside = expected.filter { range.contains($0.instant) }
      let usable = inside.filter { $0.quality >= .uncertain }.compactMap(\.value.number)
      #expect(window.count == inside.count && window.minimum == usable.min() && window.maximum == usable.max())
      #expect(window.first == inside.first?.value.number && window.last == inside.last?.value.number)
      if let mean = window.mean { #expect(abs(mean - usable.reduce(0, +) / Double(usable.count)) < 1e-9 && window.timeWeightedMean != nil) }
    }
    let hours = try snapshot.rollups(of: tag, length: .hours(1), in: allTime)
    #expect(hours.count >= 47 && hours.count < 96)
  }
}
