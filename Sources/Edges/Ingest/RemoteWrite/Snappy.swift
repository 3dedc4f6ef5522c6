/// Undoes Snappy's block format, in which Prometheus sends its samples.
///
/// - Source: https://github.com/google/snappy/blob/main/format_description.txt
public enum Snappy {
  /// Why a block was not expanded. A retry does not help.
  public enum Failure: Error, Sendable, Hashable {
    /// Not Snappy, damaged, or cut short.
    case malformed
    /// It says that it grows beyond the limit.
    case tooLarge(limit: Int)
  }

  /// - Parameter limit: the most bytes that may come out.
  public static func expand(_ bytes: UnsafeRawBufferPointer, limit: Int) throws(Failure) -> [UInt8] {
    var input = unsafe ByteCursor(ByteView(bytes))
    guard let length = input.varint() else { throw .malformed }
    guard length <= UInt64(limit) else { throw .tooLarge(limit: limit) }
    let size = Int(length)
    var isWhole = false
    let out = unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
      var output = unsafe Output(UnsafeMutableRawBufferPointer(buffer))
      isWhole = expand(&input, &output) && output.count == size
      filled = output.count
    }
    guard isWhole else { throw .malformed }
    return out
  }

  /// Takes element after element; false at the first that is wrong.
  private static func expand(_ input: inout ByteCursor, _ output: inout Output) -> Bool {
    while let tag = input.byte() {
      switch tag & 3 {
      case 0:
        var length = Int(tag >> 2)
        if length >= 60 {
          guard let more = input.littleEndian(bytes: length - 59) else { return false }
          length = Int(more)
        }
        guard let from = input.take(length + 1), output.append(input.view, from: from, count: length + 1) else { return false }
      case 1:
        guard let low = input.byte() else { return false }
        guard output.repeat(back: Int(tag >> 5) << 8 | Int(low), count: Int(tag >> 2 & 7) + 4) else { return false }
      case 2:
        guard let back = input.littleEndian(bytes: 2), output.repeat(back: Int(back), count: Int(tag >> 2) + 1) else { return false }
      default:
        guard let back = input.littleEndian(bytes: 4), output.repeat(back: Int(back), count: Int(tag >> 2) + 1) else { return false }
      }
    }
    return true
  }

  /// Where the bytes go; never beyond its end.
  @safe private struct Output {
    private let base: UnsafeMutableRawPointer?
    private let capacity: Int
    private(set) var count = 0

    init(_ buffer: UnsafeMutableRawBufferPointer) { unsafe (base, capacity) = (buffer.baseAddress, buffer.count) }

    @inline(__always) mutating func append(_ view: ByteView, from: Int, count added: Int) -> Bool {
      guard added <= capacity - count, let base = unsafe base else { return false }
      guard unsafe view.copy(from: from, count: added, to: base + count) else { return false }
      count += added
      return true
    }

    /// Copies from what was written; the copy may reach into itself, which repeats a pattern.
    @inline(__always) mutating func `repeat`(back: Int, count added: Int) -> Bool {
      guard back > 0, back <= count, added <= capacity - count, let base = unsafe base else { return false }
      if back >= added {
        unsafe (base + count).copyMemory(from: base + (count - back), byteCount: added)
      } else {
        for i in 0..<added {
          unsafe base.storeBytes(of: base.load(fromByteOffset: count + i - back, as: UInt8.self), toByteOffset: count + i, as: UInt8.self)
        }
      }
      count += added
      return true
    }
  }
}
