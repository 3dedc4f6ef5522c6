import Historian
import Quantities
import Storage
import Telemetry
import Testing

let batchTags = (0..<40).map { "Line/Tag\($0)" }

/// A batch as a decoder hands it over: many series, some late, some twice, some not good, some NaN.
func randomBatch(_ random: inout Random, around second: Int, in historian: Historian) -> SampleBatch {
  var batch = SampleBatch(arrival: Instant(seconds: Double(second + 70)))
  let isExact = random.chance(3)
  for _ in 0..<1 + random.below(60) {
    let id = historian.series(of: random.pick(batchTags))
    let milliseconds = Int64(second - (random.chance(10) ? random.below(3000) : 0)) * 1000 + Int64(random.below(isExact ? 5000 : 5)) * 200
    let quality: Quality = random.chance(9) ? random.pick([.uncertain, .stale, .bad]) : .good
    let value = random.chance(25) ? random.pick([Double.nan, .infinity, -0.0]) : Double(random.below(10_000)) / 100
    batch.append(series: id, instant: milliseconds * 1_000_000 + (isExact ? 1 : 0), value: value, quality: quality)
  }
  return batch
}

extension NaiveHistorian {
  mutating func append(_ batch: SampleBatch, _ historian: Historian) {
    for i in 0..<batch.count {
      let sample = Sample(
        instant: Instant(nanoseconds: batch.instants[i]), arrival: batch.arrival, value: .number(batch.values[i]),
        quality: batch.qualities.isEmpty ? .good : batch.qualities[i])
      append(SampleBlock(tag: historian.tag(of: batch.series[i]), sample))
    }
  }
}

@Test func batchesAgreeWithTheNaiveModelInTheHeadAfterARestartAndInBlocks() throws {
  for seed in 0..<6 as Range<UInt64> {
    var random = Random(seed)
    var model = NaiveHistorian()
    let storage = MemoryStorage()
    let limits = HistorianLimits(sealBytes: 8_000, segmentBytes: 5_000, chunkSamples: 50, mergeCount: 3, keepsExactArrivals: true)
    let historian = try Historian(on: storage, limits: limits)
    for i in 0..<80 {
      if random.chance(5) {
        let block = randomBlock(&random, around: i)
        model.append(block)
        try historian.append(blocks: [block])
      }
      let batch = randomBatch(&random, around: i * 5, in: historian)
      model.append(batch, historian)
      try historian.append(batch)
      if random.chance(6) { try historian.maintain() }
      if random.chance(4) { try historian.commit() }
      if random.chance(10) { _ = historian.snapshot().tags }
    }
    try historian.commit()
    for reader in [historian.snapshot(), try Historian(on: storage, limits: limits).snapshot()] as [any HistorianReader] {
      #expect(reader.tags == model.samples.keys.sorted(), "seed \(seed)")
      for tag in reader.tags {
        #expect(identical(try reader.everything(tag), model.all(tag)), "seed \(seed), \(tag)")
        #expect(identical(reader.last(of: tag)!, model.all(tag).last!), "seed \(seed), \(tag)")
      }
    }
    try historian.compact()
    #expect(try storage.list(prefix: "blocks/").count == 1 && storage.list(prefix: "wal/").isEmpty)
    for tag in historian.tags { #expect(identical(try historian.everything(tag), model.all(tag)), "seed \(seed), \(tag)") }
  }
}

@Test func aSeriesIsFoundByItsBytesAndKeepsItsNumber() throws {
  let historian = try Historian(on: MemoryStorage())
  let names = (0..<3000).map { "Ünit\($0 % 7)/Tag\($0)" }
  let ids = names.map { historian.series(of: $0) }
  #expect(ids.map(\.index) == (0..<3000).map(UInt32.init))
  for (name, id) in zip(names, ids) {
    let bytes = Array(name.utf8)
    #expect(historian.series(utf8: bytes.span) == id && historian.series(of: name) == id && historian.tag(of: id) == name)
  }
  let broken: [UInt8] = [0x41, 0xFF]
  #expect(historian.series(utf8: broken.span) == nil && historian.seriesCount == 3000)
  // Registered is not yet known: there is no sample.
  #expect(historian.tags.isEmpty && historian.last(of: names[0]) == nil)
}

/// Also the names of the series, which stand twice: no flipped bit takes more than its own record.
@Test func aTurnedBitInALogOfBatchesCostsAtMostOneRecordAndIsTold() throws {
  var random = Random(5)
  let storage = MemoryStorage()
  let historian = try Historian(on: storage)
  var model = NaiveHistorian()
  for i in 0..<8 {
    let batch = randomBatch(&random, around: i, in: historian)
    model.append(batch, historian)
    try historian.append(batch)
    try historian.commit()
  }
  let name = try #require(try storage.list(prefix: "wal/").first)
  let intact = try storage.read(name)
  #expect(try Historian(on: storage).recovery.records == 8)
  for offset in stride(from: 8, to: intact.count, by: 3) {
    let copy = MemoryStorage()
    try copy.append(name, intact)
    copy.flipBits(of: name, at: offset, mask: UInt8(1) << UInt8(offset % 8))
    let report = try Historian(on: copy).recovery
    #expect(report.records >= 7, "byte \(offset): \(report)")
    #expect((report.damage.count == 1 && !report.isSound) != (report.tornTails.count == 1), "byte \(offset): \(report)")
  }
}

@Test func latenessIsRoundedUpInMergedBlocksAndStatisticsStayExact() throws {
  var random = Random(2)
  let storage = MemoryStorage()
  let historian = try Historian(on: storage)
  var model = NaiveHistorian()
  for i in 0..<60 {
    let instants = (0..<20).map { Instant(milliseconds: Int64(i * 20_000 + $0 * 1000 + random.below(40))) }
    let arrivals = instants.map { $0 + .milliseconds(Int64(random.below(random.chance(10) ? 90_000 : 1_500)) - 200) }
    let values: [Double] = instants.map { _ in Double(random.below(100)) }
    let block = SampleBlock(tag: "A", instants: instants, arrivals: arrivals, values: .numbers(values), qualities: instants.map { _ in .good })
    model.append(block)
    try historian.append(blocks: [block])
    if i % 7 == 0 { try historian.seal() }
  }
  let before = try #require(try historian.statistics(of: "A"))
  try historian.compact()
  let after = try #require(try historian.statistics(of: "A"))
  #expect(before.lateness == after.lateness && after.lateness.greatest == model.all("A").map(\.lateness).max())
  for (kept, written) in zip(try historian.everything("A"), model.all("A")) {
    #expect(kept.instant == written.instant && kept.value == written.value && kept.quality == written.quality)
    #expect(kept.arrival >= written.arrival && kept.arrival - written.arrival < .seconds(1) && kept.lateness.nanoseconds % 1_000_000_000 == 0)
  }
}
