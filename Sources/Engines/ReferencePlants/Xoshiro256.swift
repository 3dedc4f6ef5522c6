/// A named stream of random numbers of a reference plant: xoshiro256**, seeded by SplitMix64 from the run's seed and the stream's name.
///
/// Each purpose (the Filler's cycle times, its repairs, the noise of one sensor) has its own stream, so that a write changes only what
/// it touches and the luck of all else stays the same: common random numbers. It is a reference plant's own, on purpose: nothing is
/// shared with the streams of the twin.
/// - Source: D. Blackman, S. Vigna 2021, doi:10.1145/3460772.
struct Xoshiro256: Sendable {
  private var s0: UInt64
  private var s1: UInt64
  private var s2: UInt64
  private var s3: UInt64

  /// The stream called `name` (parts joined by `/`) of the run with this seed.
  init(seed: UInt64, _ name: String...) {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325  // FNV-1a over the seed's bytes and the name's
    for shift in stride(from: UInt64(0), to: 64, by: 8) { hash = (hash ^ ((seed >> shift) & 0xff)) &* 0x100_0000_01b3 }
    for byte in name.joined(separator: "/").utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    func split() -> UInt64 {
      hash &+= 0x9e37_79b9_7f4a_7c15
      var z = hash
      z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
      z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
      return z ^ (z >> 31)
    }
    (s0, s1, s2, s3) = (split(), split(), split(), split())
  }

  /// The next 64 bits.
  mutating func next() -> UInt64 {
    let product = s1 &* 5
    let result = ((product << 7) | (product >> 57)) &* 9
    let t = s1 << 17
    s2 ^= s0
    s3 ^= s1
    s1 ^= s2
    s0 ^= s3
    s2 ^= t
    s3 = (s3 << 45) | (s3 >> 19)
    return result
  }
}
