/// The future events of a run: a slot for everything that can have one event pending (a machine, a source, a process), and over the slots a
/// tournament tree whose root is the next event.
///
/// Scheduling, rescheduling and cancelling a slot replays its path to the root: O(log slots), with addresses known beforehand, so the
/// processor loads the whole path at once. Nothing is allocated for an event, a cancelled one leaves no trace, and there are never more
/// entries than slots. Events come in the order time, then priority, then first scheduled, first served.
///
/// - Source: D. E. Knuth, The Art of Computer Programming 3, section 5.4.1 (tournament trees).
@safe
public struct EventCalendar: ~Copyable {
  /// Node 1 is the root; the leaves stand from `leaves` on; a node holds the earlier of its two children.
  @usableFromInline var nodes: UnsafeMutablePointer<Event>
  @usableFromInline var leaves: Int
  /// How many slots there are.
  public private(set) var slots: Int
  @usableFromInline var order: UInt64 = 0

  /// - Parameter slots: at most `Event.slotLimit`.
  public init(slots: Int) {
    precondition(slots >= 0 && slots <= Event.slotLimit, "\(slots) slots; there may be \(Event.slotLimit)")
    self.slots = slots
    leaves = EventCalendar.leaves(for: slots)
    unsafe nodes = .allocate(capacity: 2 * leaves)
    unsafe nodes.initialize(repeating: .none, count: 2 * leaves)
  }

  deinit { unsafe nodes.deallocate() }

  private static func leaves(for slots: Int) -> Int {
    var n = 2
    while n < slots { n *= 2 }
    return n
  }

  /// The next event, which stays pending; `Event.none` where nothing is.
  @inlinable @inline(__always) public var next: Event { unsafe nodes[1] }

  /// The pending event of a slot, or `Event.none`.
  @inlinable @inline(__always) public subscript(slot: Int) -> Event {
    assert(slot >= 0 && slot < slots)
    return unsafe nodes[leaves &+ slot]
  }

  @inlinable @inline(__always) public func isPending(_ slot: Int) -> Bool { self[slot].key != .max }

  /// Schedules the slot's event at `time`, in place of one that may be pending.
  ///
  /// - Precondition: time ≥ 0 and a number.
  @inlinable @inline(__always) public mutating func schedule(_ slot: Int, at time: Double, _ kind: EventKind) {
    assert(slot >= 0 && slot < slots && time >= 0)
    // Adding 0 makes −0 into 0, whose bits order as they should.
    place(Event(time: time + 0, key: kind.bits | order << 26 | UInt64(truncatingIfNeeded: slot)), slot)
    order &+= 1
  }

  /// Takes the slot's event back; nothing happens where none is pending.
  @inlinable @inline(__always) public mutating func cancel(_ slot: Int) { place(.none, slot) }

  /// Whether so many events have been scheduled that their order can no longer be told: the run must end.
  @inlinable @inline(__always) public var isExhausted: Bool { order >= Event.orderLimit }

  @inlinable @inline(__always) mutating func place(_ event: Event, _ slot: Int) {
    var i = leaves &+ slot
    var winner = event
    unsafe nodes[i] = winner
    while i > 1 {
      winner = unsafe winner.earlier(nodes[i ^ 1])
      i >>= 1
      unsafe nodes[i] = winner
    }
  }

  /// Makes room for more slots; what is pending stays.
  public mutating func grow(to slots: Int) {
    precondition(slots <= Event.slotLimit, "\(slots) slots; there may be \(Event.slotLimit)")
    guard slots > self.slots else { return }
    if slots > leaves {
      let count = EventCalendar.leaves(for: slots)
      let larger = UnsafeMutablePointer<Event>.allocate(capacity: 2 * count)
      unsafe larger.initialize(repeating: .none, count: 2 * count)
      for i in 0..<self.slots { unsafe larger[count + i] = nodes[leaves + i] }
      var i = count - 1
      while i > 0 {
        unsafe larger[i] = larger[2 * i].earlier(larger[2 * i + 1])
        i -= 1
      }
      unsafe nodes.deallocate()
      unsafe (nodes, leaves) = (larger, count)
    }
    self.slots = slots
  }

  /// Bytes that the calendar holds.
  public var bytes: Int { 2 * leaves * MemoryLayout<Event>.stride }
}
