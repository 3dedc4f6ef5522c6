internal import Determinism

/// Words that were met, in the order in which they were met, each with the word that led to it.
///
/// An open-addressing table (linear probing, at most half full) over a growing list. Storage is raw because a debug build, in which the
/// suite runs, would otherwise spend its time in array accessors.
///
/// - Source: D. E. Knuth, The Art of Computer Programming 3, section 6.4 (linear probing).
@safe struct StateSet: ~Copyable {
  private static var none: UInt64 { .max }
  private var table: UnsafeMutablePointer<UInt64>
  private var mask: UInt64
  private var words: UnsafeMutablePointer<UInt64>
  private var parents: UnsafeMutablePointer<UInt32>
  private var actions: UnsafeMutablePointer<UInt8>
  private var room: Int
  private(set) var count = 0

  init() {
    room = 1 << 11
    let slots = room * 2
    unsafe table = .allocate(capacity: slots)
    unsafe table.initialize(repeating: Self.none, count: slots)
    mask = UInt64(slots - 1)
    unsafe words = .allocate(capacity: room)
    unsafe parents = .allocate(capacity: room)
    unsafe actions = .allocate(capacity: room)
  }

  deinit {
    unsafe table.deallocate()
    unsafe words.deallocate()
    unsafe parents.deallocate()
    unsafe actions.deallocate()
  }

  /// Takes a word in, with the index of the word that led to it and the action that did.
  ///
  /// - Returns: whether it is new.
  /// - Precondition: `word` is not `UInt64.max`.
  mutating func insert(_ word: UInt64, from parent: Int, by action: UInt8) -> Bool {
    precondition(word != Self.none, "the word of all ones stands for no state")
    if count == room { grow() }
    guard place(word) else { return false }
    unsafe (words + count).initialize(to: word)
    unsafe (parents + count).initialize(to: UInt32(truncatingIfNeeded: parent))
    unsafe (actions + count).initialize(to: action)
    count += 1
    return true
  }

  /// The word that was met as number `index`.
  func word(_ index: Int) -> UInt64 {
    precondition(index >= 0 && index < count, "word \(index) of \(count)")
    return unsafe words[index]
  }

  /// Whence the word number `index` came.
  func origin(_ index: Int) -> (parent: Int, action: UInt8) {
    precondition(index >= 0 && index < count, "word \(index) of \(count)")
    return unsafe (Int(parents[index]), actions[index])
  }

  /// Puts a word into the table; false where it stands there already.
  private func place(_ word: UInt64) -> Bool {
    var slot = StableHash.mix(word) & mask
    while true {
      let found = unsafe table[Int(bitPattern: UInt(slot))]
      if found == word { return false }
      if found == Self.none { break }
      slot = (slot &+ 1) & mask
    }
    unsafe table[Int(bitPattern: UInt(slot))] = word
    return true
  }

  private mutating func grow() {
    precondition(room < 1 << 31, "more states than the checker can number")
    let wider = room * 2
    unsafe words = Self.moved(words, count, to: wider)
    unsafe parents = Self.moved(parents, count, to: wider)
    unsafe actions = Self.moved(actions, count, to: wider)
    room = wider
    let slots = wider * 2
    unsafe table.deallocate()
    unsafe table = .allocate(capacity: slots)
    unsafe table.initialize(repeating: Self.none, count: slots)
    mask = UInt64(slots - 1)
    var index = 0
    while index < count {
      _ = place(unsafe words[index])
      index += 1
    }
  }

  private static func moved<Element>(_ old: UnsafeMutablePointer<Element>, _ count: Int, to capacity: Int) -> UnsafeMutablePointer<Element> {
    let new = UnsafeMutablePointer<Element>.allocate(capacity: capacity)
    unsafe new.moveInitialize(from: old, count: count)
    unsafe old.deallocate()
    return unsafe new
  }
}
