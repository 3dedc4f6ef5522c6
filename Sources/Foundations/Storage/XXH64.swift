/// The checksum of the newer formats: XXH64, 64 bits, several gigabytes a second without an instruction of its own.
///
/// Chosen over CRC-32C where records are large: a damaged record passes with a chance of 2⁻⁶⁴ instead of 2⁻³², and the log is not bounded
/// by table look-ups. Source: Y. Collet, xxHash fast digest algorithm, specification 0.1.1 (XXH64).
public enum XXH64 {
  private static let p1: UInt64 = 0x9E37_79B1_85EB_CA87
  private static let p2: UInt64 = 0xC2B2_AE3D_27D4_EB4F
  private static let p3: UInt64 = 0x1656_67B1_9E37_79F9
  private static let p4: UInt64 = 0x85EB_CA77_C2B2_AE63
  private static let p5: UInt64 = 0x27D4_EB2F_1656_67C5

  /// The checksum of all of `bytes`.
  public static func checksum(_ bytes: [UInt8], seed: UInt64 = 0) -> UInt64 { checksum(bytes, in: 0..<bytes.count, seed: seed) }

  /// The checksum of `bytes[range]`.
  public static func checksum(_ bytes: [UInt8], in range: Range<Int>, seed: UInt64 = 0) -> UInt64 {
    precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count, "\(range) of \(bytes.count) bytes")
    return unsafe bytes.withUnsafeBytes { unsafe checksum(UnsafeRawBufferPointer(rebasing: $0[range]), seed) }
  }

  /// The checksum of a stretch of bytes that belongs to somebody else.
  public static func checksum(_ bytes: Span<UInt8>, seed: UInt64 = 0) -> UInt64 {
    unsafe bytes.withUnsafeBytes { unsafe checksum($0, seed) }
  }

  private static func checksum(_ bytes: UnsafeRawBufferPointer, _ seed: UInt64) -> UInt64 {
    let count = bytes.count
    var at = 0
    var hash: UInt64
    if count >= 32 {
      var (a, b, c, d) = (seed &+ p1 &+ p2, seed &+ p2, seed, seed &- p1)
      while at + 32 <= count {
        a = round(a, unsafe load64(bytes, at))
        b = round(b, unsafe load64(bytes, at + 8))
        c = round(c, unsafe load64(bytes, at + 16))
        d = round(d, unsafe load64(bytes, at + 24))
        at += 32
      }
      hash = rotate(a, 1) &+ rotate(b, 7) &+ rotate(c, 12) &+ rotate(d, 18)
      for lane in [a, b, c, d] { hash = (hash ^ round(0, lane)) &* p1 &+ p4 }
    } else {
      hash = seed &+ p5
    }
    hash = hash &+ UInt64(count)
    while at + 8 <= count {
      hash = rotate(hash ^ round(0, unsafe load64(bytes, at)), 27) &* p1 &+ p4
      at += 8
    }
    if at + 4 <= count {
      hash = rotate(hash ^ UInt64(unsafe bytes.loadUnaligned(fromByteOffset: at, as: UInt32.self)) &* p1, 23) &* p2 &+ p3
      at += 4
    }
    while at < count {
      hash = rotate(hash ^ UInt64(unsafe bytes[at]) &* p5, 11) &* p1
      at += 1
    }
    hash = (hash ^ hash >> 33) &* p2
    hash = (hash ^ hash >> 29) &* p3
    return hash ^ hash >> 32
  }

  @inline(__always) private static func round(_ lane: UInt64, _ input: UInt64) -> UInt64 { rotate(lane &+ input &* p2, 31) &* p1 }

  @inline(__always) private static func rotate(_ x: UInt64, _ by: UInt64) -> UInt64 { x &<< by | x &>> (64 - by) }

  @inline(__always) private static func load64(_ bytes: UnsafeRawBufferPointer, _ at: Int) -> UInt64 {
    unsafe bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self)
  }
}
