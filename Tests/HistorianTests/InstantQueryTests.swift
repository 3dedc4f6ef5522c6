import Historian
import Quantities
import Storage
import Telemetry
import Testing

private func filled(_ seed: UInt64) throws -> (Historian, NaiveHistorian) {
  var random = Random(seed)
  var model = NaiveHistorian()
  let historian = try Historian(
    on: MemoryStorage(), limits: HistorianLimits(sealBytes: 9_000, chunkSamples: 30, mergeCount: 3, keepsExactArrivals: true))
  for i in 0..<70 {
    let batch = randomBatch(&random, around: i * 4, in: historian)
    model.append(batch, historian)
    try historian.append(batch)
    if random.chance(5) { try historian.maintain() }
  }
  return (historian, model)
}

@Test func valuesAtInstantsAgreeWithTheNaiveModel() throws {
  for seed in 0..<4 as Range<UInt64> {
    let (historian, model) = try filled(seed)
    let snapshot = historian.snapshot()
    var random = Random(seed &+ 50)
    for tag in batchTags.prefix(12) {
      let all = model.all(tag)
      let instants = (0..<40).map { _ in Instant(milliseconds: Int64(random.below(300_000) - 3_000)) }.sorted()
      let hold: Duration? = random.chance(2) ? nil : .seconds(20)
      let table = try snapshot.asOf([tag, "none"], at: instants, holdAtMost: hold)
      #expect(table[1].allSatisfy { $0 == nil })
      for (i, instant) in instants.enumerated() {
        let last = all.last { known in known.instant <= instant && hold.map { instant - known.instant <= $0 } ?? true }
        #expect(identical([table[0][i]].compactMap(\.self), [last].compactMap(\.self)), "seed \(seed), \(tag), \(instant)")
        let held = try snapshot.value(of: tag, at: instant, holdAtMost: hold)
        #expect(held?.quality == last?.quality)
        checkLine(try snapshot.value(of: tag, at: instant, by: .linear), all, instant, "seed \(seed), \(tag), \(instant)")
      }
    }
  }
}

private func checkLine(_ found: InterpolatedValue?, _ all: [Sample], _ instant: Instant, _ note: String) {
  func usable(_ sample: Sample?) -> Double? { sample.flatMap { $0.quality >= .uncertain ? $0.value.number : nil } }
  let last = all.last { $0.instant <= instant }
  let next = all.first { $0.instant > instant }
  guard let x = usable(last), let y = usable(next), let last, let next else { #expect(found?.quality == last?.quality, "\(note)"); return }
  let line = x + (y - x) * ((instant - last.instant).seconds / (next.instant - last.instant).seconds)
  #expect(abs((found?.value.number ?? .nan) - line) < 1e-9, "\(note)")
}

@Test func streamsWindowsAndStatisticsOfARangeAgreeWithTheNaiveModel() throws {
  for seed in 0..<4 as Range<UInt64> {
    let (historian, model) = try filled(seed)
    try historian.seal()
    if seed % 2 == 0 { try historian.compact() }
    let snapshot = historian.snapshot()
    var random = Random(seed &+ 90)
    for tag in batchTags.prefix(12) {
      let start = Instant(seconds: Double(random.below(200) - 20))
      let range = start..<start + .seconds(Double(1 + random.below(200)))
      let inside = model.all(tag).filter { range.contains($0.instant) }
      var streamed: [Sample] = []
      try snapshot.stream(tag, in: range) { streamed += Array($0) }
      #expect(identical(streamed, inside), "seed \(seed), \(tag)")
      let least = random.pick([Quality.bad, .uncertain, .good])
      let windows = try snapshot.windows(of: tag, over: range, length: .seconds(7), leastQuality: least)
      for i in 0..<windows.count {
        let window = start + .seconds(Double(7 * i))..<min(start + .seconds(Double(7 * i + 7)), range.upperBound)
        let numbers = inside.filter { window.contains($0.instant) && $0.quality >= least }.compactMap(\.value.number).filter(\.isFinite)
        #expect(windows.counts[i] == numbers.count, "seed \(seed), \(tag), window \(i)")
        #expect(windows.minima[i] == (numbers.min() ?? .infinity) && windows.maxima[i] == (numbers.max() ?? -.infinity))
        if let mean = windows.mean(i) { #expect(abs(mean - numbers.reduce(0, +) / Double(numbers.count)) < 1e-9) }
      }
      let statistics = try snapshot.statistics(of: tag, in: range)
      #expect(statistics?.count ?? 0 == inside.count && statistics?.first == inside.first?.instant && statistics?.last == inside.last?.instant)
      let usable = inside.filter { $0.quality >= .uncertain }.compactMap(\.value.number).filter(\.isFinite)
      #expect(statistics?.minimum == usable.min() && statistics?.maximum == usable.max(), "seed \(seed), \(tag)")
    }
  }
}

/// Sources with a clock and jitter: windows are told without decoding instants, except where an edge lies within the jitter.
@Test func windowsOfASteadyClockAreExactWhereverTheirEdgesLie() throws {
  let historian = try Historian(on: MemoryStorage())
  var random = Random(4)
  var samples: [(Int64, Double)] = []
  for i in 0..<5000 {
    let instant = Int64(i) * 1_000_000_000 + Int64(random.below(41) + 500) * 1_000_000
    let value = Double(random.below(1000)) / 10
    samples.append((instant, value))
    var batch = SampleBatch(arrival: Instant(nanoseconds: instant))
    batch.append(series: historian.series(of: "A"), instant: instant, value: value, quality: i % 400 == 7 ? .bad : .good)
    try historian.append(batch)
    if i == 2500 { try historian.seal() }
  }
  try historian.compact()
  for offset in [0, 499, 500, 510, 520, 540, 541, 999] as [Int64] {
    let start = Instant(milliseconds: 60_000 + offset)
    let windows = try historian.snapshot().windows(of: "A", over: start..<start + .seconds(4321), length: .minutes(1))
    for i in 0..<windows.count {
      let from = start.nanoseconds + Int64(i) * 60_000_000_000
      let to = min(from + 60_000_000_000, start.nanoseconds + 4_321_000_000_000)
      let inside = samples.enumerated().filter { $1.0 >= from && $1.0 < to && $0 % 400 != 7 }.map(\.element.1)
      #expect(windows.counts[i] == inside.count && windows.maxima[i] == inside.max()!, "offset \(offset), window \(i)")
    }
  }
}
