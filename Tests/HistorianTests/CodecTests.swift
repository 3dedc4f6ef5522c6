import Historian
import Quantities
import Storage
import Telemetry
import Testing

/// Writes values through a block file and reads them back from a new historian.
private func throughBlocks(_ block: SampleBlock, chunkSamples: Int = 4096) throws -> (samples: [Sample], bytes: Int) {
  let storage = MemoryStorage()
  let historian = try Historian(on: storage, limits: HistorianLimits(chunkSamples: chunkSamples))
  try historian.append(blocks: [block])
  try historian.seal()
  let again = try Historian(on: storage)
  #expect(again.recovery.records == 0 && again.recovery.blockFiles == 1)
  return (try again.everything(block.tag), storage.usedBytes)
}

private func numbers(_ values: [Double], step: Duration = .seconds(1)) -> SampleBlock {
  let instants = values.indices.map { Instant(seconds: 1_700_000_000) + Duration(nanoseconds: Int64($0) * step.nanoseconds) }
  return SampleBlock(
    tag: "T", instants: instants, arrivals: instants, values: .numbers(values), qualities: values.map { $0.isFinite ? .good : .bad })
}

private func expectBack(_ block: SampleBlock, _ note: String, chunkSamples: Int = 4096) throws {
  let back = try throughBlocks(block, chunkSamples: chunkSamples).samples
  #expect(identical(back, (0..<block.count).map { block[$0] }), "\(note)")
}

@Test func doublesComeBackBitForBit() throws {
  let odd: [Double] = [
    0, -0.0, 1, -1, .nan, .signalingNaN, Double(bitPattern: 0x7FF8_0000_DEAD_BEEF), Double(bitPattern: 0xFFF0_0000_0000_0001), .infinity,
    -.infinity, .leastNonzeroMagnitude, -.leastNonzeroMagnitude, .leastNormalMagnitude, .greatestFiniteMagnitude, -.greatestFiniteMagnitude, 1e308,
    1e-308, 0.1, 0.1 + 0.2, 1.0 / 3, .pi, 9_007_199_254_740_991, 9_007_199_254_740_992, 9_007_199_254_740_994, 1e15, 123_456_789.123_456_78, 1e-15,
    -273.15, 0.000_1, 4.35, 2.675, 1.005, 1e22, 1e23,
  ]
  for x in odd { try expectBack(numbers([x]), "\(x)") }
  try expectBack(numbers(odd), "all odd ones")
  for x in odd {
    // One odd value among decimals is an exception of the decimal code, many make it give way to XOR.
    try expectBack(numbers((0..<40).map { $0 == 17 ? x : Double($0) / 100 }), "\(x) among decimals")
    try expectBack(numbers((0..<40).map { $0 % 3 == 0 ? x : Double($0) / 100 }), "\(x) every third")
  }
}

@Test func everyKindOfColumnComesBackBitForBitOverSeeds() throws {
  for seed in 0..<25 as Range<UInt64> {
    var random = Random(seed)
    let count = 1 + random.below(700)
    let digits = random.below(16)
    let scale = (0..<digits).reduce(1.0) { p, _ in p * 10 }
    var walk = 0
    let kinds: [(inout Random) -> Double] = [
      { Double(Int($0.next() >> 40)) / scale }, { Double(bitPattern: $0.next()) },
      { random in
        walk += random.below(21) - 10
        return Double(walk) / scale
      }, { $0.chance(40) ? .nan : 20.5 }, { Double(Int64(bitPattern: $0.next())) },
    ]
    for (kind, make) in kinds.enumerated() {
      var block = numbers((0..<count).map { _ in make(&random) })
      // Jittered, or wild, instants that still rise; arrivals of any order.
      let span = [1, 1_000, 1_000_000_000][random.below(3)]
      var at = Int64(random.below(1000)) * -1_000_000_000_000_000
      for i in 0..<count {
        at += Int64(1 + random.below(span))
        block.instants[i] = Instant(nanoseconds: at)
        block.arrivals[i] = Instant(nanoseconds: random.chance(50) ? Int64(bitPattern: random.next()) : at + Int64(random.below(1_000_000)))
      }
      try expectBack(block, "seed \(seed), kind \(kind)", chunkSamples: 1 + random.below(300))
    }
  }
}

@Test func theEndsOfTimeComeBack() throws {
  var block = numbers([1, 2, 3])
  block.instants = [.distantPast, Instant(nanoseconds: 0), Instant(nanoseconds: .max - 1)]
  block.arrivals = [.distantFuture, .distantPast, .distantFuture]
  try expectBack(block, "ends")
}

@Test func textsAndChangesOfTypeComeBack() throws {
  let storage = MemoryStorage()
  let historian = try Historian(on: storage, limits: HistorianLimits(chunkSamples: 7))
  var model = NaiveHistorian()
  var random = Random(1)
  for i in 0..<300 {
    let value: SampleValue = random.chance(3) ? .number(Double(i)) : .text(random.pick(["", "P-1", "Größe ✓", "\u{0}x", "7"]))
    let block = SampleBlock(
      tag: "Mixed", Sample(instant: Instant(milliseconds: Int64(i)), arrival: Instant(milliseconds: Int64(i)), value: value, quality: .good))
    model.append(block)
    try historian.append(blocks: [block])
  }
  #expect(identical(try historian.everything("Mixed"), model.all("Mixed")))
  try historian.seal()
  #expect(identical(try Historian(on: storage).everything("Mixed"), model.all("Mixed")))
  // As blocks, numbers and texts apart, in order.
  let blocks = try historian.samples(of: "Mixed", in: allTime).blocks(of: "Mixed")
  #expect(identical(blocks.flatMap { block in (0..<block.count).map { block[$0] } }, model.all("Mixed")))
}

/// Not a measurement of time: the size is the same in every run.
@Test func roundedSensorsTakeFewBytes() throws {
  var random = Random(5)
  var level = 2500
  let noisy = numbers(
    (0..<20_000).map { _ in
      level += random.below(7) - 3
      return Double(level) / 100
    })
  let constant = numbers(Array(repeating: 27.5, count: 20_000))
  let noisyBytes = try throughBlocks(noisy).bytes
  let constantBytes = try throughBlocks(constant).bytes
  #expect(Double(noisyBytes) / 20_000 < 0.7 && Double(constantBytes) / 20_000 < 0.1, "\(noisyBytes), \(constantBytes)")
}
