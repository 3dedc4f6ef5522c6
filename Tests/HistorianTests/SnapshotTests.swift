import Historian
import Quantities
import Storage
import Telemetry
import Testing

@Test func aSnapshotStaysAsItWasThroughAppendsSealingAndMerging() throws {
  var random = Random(11)
  let storage = MemoryStorage()
  let historian = try Historian(
    on: storage, limits: HistorianLimits(sealBytes: 6_000, chunkSamples: 20, mergeCount: 2, keepsExactArrivals: true))
  var model = NaiveHistorian()
  var taken: [(HistorianSnapshot, NaiveHistorian)] = []
  for i in 0..<60 {
    let batch = randomBatch(&random, around: i * 3, in: historian)
    model.append(batch, historian)
    try historian.append(batch)
    if i % 5 == 0 { taken.append((historian.snapshot(), model)) }
    try historian.maintain()
  }
  try historian.compact()
  for (snapshot, model) in taken {
    #expect(snapshot.tags == model.samples.keys.sorted())
    for tag in snapshot.tags { #expect(identical(try snapshot.everything(tag), model.all(tag))) }
  }
}

/// As a server does it: the log and the blocks are written while appends go on, and either may fail.
@Test func appendsGoOnWhileTheLogAndBlocksAreWritten() throws {
  for seed in 0..<5 as Range<UInt64> {
    var random = Random(seed)
    let storage = MemoryStorage()
    let limits = HistorianLimits(
      headBytes: 60_000, sealBytes: 6_000, segmentBytes: 4_000, chunkSamples: 40, mergeCount: 2, keepsExactArrivals: true)
    let historian = try Historian(on: storage, limits: limits)
    var model = NaiveHistorian()
    func append(_ second: Int) throws {
      let batch = randomBatch(&random, around: second, in: historian)
      try historian.append(batch)
      model.append(batch, historian)
    }
    for i in 0..<60 {
      try append(i)
      let ticket = historian.beginCommit()
      let work = historian.beginMaintenance()
      #expect(historian.beginMaintenance() == nil || work == nil)
      try append(i)
      if random.chance(4) { storage.failSyncs(1) }
      let written = ticket?.write(to: storage)
      let outcome = work?.run(on: storage)
      storage.failSyncs(0)
      try append(i)
      if let ticket, let written { _ = try? historian.finishCommit(ticket, written) }
      if let outcome { _ = try? historian.finishMaintenance(outcome) }
      for tag in historian.tags { #expect(identical(try historian.everything(tag), model.all(tag)), "seed \(seed), step \(i), \(tag)") }
    }
    try historian.commit()
    storage.cutPower(seed: seed)
    let again = try Historian(on: storage, limits: limits)
    #expect(again.recovery.isSound, "seed \(seed): \(again.recovery)")
    for tag in again.tags { #expect(identical(try again.everything(tag), model.all(tag)), "seed \(seed), \(tag)") }
  }
}

@Test func aFullHeadWhoseSealingIsUnderWayRefusesAndTakesAgainLater() throws {
  let storage = MemoryStorage()
  let historian = try Historian(on: storage, limits: HistorianLimits(headBytes: 2_500, sealBytes: 1_000))
  var batch = SampleBatch(arrival: Instant(seconds: 0))
  for i in 0..<40 { batch.append(series: historian.series(of: "A"), instant: Int64(i), value: 1) }
  try historian.append(batch)
  let work = try #require(historian.beginMaintenance())
  try historian.append(batch)
  let refused = #expect(throws: HistorianError.self) { try historian.append(batch) }
  guard case .headFull(2_000, 2_500) = refused else { Issue.record("\(String(describing: refused))"); return }
  try historian.finishMaintenance(work.run(on: storage))
  try historian.append(batch)
  #expect(historian.headBytes == 2_000)
}
