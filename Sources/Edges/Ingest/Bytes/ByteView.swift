internal import Glibc

/// Bytes that somebody else owns, for the length of one call: read one at a time or eight at a time, never beyond their end.
///
/// Every access is checked, so that bytes from outside cannot lead a decoder out of them.
@safe struct ByteView {
  private let base: UnsafeRawPointer?
  let count: Int

  @inline(__always) init(_ bytes: UnsafeRawBufferPointer) { unsafe (base, count) = (bytes.baseAddress, bytes.count) }

  @inline(__always) subscript(index: Int) -> UInt8 {
    precondition(index >= 0 && index < count, "reading byte \(index) of \(count)")
    return unsafe base.unsafelyUnwrapped.load(fromByteOffset: index, as: UInt8.self)
  }

  /// Eight bytes from `index` on, the first the lowest; zeros stand for what lies beyond the end.
  @inline(__always) func word(at index: Int) -> UInt64 {
    precondition(index >= 0, "reading a word at \(index)")
    if index &+ 8 <= count { return unsafe UInt64(littleEndian: base.unsafelyUnwrapped.loadUnaligned(fromByteOffset: index, as: UInt64.self)) }
    return lastWord(at: index)
  }

  private func lastWord(at index: Int) -> UInt64 {
    var word: UInt64 = 0
    var shift: UInt64 = 0
    var at = index
    while at < count, shift < 64 {
      word |= UInt64(self[at]) << shift
      (at, shift) = (at + 1, shift + 8)
    }
    return word
  }

  /// Whether `other[range]` stands here at `index`.
  @inline(__always) func holds(_ other: ByteView, _ start: Int, _ length: Int, at index: Int) -> Bool {
    guard index >= 0, length <= count &- index, start >= 0, length >= 0, length <= other.count &- start else { return false }
    if length == 0 { return true }
    return unsafe memcmp(base.unsafelyUnwrapped + index, other.base.unsafelyUnwrapped + start, length) == 0
  }

  /// Copies bytes to where the caller has made room; false where they are not all here.
  @inline(__always) func copy(from: Int, count copied: Int, to target: UnsafeMutableRawPointer) -> Bool {
    guard from >= 0, copied >= 0, copied <= count &- from, let base = unsafe base else { return copied == 0 }
    unsafe target.copyMemory(from: base + from, byteCount: copied)
    return true
  }

  /// A copy of the bytes in `range`.
  func copy(_ range: Range<Int>) -> [UInt8] {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "copying \(range) of \(count) bytes")
    guard let base = unsafe base else { return [] }
    return unsafe [UInt8](UnsafeRawBufferPointer(start: base + range.lowerBound, count: range.count))
  }

  /// The text in `range`; nil where it is not UTF-8.
  func text(_ range: Range<Int>) -> String? { String(validating: copy(range), as: UTF8.self) }
}

extension [UInt8] {
  /// Calls `body` with a view of the bytes.
  @inline(__always) func withView<T>(_ body: (ByteView) -> T) -> T {
    unsafe withUnsafeBytes { bytes in body(unsafe ByteView(bytes)) }
  }
}

/// Eight bytes at a time within one register.
enum Word {
  static let ones: UInt64 = 0x0101_0101_0101_0101
  static let highs: UInt64 = 0x8080_8080_8080_8080

  /// Has the high bit set in each byte that is zero (and perhaps in bytes above the first that is).
  @inline(__always) static func zeros(_ word: UInt64) -> UInt64 { (word &- ones) & ~word & highs }

  /// The same for bytes equal to `byte`.
  @inline(__always) static func matches(_ word: UInt64, _ byte: UInt8) -> UInt64 { zeros(word ^ (ones &* UInt64(byte))) }

  /// The number of eight ASCII digits, the first the most significant; nil where one is not a digit.
  ///
  /// Source: the three-multiplication method of D. Lemire, "Quickly parsing eight digits", 2018.
  @inline(__always) static func eightDigits(_ word: UInt64) -> UInt64? {
    guard (word & 0xF0F0_F0F0_F0F0_F0F0) | (((word &+ 0x0606_0606_0606_0606) & 0xF0F0_F0F0_F0F0_F0F0) >> 4) == 0x3333_3333_3333_3333 else {
      return nil
    }
    var v = ((word & 0x0F0F_0F0F_0F0F_0F0F) &* 2561) >> 8
    v = ((v & 0x00FF_00FF_00FF_00FF) &* 6_553_601) >> 16
    return ((v & 0x0000_FFFF_0000_FFFF) &* 42_949_672_960_001) >> 32
  }
}
