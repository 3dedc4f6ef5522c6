import Foundation
import Historian
import Ingest
import Quantities
import Testing

/// Throws changed bytes at the decoders of what comes from outside: no input may trap, hang or make one grow.
struct DecoderFuzzing {
  private var random: Seeded
  private var lines = LineProtocolReader(naming: .labels, cacheBytes: 1 << 20)
  private var series = RemoteWriteReader(cacheBytes: 1 << 20)
  private let body: [UInt8]
  private let request: [UInt8]
  private let message: [UInt8]
  private let packed: [UInt8]
  /// Samples taken, and inputs refused.
  private(set) var taken = 0
  private(set) var refused = 0

  init(seed: Int) {
    random = Seeded(state: UInt64(seed) << 32 | 7)
    body = [UInt8](
      #"""
      cpu,host=a,cpu=0 usage=12.5,idle=87i,ok=t 1767592800000000000
      cpu,host=a,cpu=1 usage=1e-3,quality=64i 1767592800000000001
      my\ m,x=y\,z note="two \" words",v=0.12345678901234567
      # comment
      p value=7u 1767592800
      """#.utf8)
    var write = WriteRequest()
    write.add([("__name__", "up"), ("job", "a"), ("instance", "x:1")], [(1, 1_767_592_800_000), (0.5, 1_767_592_801_000)])
    write.add([("__name__", "up"), ("job", "b")], [(2, 1_767_592_800_000)])
    (message, request) = (write.bytes, write.snappy)
    // `cpu v=1 5`, compressed by gzip.
    packed = [UInt8](Data(base64Encoded: "H4sIAAAAAAAC/0suKFUoszVUMAUA0JgGBAkAAAA=") ?? Data())
  }

  mutating func lineProtocol() {
    let bytes = changed(body)
    let decoded = lines.read(bytes, precision: .nanoseconds, at: now) { _ in SeriesID(index: 0) }
    note(decoded.count, decoded.errorCount > 0)
    precondition(decoded.count <= bytes.count && decoded.errors.count <= lines.errorLimit)
  }

  /// Half of the inputs change what is compressed, so that they reach the message behind it.
  mutating func remoteWrite() {
    var bytes = changed(request)
    if Bool.random(using: &random) {
      var write = WriteRequest()
      write.bytes = changed(message)
      bytes = write.snappy
    }
    let decoded = bytes.withUnsafeBytes { try? series.read($0, limit: 1 << 16, at: now) { _ in SeriesID(index: 0) } }
    note(decoded?.count ?? 0, decoded == nil)
  }

  mutating func gzip() {
    let bytes = changed(packed)
    let expanded = bytes.withUnsafeBytes { try? Gzip.expand($0, limit: 1 << 16) }
    note(expanded?.count ?? 0, expanded == nil)
  }

  private mutating func note(_ count: Int, _ isRefused: Bool) {
    taken += count
    if isRefused { refused += 1 }
  }

  /// One to six changes: a byte, a bit, one gone, one more, a piece from elsewhere, the end cut off.
  private mutating func changed(_ original: [UInt8]) -> [UInt8] {
    var bytes = original
    for _ in 0..<Int.random(in: 1...6, using: &random) where !bytes.isEmpty {
      let at = Int.random(in: 0..<bytes.count, using: &random)
      switch Int.random(in: 0..<6, using: &random) {
      case 0: bytes[at] = UInt8(truncatingIfNeeded: random.next())
      case 1: bytes[at] ^= 1 << UInt8(Int.random(in: 0..<8, using: &random))
      case 2: bytes.remove(at: at)
      case 3: bytes.insert(UInt8(truncatingIfNeeded: random.next()), at: at)
      case 4:
        let from = Int.random(in: 0..<bytes.count, using: &random)
        bytes.insert(contentsOf: Array(bytes[from..<min(from + 9, bytes.count)]), at: at)
      default: if Int.random(in: 0..<8, using: &random) == 0 { bytes.removeSubrange(at...) }
      }
    }
    return bytes
  }
}

@Suite struct DecoderFuzzingTests {
  @Test func changedBytesAreTakenOrRefused() {
    for (name, step) in DecoderFuzzingStudy.decoders {
      var fuzzing = DecoderFuzzing(seed: 1)
      for _ in 0..<4_000 { step(&fuzzing) }
      #expect(fuzzing.taken > 100 && fuzzing.refused > 100, "\(name)")
    }
  }
}
