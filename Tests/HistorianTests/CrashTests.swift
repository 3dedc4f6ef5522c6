import Historian
import Quantities
import Storage
import Telemetry
import Testing

/// What may come back after a crash: for each tag and instant the acknowledged sample, or one written after it.
private struct Promise {
  var acknowledged = NaiveHistorian()
  var waiting: [SampleBlock] = []

  mutating func acknowledge() {
    for block in waiting { acknowledged.append(block) }
    waiting = []
  }

  /// Checks what came back, which from now on is what must stay.
  mutating func check(_ historian: Historian, _ note: String) throws {
    for tag in tags {
      var found = NaiveHistorian()
      let samples = try historian.everything(tag)
      for sample in samples { found.append(SampleBlock(tag: tag, sample)) }
      #expect(found.all(tag).count == samples.count, "\(note): an instant of \(tag) stands twice")
      var later: [Instant: [Sample]] = [:]
      for block in waiting where block.tag == tag {
        var only = NaiveHistorian()
        for i in 0..<block.count { later[block.instants[i], default: []].append(block[i]) }
        only.append(block)
      }
      for sample in acknowledged.all(tag) {
        guard let back = found.samples[tag]?[sample.instant] else {
          Issue.record("\(note): \(tag) at \(sample.instant.seconds) was acknowledged and is lost")
          continue
        }
        let allowed = [sample] + (later[sample.instant] ?? [])
        #expect(allowed.contains { same($0, back) }, "\(note): \(tag) at \(sample.instant.seconds) is \(back), not one of \(allowed)")
      }
      for sample in samples where acknowledged.samples[tag]?[sample.instant] == nil {
        #expect((later[sample.instant] ?? []).contains { same($0, sample) }, "\(note): \(tag) has \(sample), which nobody wrote")
      }
      acknowledged.samples[tag] = found.samples[tag]
    }
    waiting = []
  }

  /// Identical, but for the quality that a NaN loses.
  private func same(_ written: Sample, _ read: Sample) -> Bool {
    var written = written
    if let x = written.value.number, !x.isFinite { written.quality = .bad }
    return identical(written, read)
  }
}

private let small = HistorianLimits(
  headBytes: 20_000, sealBytes: 6_000, sealAge: .hours(1), segmentBytes: 1_500, chunkSamples: 16, mergeCount: 3, mergeBytes: 1 << 20,
  keepsExactArrivals: true)

/// Runs a historian through append, commit, seal and merge with faults by seed, and after each crash asks for all that was
/// acknowledged.
@Test func everyAcknowledgedSampleComesBack() throws { for seed in 0..<150 as Range<UInt64> { try liveThroughCrashes(seed) } }

func liveThroughCrashes(_ seed: UInt64) throws {
  var random = Random(seed)
  let storage = MemoryStorage()
  var promise = Promise()
  var historian = try Historian(on: storage, limits: small)
  var second = 0
  for crash in 0..<4 {
    storage.cutPower(afterOperations: 1 + random.below(40), seed: random.next())
    while !storage.isPowerOff {
      let blocks = (0..<1 + random.below(4)).map { _ in randomBlock(&random, around: second) }
      second += 3
      // A sync that fails now and then; what threw is tried again later, as an edge does.
      if random.chance(20) { storage.failSyncs(1) }
      do throws(HistorianError) {
        try historian.append(blocks: blocks)
        promise.waiting += blocks
        if random.chance(3) {
          try historian.commit()
          promise.acknowledge()
        }
        if random.chance(6) { try historian.maintain() }
      } catch {
        guard case .storage = error else { throw error }
      }
    }
    storage.restorePower()
    storage.failSyncs(0)
    historian = try Historian(on: storage, limits: small)
    #expect(historian.recovery.isSound, "seed \(seed), crash \(crash): \(historian.recovery)")
    try promise.check(historian, "seed \(seed), crash \(crash)")
  }
  // And a last time without a fault: nothing changes by opening.
  try historian.commit()
  try promise.check(try Historian(on: storage, limits: small), "seed \(seed), reopened")
}

@Test func acrossTheSeedsEveryKindOfRecoveryHappens() throws {
  var (tails, repeated, superseded) = (0, 0, 0)
  for seed in 0..<300 as Range<UInt64> {
    var random = Random(seed)
    let storage = MemoryStorage()
    let historian = try Historian(on: storage, limits: small)
    storage.cutPower(afterOperations: 5 + random.below(80), seed: seed)
    do {
      while true {
        try historian.append(blocks: [randomBlock(&random, around: 0)])
        try historian.commit()
        if random.chance(2) { try historian.seal() }
        try historian.maintain()
      }
    } catch {}
    storage.restorePower()
    let report = try Historian(on: storage, limits: small).recovery
    tails += report.tornTails.count
    repeated += report.repeatedRecords
    superseded += report.supersededBlockFiles.count
  }
  #expect(tails > 0 && repeated > 0 && superseded > 0, "tails \(tails), repeated \(repeated), superseded \(superseded)")
}

@Test func aTornTailIsCutAndToldAndWritingGoesOn() throws {
  let storage = MemoryStorage()
  var historian = try Historian(on: storage)
  let block = SampleBlock(tag: "A", Sample(instant: Instant(seconds: 1), arrival: Instant(seconds: 1), value: .number(1), quality: .good))
  try historian.append(blocks: [block])
  try historian.commit()
  let name = try #require(try storage.list(prefix: "wal/").first)
  let whole = try storage.read(name)
  try storage.append(name, Array(whole.dropFirst(8).dropLast(1)))
  historian = try Historian(on: storage)
  #expect(historian.recovery.tornTails.map(\.length) == [whole.count - 9] && historian.recovery.isSound)
  #expect(historian.recovery.description.contains("cut a torn tail"))
  #expect(try storage.read(name) == whole)
  var later = block
  later.instants = [Instant(seconds: 2)]
  try historian.append(blocks: [later])
  try historian.commit()
  #expect(try Historian(on: storage).everything("A").count == 2)
}
