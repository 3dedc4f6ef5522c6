import Historian
import Quantities
import Storage
import Telemetry
import Testing

/// Files as version 1 writes them. They are kept for ever: whatever the format becomes, these must still be read.
let segmentOfVersionOne = """
  54414b5457414c3154524543955da6ea8c0000000100000000000000021346696c6c65722f46696c6c50726573737572650300002ad6fb7aa5981800\
  f470377ba598180088a6ae7ba59818008fa3197ba5981800593e557ba598180048b20892a59818000000000000044052b81e85eb5104400000000000\
  00f87fc040000e4c696e652f50726f647563744964010101000000000000000200000000000000074772c3b6c39f6520
  """
let blockFileOfVersionOne = """
  54414b54424c4b31c20000004ae16c130100000000000000021346696c6c65722f46696c6c50726573737572650088a6ae7ba598180048b20892a598\
  180000000000000000f87f0139002ad6fb7aa598180088a6ae7ba598180100010102000001000000c00b5a1600000002000000000000044052b81e85\
  eb510440295c8fc2f52814400e4c696e652f50726f647563744964010000000000000002000000000000002001074772c3b6c39f65011c0100000000\
  00000001000000000000000001000001000000000001000000000000000003010301e28f9f9a0d0322010202e807e8071218ea020200000000000004\
  4052b81e85eb510440000000000000f87fc0014001000137da9534010200000202010000020201074772c3b6c39f6500002001b5ac8cb2
  """

private func hex(_ bytes: [UInt8]) -> String {
  let digits = Array("0123456789abcdef")
  return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
}

func bytes(_ hex: String) -> [UInt8] {
  let digits = hex.compactMap { $0.hexDigitValue }
  return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}

private let blocks: [SampleBlock] = [
  SampleBlock(
    tag: "Filler/FillPressure", instants: [1, 2, 4].map { Instant(seconds: 1_772_348_400 + $0) },
    arrivals: [1.5, 2.5, 100].map { Instant(seconds: 1_772_348_400 + $0) }, values: .numbers([2.5, 2.54, .nan]), qualities: [.good, .uncertain, .bad]),
  SampleBlock(
    tag: "Line/ProductId", instants: [Instant(nanoseconds: 1)], arrivals: [Instant(nanoseconds: 2)], values: .texts(["Größe"]), qualities: [.stale]),
]

private func check(_ storage: MemoryStorage) throws {
  let historian = try Historian(on: storage)
  #expect(historian.recovery.isSound && historian.tags == ["Filler/FillPressure", "Line/ProductId"])
  for block in blocks { #expect(identical(try historian.everything(block.tag), (0..<block.count).map { block[$0] })) }
}

@Test func filesOfVersionOneAreReadAsEver() throws {
  let old = MemoryStorage()
  try old.append("wal/000000000001.log", bytes(segmentOfVersionOne))
  try check(old)
  let sealed = MemoryStorage()
  try sealed.append("blocks/000000000000-000000000000.blk", bytes(blockFileOfVersionOne))
  try check(sealed)
  // And merged with what is written today.
  let historian = try Historian(on: sealed, limits: HistorianLimits(keepsExactArrivals: true))
  try historian.append(blocks: blocks)
  try historian.compact()
  try check(sealed)
}

/// What version 2's fixtures hold: a clock with jitter and noisy decimals, a state, texts, and a value that is not good.
private func fillVersionTwo(_ historian: Historian) throws {
  var batch = SampleBatch(arrival: Instant(seconds: 1_800_000_100))
  for i in 0..<100 as Range<Int64> {
    let instant = 1_800_000_000_000_000_000 + i * 1_000_000_000 + (i * 7919 % 41) * 1_000_000
    let noise = Double(i * i * 31 % 97) / 100
    batch.append(series: historian.series(of: "Oven/Temperature"), instant: instant, value: 20 + noise, quality: i == 50 ? .uncertain : .good)
    batch.append(series: historian.series(of: "Oven/State"), instant: instant, value: i < 60 ? 4 : 5)
  }
  try historian.append(batch)
  try historian.append(blocks: blocks)
  try historian.commit()
}

@Test func filesOfVersionTwoAreWrittenAndReadAsEver() throws {
  let storage = MemoryStorage()
  let historian = try Historian(on: storage)
  try fillVersionTwo(historian)
  let expected = try historian.tags.map { try historian.everything($0) }
  let log = try storage.read("wal/000000000001.log")
  #expect(hex(log) == segmentOfVersionTwo, "\(hex(log))")
  try historian.seal()
  let young = try storage.read("blocks/000000000000-000000000000.blk")
  #expect(hex(young) == youngBlockFileOfVersionTwo, "\(hex(young))")
  try fillVersionTwo(historian)
  try historian.compact()
  let merged = try storage.read("blocks/000000000000-000000000001.blk")
  #expect(hex(merged) == mergedBlockFileOfVersionTwo, "\(hex(merged))")

  let files = [
    ("wal/000000000001.log", segmentOfVersionTwo), ("blocks/000000000000-000000000000.blk", youngBlockFileOfVersionTwo),
    ("blocks/000000000000-000000000001.blk", mergedBlockFileOfVersionTwo),
  ]
  for (name, content) in files {
    let old = MemoryStorage()
    try old.append(name, bytes(content))
    let again = try Historian(on: old)
    #expect(again.recovery.isSound && again.tags == historian.tags)
    for (tag, samples) in zip(again.tags, expected) {
      let back = try again.everything(tag)
      #expect(back.map(\.instant) == samples.map(\.instant) && back.map(\.quality) == samples.map(\.quality), "\(name), \(tag)")
      #expect(back.map(\.value.number?.bitPattern) == samples.map(\.value.number?.bitPattern), "\(name), \(tag)")
    }
  }
}
