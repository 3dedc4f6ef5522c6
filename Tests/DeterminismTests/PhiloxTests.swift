import Determinism
import Testing

/// Vectors published with Random123 (kat_vectors, philox4x64 10): counters and keys of zeros, of ones, and of the digits of pi.
@Test func philoxGivesThePublishedVectors() {
  let all = UInt64.max
  #expect(
    Philox.block(counter: (0, 0, 0, 0), key: (0, 0))
      == (0x16554d9eca36314c, 0xdb20fe9d672d0fdc, 0xd7e772cee186176b, 0x7e68b68aec7ba23b))
  #expect(
    Philox.block(counter: (all, all, all, all), key: (all, all))
      == (0x87b092c3013fe90b, 0x438c3c67be8d0224, 0x9cc7d7c69cd777b6, 0xa09caebf594f0ba0))
  #expect(
    Philox.block(
      counter: (0x243f6a8885a308d3, 0x13198a2e03707344, 0xa4093822299f31d0, 0x082efa98ec4e6c89),
      key: (0x452821e638d01377, 0xbe5466cf34e90c6c))
      == (0xa528f45403e61d95, 0x38c72dbd566e9788, 0xa5a1610e72fd18b5, 0x57bd43b5e52b7fe6))
}

@Test func stableHashesGiveThePublishedValues() {
  #expect(StableHash.fnv1a("") == 0xcbf29ce484222325)
  #expect(StableHash.fnv1a("a") == 0xaf63dc4c8601ec8c)
  #expect(StableHash.fnv1a("foobar") == 0x85944171f73967e8)
  // The first output of SplitMix64 seeded with 0 is mix(0).
  #expect(StableHash.mix(0) == 0xe220a8397b1dcdaf)
}
