/// Values in order, in a ring of raw memory that grows with them. Its owner frees it.
@safe
struct Ring<Element: BitwiseCopyable>: BitwiseCopyable {
  private var base: UnsafeMutablePointer<Element>
  /// Places, a power of two, less one.
  private var mask: Int
  private var head = 0
  private(set) var count = 0

  /// - Parameter capacity: how many values are expected; more find room too.
  init(capacity: Int) {
    var places = 4
    while places < min(capacity, 1024) { places *= 2 }
    unsafe base = .allocate(capacity: places)
    mask = places - 1
  }

  func free() { unsafe base.deallocate() }

  var bytes: Int { (mask + 1) * MemoryLayout<Element>.stride }

  subscript(i: Int) -> Element {
    @inline(__always) get { unsafe base[(head &+ i) & mask] }
    @inline(__always) nonmutating set { unsafe base[(head &+ i) & mask] = newValue }
  }

  @inline(__always) mutating func append(_ value: Element) {
    if count > mask { grow() }
    unsafe base[(head &+ count) & mask] = value
    count &+= 1
  }

  /// The oldest value. There must be one.
  @inline(__always) mutating func takeFirst() -> Element {
    let value = unsafe base[head]
    head = (head &+ 1) & mask
    count &-= 1
    return value
  }

  /// The i-th oldest value; those before it keep their order.
  mutating func take(at i: Int) -> Element {
    let value = self[i]
    var k = i
    while k > 0 {
      self[k] = self[k - 1]
      k -= 1
    }
    _ = takeFirst()
    return value
  }

  @inline(never) private mutating func grow() {
    let places = 2 * (mask + 1)
    let larger = UnsafeMutablePointer<Element>.allocate(capacity: places)
    for i in 0..<count { unsafe larger[i] = self[i] }
    unsafe base.deallocate()
    unsafe (base, mask, head) = (larger, places - 1, 0)
  }
}
