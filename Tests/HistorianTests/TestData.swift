import Historian
import Quantities
import Storage
import Telemetry

/// SplitMix64: the same data for the same seed.
struct Random {
  var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }

  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
  mutating func chance(_ oneIn: Int) -> Bool { below(oneIn) == 0 }
  mutating func pick<T>(_ items: [T]) -> T { items[below(items.count)] }
}

let tags = ["Filler/StateCurrent", "Filler/FillPressure", "Line/ProductId", "Capper/Torque", "Mixed"]

/// A block as a plant sends it, on a grid of whole seconds so that instants repeat, with late ones among them.
func randomBlock(_ random: inout Random, around second: Int) -> SampleBlock {
  let tag = random.pick(tags)
  let count = 1 + random.below(6)
  let texts = tag == "Line/ProductId" || (tag == "Mixed" && random.chance(2))
  let instants = (0..<count).map { _ in Instant(seconds: Double(second + random.below(20) - (random.chance(8) ? 60 : 0))) }
  let arrivals = instants.map { $0 + .milliseconds(Int64(random.below(100_000)) - 1000) }
  let values: SampleBlock.Values =
    texts
    ? .texts((0..<count).map { _ in random.pick(["A", "B", "", "Größe ✓", "long name of a product"]) })
    : .numbers((0..<count).map { _ in randomNumber(&random, tag) })
  let qualities: [Quality] = (0..<count).map { _ in random.pick([.good, .good, .uncertain, .stale, .bad]) }
  return SampleBlock(tag: tag, instants: instants, arrivals: arrivals, values: values, qualities: qualities)
}

private func randomNumber(_ random: inout Random, _ tag: String) -> Double {
  switch tag {
  case "Filler/StateCurrent": Double(random.below(18))
  case "Filler/FillPressure": random.chance(30) ? .nan : Double(200 + random.below(100)) / 100
  default: Double(random.below(1000)) / 7
  }
}

/// What the historian should hold, the simplest way: for each tag and instant the sample written last.
struct NaiveHistorian {
  var samples: [String: [Instant: Sample]] = [:]

  mutating func append(_ block: SampleBlock) {
    for i in 0..<block.count {
      var sample = block[i]
      if let x = sample.value.number, !x.isFinite { sample.quality = .bad }
      samples[block.tag, default: [:]][sample.instant] = sample
    }
  }

  func all(_ tag: String) -> [Sample] { (samples[tag] ?? [:]).values.sorted { $0.instant < $1.instant } }
}

/// Equal to the last bit: NaN equals the same NaN, −0 is not 0.
func identical(_ a: [Sample], _ b: [Sample]) -> Bool { a.count == b.count && zip(a, b).allSatisfy { identical($0, $1) } }

func identical(_ a: Sample, _ b: Sample) -> Bool {
  guard a.instant == b.instant, a.arrival == b.arrival, a.quality == b.quality else { return false }
  switch (a.value, b.value) {
  case (.number(let x), .number(let y)): return x.bitPattern == y.bitPattern
  case (.text(let x), .text(let y)): return Array(x.utf8) == Array(y.utf8)
  default: return false
  }
}

let allTime = Instant.distantPast..<Instant.distantFuture

extension HistorianReader {
  func everything(_ tag: String) throws -> [Sample] { Array(try samples(of: tag, in: allTime)) }
}
