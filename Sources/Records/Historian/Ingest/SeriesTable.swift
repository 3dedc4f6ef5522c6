internal import Storage

/// Which number a tag has. Numbers are given in order of registration.
///
/// An open-addressed table of numbers by the tags' UTF-8, at most half full: a look-up makes no string.
struct SeriesTable: Sendable {
  private(set) var names: [String] = []
  private var hashes: [UInt64] = []
  /// Number + 1; 0 where the slot is free. The count is a power of two.
  private var slots = [UInt32](repeating: 0, count: 64)

  var count: Int { names.count }

  func find(_ tag: String) -> SeriesID? {
    var tag = tag
    return tag.withUTF8 { unsafe find(Span(_unsafeElements: $0)) }
  }

  func find(_ utf8: Span<UInt8>) -> SeriesID? {
    let hash = XXH64.checksum(utf8)
    var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    while slots[slot] != 0 {
      let number = slots[slot] - 1
      if hashes[Int(number)] == hash, isName(Int(number), utf8) { return SeriesID(index: number) }
      slot = (slot + 1) & (slots.count - 1)
    }
    return nil
  }

  mutating func register(_ tag: String) -> SeriesID {
    if let known = find(tag) { return known }
    precondition(names.count < Int(UInt32.max) - 1, "more tags than numbers")
    let id = SeriesID(index: UInt32(names.count))
    var tag = tag
    hashes.append(tag.withUTF8 { unsafe XXH64.checksum(Span(_unsafeElements: $0)) })
    names.append(tag)
    if 2 * names.count > slots.count { slots = [UInt32](repeating: 0, count: 2 * slots.count) } else { return place(id.index) }
    for number in 0..<id.index { _ = place(number) }
    return place(id.index)
  }

  private mutating func place(_ number: UInt32) -> SeriesID {
    var slot = Int(truncatingIfNeeded: hashes[Int(number)]) & (slots.count - 1)
    while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
    slots[slot] = number + 1
    return SeriesID(index: number)
  }

  private func isName(_ number: Int, _ utf8: Span<UInt8>) -> Bool {
    let name = names[number].utf8
    guard name.count == utf8.count else { return false }
    var i = 0
    for byte in name {
      if byte != utf8[i] { return false }
      i += 1
    }
    return true
  }
}
