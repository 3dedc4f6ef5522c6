/// Hashes that are the same in every process and every release, unlike the standard library's.
public enum StableHash {
  /// FNV-1a over the UTF-8 bytes of a name, 64 bits.
  ///
  /// - Source: G. Fowler, L. C. Noll, K.-P. Vo, http://www.isthe.com/chongo/tech/comp/fnv.
  public static func fnv1a(_ name: String) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    return hash
  }

  /// SplitMix64's finaliser: a bijection of 64-bit words in which every input bit reaches every output bit.
  ///
  /// - Source: G. Steele, D. Lea, C. Flood 2014, doi:10.1145/2660193.2660195.
  @inlinable public static func mix(_ word: UInt64) -> UInt64 {
    var z = word &+ 0x9e37_79b9_7f4a_7c15
    z = (z ^ (z &>> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z &>> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z &>> 31)
  }
}
