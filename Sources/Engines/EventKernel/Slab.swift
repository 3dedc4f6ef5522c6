/// A fixed run of plain values in raw memory, without reference counts, for the event loop. Bounds are checked in debug builds.
@safe
public struct Slab<Element: BitwiseCopyable>: ~Copyable {
  @usableFromInline let base: UnsafeMutablePointer<Element>
  public let count: Int

  public init(count: Int, repeating value: Element) {
    self.count = count
    unsafe base = .allocate(capacity: max(count, 1))
    unsafe base.initialize(repeating: value, count: count)
  }

  public init(_ elements: [Element]) {
    count = elements.count
    unsafe base = .allocate(capacity: max(count, 1))
    for (i, element) in elements.enumerated() { unsafe (base + i).initialize(to: element) }
  }

  /// Bytes that it holds.
  public var bytes: Int { count * MemoryLayout<Element>.stride }

  deinit { unsafe base.deallocate() }

  @inlinable @inline(__always)
  public subscript(i: Int) -> Element {
    unsafeAddress {
      assert(i >= 0 && i < count)
      return unsafe UnsafePointer(base + i)
    }
    nonmutating unsafeMutableAddress {
      assert(i >= 0 && i < count)
      return unsafe base + i
    }
  }
}
