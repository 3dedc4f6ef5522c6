internal import Historian

/// From the bytes of `measurement,tag=value` and a field's name to a series, without making a string.
///
/// An open-addressing table of keys, compared byte by byte; each key has a list of its fields in the order in which they first came. Two
/// guesses spare most searches: the key that followed the last one the time before, and the field that followed the last one.
struct SeriesCache: Sendable {
  /// A place in the table of keys or of fields; −1 for none.
  typealias Place = Int32

  private struct Key {
    var start: Int
    var length: Int32
    var hash: UInt32
    var firstField: Place = -1
    /// The key that came after this one the last time.
    var following: Place = -1
  }

  struct Field {
    fileprivate var start: Int
    fileprivate var length: Int32
    /// The name's first eight bytes with `=` behind a shorter one, and which of their bits count.
    fileprivate var head: UInt64
    fileprivate var mask: UInt64
    fileprivate(set) var series: SeriesID
    /// The field is the line's quality, not a series.
    fileprivate(set) var isQuality: Bool
    fileprivate(set) var next: Place = -1
  }

  private var keys: [Key] = []
  private var fields: [Field] = []
  private var names: [UInt8] = []
  private var slots: [Place]
  private let seed: UInt64
  private let byteLimit: Int

  /// - Parameters:
  ///   - seed: sets the hash, so that no sender can prepare keys that collide.
  ///   - byteLimit: a cache that has grown beyond this begins anew.
  init(seed: UInt64, byteLimit: Int) {
    (self.seed, self.byteLimit) = (seed, byteLimit)
    slots = Array(repeating: -1, count: 1024)
  }

  var byteCount: Int { names.count + keys.count * MemoryLayout<Key>.stride + fields.count * MemoryLayout<Field>.stride + slots.count * 4 }

  // MARK: - Keys

  /// The key expected after `place`, if its bytes stand at `index`. What stands behind them, which may belong to the key, the caller must see.
  @inline(__always) func expected(after place: Place, in bytes: ByteView, at index: Int) -> Place? {
    // The table may have begun anew since.
    guard place >= 0, Int(place) < keys.count else { return nil }
    let following = keys[Int(place)].following
    guard following >= 0 else { return nil }
    let key = keys[Int(following)]
    return matches(key.start, Int(key.length), bytes, index) ? following : nil
  }

  @inline(__always) func length(of place: Place) -> Int { Int(keys[Int(place)].length) }

  /// The key whose bytes are `bytes[index..<end]`, if it is known.
  func find(_ bytes: ByteView, _ index: Int, _ end: Int, hash: UInt32) -> Place? {
    var slot = Int(hash) & (slots.count - 1)
    while slots[slot] >= 0 {
      let place = slots[slot]
      let key = keys[Int(place)]
      if key.hash == hash, Int(key.length) == end - index, matches(key.start, end - index, bytes, index) { return place }
      slot = (slot + 1) & (slots.count - 1)
    }
    return nil
  }

  mutating func insert(_ bytes: ByteView, _ index: Int, _ end: Int, hash: UInt32) -> Place {
    if byteCount > byteLimit { self = SeriesCache(seed: seed, byteLimit: byteLimit) }
    if 2 * (keys.count + 1) > slots.count { grow() }
    let place = Place(keys.count)
    keys.append(Key(start: names.count, length: Int32(end - index), hash: hash))
    for i in index..<end { names.append(bytes[i]) }
    settle(place)
    return place
  }

  /// Remembers that `place` came after `before`, which may be gone.
  @inline(__always) mutating func follow(_ before: Place, by place: Place) {
    if before >= 0, Int(before) < keys.count, keys[Int(before)].following != place { keys[Int(before)].following = place }
  }

  /// The bytes of a key, for reading it again.
  func bytes(of place: Place) -> [UInt8] {
    let key = keys[Int(place)]
    return Array(names[key.start..<key.start + Int(key.length)])
  }

  /// A hash of the bytes, eight at a time by multiplication and folding.
  @inline(__always) func hash(_ bytes: ByteView, _ index: Int, _ end: Int) -> UInt32 {
    var at = index
    var h = seed &+ UInt64(truncatingIfNeeded: end &- index)
    while at < end {
      var word = bytes.word(at: at)
      let left = end &- at
      if left < 8 { word &= (1 &<< UInt64(8 &* left)) &- 1 }
      let (high, low) = (h ^ word).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
      h = high ^ low
      at &+= 8
    }
    return UInt32(truncatingIfNeeded: h ^ (h >> 32))
  }

  // MARK: - Fields

  @inline(__always) func firstField(of key: Place) -> Place { keys[Int(key)].firstField }

  @inline(__always) func field(_ place: Place) -> Field { fields[Int(place)] }

  /// Whether the name of the field at `place` stands at `index` with `=` behind it; `index` then moves behind that.
  @inline(__always) func isField(_ place: Place, in bytes: ByteView, at index: inout Int) -> Bool {
    let field = fields[Int(place)]
    guard (bytes.word(at: index) ^ field.head) & field.mask == 0 else { return false }
    let length = Int(field.length)
    if length >= 8 {
      guard index &+ length < bytes.count, bytes[index &+ length] == .equals, matches(field.start, length, bytes, index) else { return false }
    }
    index = index &+ length &+ 1
    return true
  }

  /// Adds a field behind the others of its key.
  mutating func insertField(_ name: [UInt8], of key: Place, series: SeriesID, isQuality: Bool) -> Place {
    let (head, mask) = (name + [.equals]).withView { view in
      (view.word(at: 0), view.count >= 8 ? UInt64.max : (1 << UInt64(8 * view.count)) - 1)
    }
    let place = Place(fields.count)
    fields.append(Field(start: names.count, length: Int32(name.count), head: head, mask: mask, series: series, isQuality: isQuality))
    names += name
    var last = keys[Int(key)].firstField
    if last < 0 {
      keys[Int(key)].firstField = place
    } else {
      while fields[Int(last)].next >= 0 { last = fields[Int(last)].next }
      fields[Int(last)].next = place
    }
    return place
  }

  // MARK: -

  @inline(__always) private func matches(_ start: Int, _ length: Int, _ bytes: ByteView, _ index: Int) -> Bool {
    unsafe names.withUnsafeBytes { bytes.holds(unsafe ByteView($0), start, length, at: index) }
  }

  private mutating func grow() {
    slots = Array(repeating: -1, count: slots.count * 2)
    for place in keys.indices { settle(Place(place)) }
  }

  private mutating func settle(_ place: Place) {
    var slot = Int(keys[Int(place)].hash) & (slots.count - 1)
    while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
    slots[slot] = place
  }
}
