import Quantities
import Sparkplug
import Testing

/// A small generator, so that a failure is named by its seed.
struct Seeded: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

@Suite struct MalformedPayloadTests {
  /// 120 000 payloads with flipped, cut, doubled and invented bytes: each decodes or throws, and its values can be asked for.
  @Test(arguments: 0..<12) func noBytesTrapTheDecoder(seed: Int) throws {
    let now = Instant(milliseconds: 1_767_592_800_000)
    let properties = SparkplugProperties(quality: 192, engUnit: "bar", engLow: 0, engHigh: 5, readOnly: true)
    var metrics = [SparkplugPayload.birthDeathMetric(3, at: now)]
    for type in SparkplugDataType.allCases {
      let value: SparkplugValue =
        type == .boolean ? .boolean(true) : type.isText ? .string("hällo") : type == .bytes || type == .file ? .bytes([1, 2]) : .unsigned(1)
      guard let metric = try? SparkplugMetric(name: "m\(type)", alias: 9, instant: now, datatype: type, value: value, properties: properties)
      else { continue }
      metrics.append(metric)
    }
    let whole = SparkplugPayload(instant: now, sequence: 1, metrics: metrics).encoded()
    var random = Seeded(state: UInt64(seed) << 32)
    var refused = 0
    for _ in 0..<10_000 {
      var bytes = whole
      switch Int.random(in: 0..<4, using: &random) {
      case 0: bytes.removeLast(Int.random(in: 1...bytes.count, using: &random))
      case 1: bytes = (0..<Int.random(in: 0..<64, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
      case 2:
        let at = Int.random(in: 0..<bytes.count, using: &random)
        bytes.insert(contentsOf: bytes[at..<min(bytes.count, at + 8)], at: at)
      default: break
      }
      if !bytes.isEmpty {
        for _ in 0..<Int.random(in: 1...4, using: &random) {
          bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
        }
      }
      do {
        let payload = try SparkplugPayload(decoding: bytes)
        _ = payload.birthDeathSequence
        for metric in payload.metrics {
          for type in SparkplugDataType.allCases { _ = try? metric.value(declared: type) }
          if let instant = metric.instant { #expect(instant <= .latestFromOutside) }
        }
        _ = payload.encoded()
      } catch { refused += 1 }
    }
    #expect(refused > 1000, "the mutations must reach the refusals")
    #expect(refused < 10_000, "and some must still decode")
  }

  @Test func deepNestingIsRefusedNotFollowed() {
    // Properties are bounded by the schema; a metric list inside unknown fields is skipped.
    var bytes: [UInt8] = []
    for _ in 0..<2_000 { bytes = [0x4A] + varint(bytes.count) + bytes }
    _ = try? SparkplugPayload(decoding: [0x12] + varint(bytes.count) + bytes)
    #expect(throws: SparkplugError.malformed) { try SparkplugPayload(decoding: [0x12, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F]) }
    #expect(throws: SparkplugError.malformed) { try SparkplugPayload(decoding: [0x18, 0x80, 0x02]) }  // seq 256
  }

  private func varint(_ value: Int) -> [UInt8] {
    var rest = value
    var out: [UInt8] = []
    repeat {
      out.append(UInt8(rest & 0x7F) | (rest > 0x7F ? 0x80 : 0))
      rest >>= 7
    } while rest > 0
    return out
  }
}
