import Historian
import Quantities
import Storage
import Telemetry
import Testing

private func sample(_ tag: String, _ second: Int, _ x: Double, _ quality: Quality = .good) -> SampleBlock {
  let instant = Instant(seconds: Double(second))
  return SampleBlock(tag: tag, Sample(instant: instant, arrival: instant, value: .number(x), quality: quality))
}

/// Passes calls on and counts them.
private final class CountingStorage: Storage {
  let inner = MemoryStorage()
  var appends = 0
  var syncs = 0
  var changes: [String] = []

  func list(prefix: String) throws(StorageError) -> [String] { try inner.list(prefix: prefix) }
  func read(_ name: String) throws(StorageError) -> [UInt8] { try inner.read(name) }
  func read(_ name: String, offset: Int, count: Int) throws(StorageError) -> [UInt8] { try inner.read(name, offset: offset, count: count) }
  func append(_ name: String, _ bytes: [UInt8]) throws(StorageError) {
    appends += 1
    changes.append("append \(name)")
    try inner.append(name, bytes)
  }
  func sync(_ name: String) throws(StorageError) {
    syncs += 1
    changes.append("sync \(name)")
    try inner.sync(name)
  }
  func replace(_ name: String, _ bytes: [UInt8]) throws(StorageError) {
    changes.append("replace \(name)")
    try inner.replace(name, bytes)
  }
  func truncate(_ name: String, to count: Int) throws(StorageError) {
    changes.append("truncate \(name)")
    try inner.truncate(name, to: count)
  }
  func rename(_ name: String, to other: String) throws(StorageError) {
    changes.append("rename \(name) to \(other)")
    try inner.rename(name, to: other)
  }
  func open(_ name: String) throws(StorageError) -> any StoredFile { try inner.open(name) }
  func remove(_ name: String) throws(StorageError) {
    changes.append("remove \(name)")
    try inner.remove(name)
  }
}

@Test func oneSyncMakesAllAppendsSinceTheLastCommitDurable() throws {
  let storage = CountingStorage()
  let historian = try Historian(on: storage)
  for i in 1...100 { #expect(try historian.append(blocks: [sample("A", i, 1)]) == UInt64(i)) }
  #expect(storage.syncs == 0 && historian.durableSequence == 0)
  #expect(try historian.commit() == 100)
  #expect(storage.appends == 1 && storage.syncs == 1 && historian.durableSequence == 100)
  // Nothing new, nothing to do.
  #expect(try historian.commit() == 100)
  #expect(storage.syncs == 1)
}

@Test func theLogGoesOnlyAfterItsBlocksAreDurable() throws {
  let storage = CountingStorage()
  let historian = try Historian(on: storage)
  try historian.append(blocks: [sample("A", 1, 1)])
  #expect(try historian.seal() == "blocks/000000000000-000000000000.blk")
  #expect(
    storage.changes == [
      "append wal/000000000001.log", "sync wal/000000000001.log", "remove blocks/000000000000-000000000000.blk.part",
      "append blocks/000000000000-000000000000.blk.part", "sync blocks/000000000000-000000000000.blk.part",
      "rename blocks/000000000000-000000000000.blk.part to blocks/000000000000-000000000000.blk", "remove wal/000000000001.log",
    ])
}

@Test func aReaderSeesWhatWasWrittenAndChangesNothing() throws {
  let storage = CountingStorage()
  let historian = try Historian(on: storage)
  for i in 0..<10 {
    try historian.append(blocks: [sample("A", i, Double(i))])
    if i == 5 { try historian.seal() }
  }
  try historian.commit()
  // A torn tail that the owner is about to write: a reader leaves it alone.
  try storage.inner.append("wal/000000000002.log", [1, 2, 3])
  let before = storage.changes
  let reader = try Historian.reader(of: storage)
  #expect(try reader.everything("A").count == 10)
  #expect(storage.changes == before)
}

@Test func theLastWriteToAnInstantWinsWhereverTheOthersLie() throws {
  let storage = MemoryStorage()
  let historian = try Historian(on: storage, limits: HistorianLimits(mergeCount: 2))
  for round in 1...6 {
    try historian.append(blocks: [sample("A", 10, Double(round), round == 6 ? .uncertain : .good), sample("A", round, 0)])
    if round < 5 { try historian.seal() }
    if round == 4 { while try historian.maintain().merged != nil {} }
    let ten = Instant(seconds: 10)..<Instant(seconds: 11)
    #expect(try historian.samples(of: "A", in: ten).map(\.value) == [.number(Double(round))])
    #expect(historian.last(of: "A")?.value == .number(Double(round)))
    #expect(try historian.statistics(of: "A")?.count == round + 1)
  }
  #expect(try storage.list(prefix: "blocks/") == ["blocks/000000000000-000000000003.blk"])
  try historian.commit()
  #expect(try Historian(on: storage).last(of: "A")?.quality == .uncertain)
}

@Test func nanAndInfinityNeverPassAsGood() throws {
  let historian = try Historian(on: MemoryStorage())
  for (i, x) in [Double.nan, .infinity, -.infinity, 1].enumerated() { try historian.append(blocks: [sample("A", i, x)]) }
  #expect(try historian.everything("A").map(\.quality) == [.bad, .bad, .bad, .good])
  #expect(historian.last(of: "A")?.quality == .good)
  #expect(try historian.statistics(of: "A")?.maximum == 1)
}

@Test func theHeadStaysBoundedThoughNobodyMaintains() throws {
  let storage = MemoryStorage()
  let historian = try Historian(on: storage, limits: HistorianLimits(headBytes: 10_000))
  for i in 0..<3000 {
    try historian.append(blocks: [sample("A\(i % 7)", i, Double(i))])
    #expect(historian.headBytes <= 10_000)
  }
  #expect(try (0..<7).map { try historian.everything("A\($0)").count }.reduce(0, +) == 3000)
  let huge = SampleBlock(
    tag: "A", instants: (0..<1000).map { Instant(nanoseconds: $0) }, arrivals: (0..<1000).map { Instant(nanoseconds: $0) },
    values: .numbers(Array(repeating: 0, count: 1000)), qualities: Array(repeating: .good, count: 1000))
  #expect(throws: HistorianError.self) { try historian.append(blocks: [huge]) }
  #expect(historian.last(of: "A") == nil)
}

@Test func aFullDiskRefusesAndLosesNothing() throws {
  let storage = MemoryStorage()
  let historian = try Historian(on: storage, limits: HistorianLimits(headBytes: 20_000))
  var taken = 0
  storage.limitCapacity(to: 5_000)
  var refusal: HistorianError?
  for i in 0..<2000 where refusal == nil {
    do throws(HistorianError) {
      try historian.append(blocks: [sample("A", i, Double(i))])
      taken += 1
      if i % 10 == 0 { _ = try? historian.commit() }
    } catch { refusal = error }
  }
  guard case .storage(.full) = refusal else { Issue.record("\(String(describing: refusal))"); return }
  #expect(historian.headBytes <= 20_000 && taken < 2000 && storage.usedBytes <= 5_000)
  storage.limitCapacity(to: nil)
  try historian.commit()
  storage.cutPower(seed: 1)
  #expect(try Historian(on: storage, limits: historian.limits).everything("A").count == taken)
}

@Test func anOldHeadIsSealedAndSmallFilesAreMerged() throws {
  let storage = MemoryStorage()
  let historian = try Historian(on: storage, limits: HistorianLimits(sealAge: .minutes(10), mergeCount: 4))
  var merged = 0
  for minute in 0..<600 {
    try historian.append(blocks: [sample("A", minute * 60, Double(minute))])
    try historian.commit()
    if try historian.maintain().merged != nil { merged += 1 }
  }
  #expect(merged > 10)
  #expect(try storage.list(prefix: "blocks/").count < 12)
  #expect(try storage.list(prefix: "wal/").count <= 1)
  #expect(try Historian(on: storage).everything("A").count == 600)
}
