import Historian
import Quantities
import Storage
import Telemetry
import Testing

/// A historian with sealed, merged and fresh samples, and the model of what it holds.
private func filled(_ seed: UInt64) throws -> (Historian, NaiveHistorian, MemoryStorage) {
  var random = Random(seed)
  var model = NaiveHistorian()
  let storage = MemoryStorage()
  let limits = HistorianLimits(
    sealBytes: 3_000 + random.below(20_000), segmentBytes: 4_000, chunkSamples: 5 + random.below(40), mergeCount: 3, keepsExactArrivals: true)
  let historian = try Historian(on: storage, limits: limits)
  for i in 0..<250 {
    let blocks = (0..<1 + random.below(3)).map { _ in randomBlock(&random, around: i * 4) }
    for block in blocks { model.append(block) }
    try historian.append(blocks: blocks)
    if random.chance(4) { try historian.maintain() }
  }
  return (historian, model, storage)
}

@Test func everyQueryAgreesWithTheNaiveModel() throws {
  for seed in 0..<12 as Range<UInt64> {
    let (historian, model, storage) = try filled(seed)
    try historian.commit()
    try checkQueries(historian, model, seed)
    // The same from a reader, and after a restart: summaries and last values come from the files then.
    try checkQueries(try Historian.reader(of: storage), model, seed)
    try historian.seal()
    try checkQueries(try Historian(on: storage), model, seed)
  }
}

private func checkQueries(_ historian: any HistorianReader, _ model: NaiveHistorian, _ seed: UInt64) throws {
  var random = Random(seed &+ 1000)
  #expect(historian.tags == model.samples.keys.sorted())
  #expect(historian.lastOfAll().map(\.tag) == historian.tags)
  for (tag, last) in historian.lastOfAll() { #expect(identical(last, model.all(tag).last!), "seed \(seed), \(tag)") }
  for tag in tags {
    let all = model.all(tag)
    #expect(identical(try historian.everything(tag), all), "seed \(seed), \(tag)")
    for _ in 0..<10 {
      let start = Instant(seconds: Double(random.below(1200) - 100))
      let range = start..<start + .seconds(Double(random.below(400)))
      let inside = all.filter { range.contains($0.instant) }
      #expect(identical(Array(try historian.samples(of: tag, in: range)), inside), "seed \(seed), \(tag), \(range)")
      let before = try historian.lastSample(of: tag, before: start)
      let expected = all.last { $0.instant < start }
      #expect(before.map { [$0] } == nil ? expected == nil : identical([before!], [expected!]), "seed \(seed), \(tag) before \(start)")
    }
    try checkStatistics(historian, model, tag, seed)
  }
  #expect(try historian.statistics().map(\.tag) == historian.tags)
}

private func checkStatistics(_ historian: any HistorianReader, _ model: NaiveHistorian, _ tag: String, _ seed: UInt64) throws {
  let statistics = try #require(try historian.statistics(of: tag))
  let all = model.all(tag)
  #expect(statistics.count == all.count, "seed \(seed), \(tag)")
  #expect(statistics.first == all.first?.instant && statistics.last == all.last?.instant)
  #expect(abs(statistics.rate - Double(all.count - 1) / (all.last!.instant - all.first!.instant).seconds) < 1e-12)
  for quality in Quality.allCases {
    #expect(abs(statistics.share(of: quality) - Double(all.filter { $0.quality == quality }.count) / Double(all.count)) < 1e-12)
  }
  #expect(statistics.lateShare == Double(all.filter { $0.lateness > .minutes(1) }.count) / Double(all.count))
  #expect(statistics.lateness.greatest == all.map(\.lateness).max())
  let usable = all.filter { $0.quality >= .uncertain }.compactMap(\.value.number).filter(\.isFinite)
  #expect(statistics.minimum == usable.min() && statistics.maximum == usable.max())
  if let mean = statistics.mean { #expect(abs(mean - usable.reduce(0, +) / Double(usable.count)) < 1e-9) } else { #expect(usable.isEmpty) }
}

/// The model samples the held value at each second, for all instants lie on whole seconds.
@Test func windowsAgreeWithAddingUpSecondBySecond() throws {
  for seed in 0..<12 as Range<UInt64> {
    let (historian, model, _) = try filled(seed)
    var random = Random(seed &+ 2000)
    for tag in tags {
      let start = random.below(600) - 80
      let seconds = 1 + random.below(500)
      let length = 1 + random.below(90)
      let hold = random.chance(2) ? nil : 1 + random.below(30)
      let least = random.pick([Quality.stale, .uncertain, .good])
      let rule = WindowRule(length: .seconds(Double(length)), leastQuality: least, holdAtMost: hold.map { .seconds(Double($0)) })
      let range = Instant(seconds: Double(start))..<Instant(seconds: Double(start + seconds))
      let windows = try historian.aggregate(tag, over: range, windows: rule)
      #expect(windows.count == (seconds + length - 1) / length)
      #expect(windows.first?.range.lowerBound == range.lowerBound && windows.last?.range.upperBound == range.upperBound)
      for window in windows { check(window, rule, model.all(tag), hold, "seed \(seed), \(tag), \(window.range)") }
    }
  }
}

private func check(_ window: WindowAggregate, _ rule: WindowRule, _ all: [Sample], _ hold: Int?, _ note: String) {
  func usable(_ sample: Sample) -> Double? {
    sample.quality >= rule.leastQuality ? sample.value.number.flatMap { $0.isFinite ? $0 : nil } : nil
  }
  let inside = all.filter { window.range.contains($0.instant) }
  let numbers = inside.compactMap(usable)
  #expect(window.count == inside.count && window.usableCount == numbers.count, "\(note)")
  #expect(window.goodCount == inside.filter { $0.quality == .good }.count, "\(note)")
  #expect(window.goodShare == (inside.isEmpty ? nil : Double(window.goodCount) / Double(inside.count)), "\(note)")
  #expect(window.minimum == numbers.min() && window.maximum == numbers.max(), "\(note)")
  if let mean = window.mean { #expect(abs(mean - numbers.reduce(0, +) / Double(numbers.count)) < 1e-9, "\(note)") } else { #expect(numbers.isEmpty) }
  #expect(identical([window.first, window.last].compactMap(\.self), [inside.first, inside.last].compactMap(\.self)), "\(note)")

  var held: [Double] = []
  var second = Int(window.range.lowerBound.seconds)
  let end = Int(window.range.upperBound.seconds)
  let length = end - second
  while second < end {
    let instant = Instant(seconds: Double(second))
    if let sample = all.last(where: { $0.instant <= instant }), let x = usable(sample),
      hold.map({ instant - sample.instant < .seconds(Double($0)) }) ?? true
    {
      held.append(x)
    }
    second += 1
  }
  #expect(abs(window.knownShare - Double(held.count) / Double(length)) < 1e-9, "\(note)")
  if let mean = window.timeWeightedMean {
    #expect(!held.isEmpty && abs(mean - held.reduce(0, +) / Double(held.count)) < 1e-9, "\(note)")
  } else {
    #expect(held.isEmpty, "\(note)")
  }
}
