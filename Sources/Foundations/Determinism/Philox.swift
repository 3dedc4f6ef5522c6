/// Philox4x64-10: a keyed bijection of 256-bit counters that serves as a random generator with random access.
///
/// Block i of a stream is a pure function of (key, i), so streams need no warm-up, never overlap for different keys, and any place in one
/// can be reached at once. Passes BigCrush.
///
/// - Source: J. Salmon, M. Moraes, R. Dror, D. Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC11, doi:10.1145/2063384.2063405.
public enum Philox {
  /// The ten rounds: 256 random bits as four words.
  @inlinable @inline(__always)
  public static func block(
    counter: (UInt64, UInt64, UInt64, UInt64), key: (UInt64, UInt64)
  ) -> (UInt64, UInt64, UInt64, UInt64) {
    var (c0, c1, c2, c3) = counter
    var (k0, k1) = key
    for _ in 0..<10 {
      let p = c0.multipliedFullWidth(by: 0xD2E7_470E_E14C_6C93)
      let q = c2.multipliedFullWidth(by: 0xCA5A_8263_9512_1157)
      (c0, c1, c2, c3) = (q.high ^ c1 ^ k0, q.low, p.high ^ c3 ^ k1, p.low)
      k0 &+= 0x9E37_79B9_7F4A_7C15
      k1 &+= 0xBB67_AE85_84CA_A73B
    }
    return (c0, c1, c2, c3)
  }
}
