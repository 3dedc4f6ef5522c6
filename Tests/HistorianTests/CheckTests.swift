import Historian
import Quantities
import Storage
import Telemetry
import Testing

private func filled() throws -> (MemoryStorage, NaiveHistorian) {
  var random = Random(9)
  var model = NaiveHistorian()
  let storage = MemoryStorage()
  let historian = try Historian(on: storage, limits: HistorianLimits(chunkSamples: 16, keepsExactArrivals: true))
  for i in 0..<40 {
    let block = randomBlock(&random, around: i)
    model.append(block)
    try historian.append(blocks: [block])
    try historian.commit()
    if i == 15 || i == 30 { try historian.seal() }
  }
  return (storage, model)
}

@Test func whatIsSoundIsFoundSoundAndUnchanged() throws {
  let (storage, model) = try filled()
  let bytes = storage.usedBytes
  let report = try Historian.check(storage, repairs: true)
  #expect(report.isSound && report.findings.isEmpty && report.blockFiles == 2 && report.records == 9 && storage.usedBytes == bytes)
  #expect(report.blockSamples > 0 && report.chunks >= 5 && report.description.contains("all sound"))
  for tag in tags { #expect(identical(try Historian(on: storage).everything(tag), model.all(tag))) }
}

/// Any byte of the first block file: it is found, what it costs is told, and after the repair the rest is read without an error.
@Test func aDamagedBlockFileIsMendedByLeavingOutWhatCannotBeRead() throws {
  let (intact, model) = try filled()
  let name = try #require(try intact.list(prefix: "blocks/").first)
  let size = try intact.read(name).count
  for offset in stride(from: 8, to: size, by: 41) {
    let (storage, _) = try filled()
    storage.flipBits(of: name, at: offset, mask: 16)
    let found = try Historian.check(storage)
    #expect(!found.isSound && found.findings.count == 1 && found.findings[0].repair == nil, "byte \(offset): \(found)")
    let mended = try Historian.check(storage, repairs: true)
    #expect(mended.findings.count == 1 && mended.findings[0].repair != nil, "byte \(offset): \(mended)")
    #expect(try Historian.check(storage).findings.isEmpty && storage.list(prefix: "damaged/").count == 1, "byte \(offset)")
    let historian = try Historian(on: storage)
    var missing = 0
    for tag in tags {
      let back = try historian.everything(tag)
      let all = model.all(tag)
      for sample in back { #expect(all.contains { $0.instant == sample.instant }, "byte \(offset)") }
      missing += all.count - back.count
    }
    if let lost = mended.findings[0].samplesLost { #expect(missing <= lost, "byte \(offset): \(missing) of \(lost)") }
  }
}

@Test func leftoversAndTornTailsAreToldAndTidied() throws {
  let (storage, model) = try filled()
  try storage.append("blocks/000000000009-000000000009.blk.part", [1, 2, 3])
  let log = try #require(try storage.list(prefix: "wal/").last)
  try storage.append(log, [9, 9, 9])
  let report = try Historian.check(storage, repairs: true)
  #expect(report.isSound && report.findings.count == 2 && report.findings.allSatisfy { $0.repair != nil && $0.samplesLost == 0 })
  #expect(try Historian.check(storage).findings.isEmpty)
  for tag in tags { #expect(identical(try Historian(on: storage).everything(tag), model.all(tag))) }
}
