import Historian
import Quantities
import Storage
import Telemetry
import Testing

private func filled(seal: Bool) throws -> (MemoryStorage, NaiveHistorian) {
  var random = Random(7)
  var model = NaiveHistorian()
  let storage = MemoryStorage()
  let historian = try Historian(on: storage, limits: HistorianLimits(chunkSamples: 32))
  for i in 0..<40 {
    let block = randomBlock(&random, around: i)
    model.append(block)
    try historian.append(blocks: [block])
    try historian.commit()
  }
  if seal { try historian.seal() }
  return (storage, model)
}

/// Every byte of a block file, each with another bit turned: never is anything but the truth returned.
@Test func aTurnedBitInABlockFileIsAlwaysNoticed() throws {
  let (storage, model) = try filled(seal: true)
  let name = try #require(try storage.list(prefix: "blocks/").first)
  for offset in 0..<(try storage.read(name).count) {
    let mask = UInt8(1) << UInt8(offset % 8)
    storage.flipBits(of: name, at: offset, mask: mask)
    let historian = try Historian(on: storage)
    var noticed = historian.recovery.damagedBlockFiles == [name] && !historian.recovery.isSound
    for tag in tags {
      do throws(HistorianError) {
        let samples = Array(try historian.samples(of: tag, in: allTime))
        #expect(samples.isEmpty ? noticed : identical(samples, model.all(tag)), "byte \(offset)")
      } catch {
        guard case .damaged(name, _) = error else { Issue.record("byte \(offset): \(error)"); continue }
        noticed = true
      }
    }
    #expect(noticed, "byte \(offset)")
    storage.flipBits(of: name, at: offset, mask: mask)
  }
}

/// Every byte of a log segment: the record that it hits is missing and told, the others come back.
@Test func aTurnedBitInTheLogCostsOneRecordAndIsTold() throws {
  let (storage, model) = try filled(seal: false)
  let name = try #require(try storage.list(prefix: "wal/").first)
  let intact = try storage.read(name)
  for offset in 8..<intact.count {
    let copy = MemoryStorage()
    try copy.append(name, intact)
    copy.flipBits(of: name, at: offset, mask: UInt8(1) << UInt8(offset % 8))
    let historian = try Historian(on: copy)
    let report = historian.recovery
    #expect(report.records == 39 && (report.damage.count == 1 && !report.isSound) != (report.tornTails.count == 1), "byte \(offset): \(report)")
  }
  #expect(try Historian(on: storage).recovery.records == 40)
  for tag in tags { #expect(identical(try Historian(on: storage).everything(tag), model.all(tag))) }
}

@Test func aShortOrForeignFileIsNeverATrap() throws {
  var random = Random(3)
  let (storage, _) = try filled(seal: true)
  let name = try #require(try storage.list(prefix: "blocks/").first)
  let bytes = try storage.read(name)
  for i in 0..<200 {
    let copy = MemoryStorage()
    let noise = (0..<random.below(200)).map { _ in UInt8(random.below(256)) }
    try copy.append(name, i % 2 == 0 ? Array(bytes.prefix(random.below(bytes.count))) : noise)
    try copy.append("wal/000000000001.log", Array("TAKTWAL1".utf8) + noise)
    try copy.append("blocks/notes.txt", noise)
    try copy.append("wal/x.log", noise)
    let historian = try Historian(on: copy)
    for tag in tags { _ = try? historian.everything(tag) }
    try historian.append(blocks: [randomBlock(&random, around: 0)])
    try historian.commit()
  }
}
