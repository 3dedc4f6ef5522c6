/// A stream of random numbers that belongs to one purpose, such as the repair times of one station in one replication.
///
/// A stream is a key and a position in Philox4x64-10. The key comes from a seed and a path of names and numbers:
///
///     let repairs = RandomStream(seed: 7).split("replication").split(3).split("Filler").split("repair")
///
/// Streams of different paths are independent, and drawing from one moves no other. That is what common random numbers need: two runs
/// with one seed meet the same luck at each station, whatever else differs between them.
///
/// **Key.** A stream starts at the key (mix(seed), mix(~seed)). `split(w)` of a stream with key (a, b) has the key
/// (mix(a ⊕ w), mix(b + w·0xD1B54A32D192ED03 + 1)), where w is FNV-1a of a name or mix(number ⊕ 0x5851F42D4C957F2D), and mix is
/// SplitMix64's finaliser (`StableHash`). A split does not depend on how much has been drawn. These rules are part of the format: changing
/// them changes every recorded run.
public struct RandomStream: Sendable, BitwiseCopyable {
  @usableFromInline let key0: UInt64
  @usableFromInline let key1: UInt64
  /// The next block of four words to be made. Blocks are made two at a time, so that their rounds overlap in the processor.
  @usableFromInline var nextBlock: UInt64 = 0
  /// How many of `words` are taken already.
  @usableFromInline var lane: Int = 8
  @usableFromInline var words: InlineArray<8, UInt64> = .init(repeating: 0)

  /// The root stream of a seed.
  public init(seed: UInt64) {
    (key0, key1) = (StableHash.mix(seed), StableHash.mix(~seed))
  }

  /// The stream of a path of names below a seed; the same as splitting by each name in turn.
  public init(seed: UInt64, _ path: String...) {
    self = path.reduce(RandomStream(seed: seed)) { $0.split($1) }
  }

  private init(key0: UInt64, key1: UInt64) { (self.key0, self.key1) = (key0, key1) }

  /// The stream below this one that belongs to a name.
  public func split(_ name: String) -> RandomStream { split(word: StableHash.fnv1a(name)) }

  /// The stream below this one that belongs to a number, such as a replication.
  public func split(_ number: Int) -> RandomStream {
    split(word: StableHash.mix(UInt64(bitPattern: Int64(number)) ^ 0x5851_F42D_4C95_7F2D))
  }

  private func split(word: UInt64) -> RandomStream {
    RandomStream(key0: StableHash.mix(key0 ^ word), key1: StableHash.mix(key1 &+ word &* 0xD1B5_4A32_D192_ED03 &+ 1))
  }

  /// How many 64-bit words have been drawn.
  public var position: UInt64 { nextBlock &* 4 &+ UInt64(lane) &- 8 }

  /// The same stream at another position: the next word drawn is word `position`, counted from 0.
  public func moved(to position: UInt64) -> RandomStream {
    var stream = RandomStream(key0: key0, key1: key1)
    stream.nextBlock = (position >> 3) << 1
    if position & 7 != 0 {
      stream.refill()
      stream.lane = Int(position & 7)
    }
    return stream
  }

  /// The next 64 random bits.
  @inlinable @inline(__always) public mutating func next() -> UInt64 {
    if lane == 8 { refill() }
    // The lane is below 8: `refill` and this function alone move it.
    let word = unsafe words[unchecked: lane]
    lane &+= 1
    return word
  }

  @usableFromInline @inline(never)
  mutating func refill() {
    let key = (key0, key1)
    let a = Philox.block(counter: (nextBlock, 0, 0, 0), key: key)
    let b = Philox.block(counter: (nextBlock &+ 1, 0, 0, 0), key: key)
    words = [a.0, a.1, a.2, a.3, b.0, b.1, b.2, b.3]
    nextBlock &+= 2
    lane = 0
  }
}

extension RandomStream: Hashable {
  public static func == (a: RandomStream, b: RandomStream) -> Bool {
    a.key0 == b.key0 && a.key1 == b.key1 && a.position == b.position
  }
  public func hash(into hasher: inout Hasher) {
    hasher.combine(key0)
    hasher.combine(key1)
    hasher.combine(position)
  }
}

/// Written as `{"key": [k0, k1], "position": n}`.
extension RandomStream: Codable {
  private enum CodingKeys: CodingKey { case key, position }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let key = try container.decode([UInt64].self, forKey: .key)
    guard key.count == 2 else {
      throw DecodingError.dataCorruptedError(forKey: .key, in: container, debugDescription: "a stream's key has two words, not \(key.count)")
    }
    self = RandomStream(key0: key[0], key1: key[1]).moved(to: try container.decode(UInt64.self, forKey: .position))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode([key0, key1], forKey: .key)
    try container.encode(position, forKey: .position)
  }
}
