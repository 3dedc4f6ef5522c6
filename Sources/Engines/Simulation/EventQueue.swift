/// An event: 16 bytes. `key` holds, from its top bit down, priority (3 bits), order of scheduling (37), kind (4) and index (20), so that two
/// comparisons give the order time, then priority, then first in first out.
struct Event: BitwiseCopyable {
  var time: Double
  var key: UInt64

  enum Kind: UInt8 {
    case closureEnd, arrivalOnBuffer, repairEnd, microstopEnd, completion, failure, microstop, delivery, closureStart

    /// What happens first at one instant: a station reopens before parts move, and closes after.
    @inline(__always) var priority: UInt64 {
      switch self {
      case .closureEnd: 0
      case .arrivalOnBuffer, .repairEnd, .microstopEnd: 1
      case .completion, .failure, .microstop: 2
      case .delivery: 3
      case .closureStart: 4
      }
    }
  }

  @inline(__always) init(time: Double, kind: Kind, index: Int, order: UInt64) {
    self.time = time
    key = kind.priority << 61 | order << 24 | UInt64(kind.rawValue) << 20 | UInt64(truncatingIfNeeded: index)
  }

  @inline(__always) var index: Int { Int(truncatingIfNeeded: key & 0xf_ffff) }
  @inline(__always) var kindCode: UInt8 { UInt8(truncatingIfNeeded: (key >> 20) & 0xf) }

  @inline(__always) static func < (a: Event, b: Event) -> Bool { a.time < b.time || (a.time == b.time && a.key < b.key) }

  static let indexLimit = 1 << 20
}

/// The pending events of a run: a heap with four children a node, in raw memory.
///
/// A cancelled event stays and is passed over when its turn comes, so the heap holds at most a few events for each station and source.
@safe
struct EventQueue: ~Copyable {
  private var heap: UnsafeMutablePointer<Event>
  private var capacity: Int
  private(set) var count = 0
  private var order: UInt64 = 0

  init(capacity: Int) {
    self.capacity = max(capacity, 16)
    unsafe heap = .allocate(capacity: self.capacity)
  }

  deinit { unsafe heap.deallocate() }

  /// The time of the next event; infinite where there is none.
  @inline(__always) var nextTime: Double { count > 0 ? unsafe heap[0].time : .infinity }

  /// Schedules an event and returns its key, which is unique.
  @inline(__always) mutating func push(_ time: Double, _ kind: Event.Kind, _ index: Int) -> UInt64 {
    let event = Event(time: time, kind: kind, index: index, order: order)
    order &+= 1
    if count == capacity { grow() }
    var i = count
    count &+= 1
    while i > 0 {
      let parent = (i &- 1) >> 2
      if unsafe !(event < heap[parent]) { break }
      unsafe heap[i] = heap[parent]
      i = parent
    }
    unsafe heap[i] = event
    return event.key
  }

  /// Takes the next event out. There must be one.
  @inline(__always) mutating func pop() -> Event {
    let top = unsafe heap[0]
    count &-= 1
    if count > 0 {
      let event = unsafe heap[count]
      var i = 0
      while true {
        let first = 4 &* i &+ 1
        if first >= count { break }
        var least = first
        let end = min(first &+ 4, count)
        var j = first &+ 1
        while j < end {
          if unsafe heap[j] < heap[least] { least = j }
          j &+= 1
        }
        if unsafe !(heap[least] < event) { break }
        unsafe heap[i] = heap[least]
        i = least
      }
      unsafe heap[i] = event
    }
    return top
  }

  @inline(never) private mutating func grow() {
    let larger = UnsafeMutablePointer<Event>.allocate(capacity: capacity * 2)
    unsafe larger.moveInitialize(from: heap, count: count)
    unsafe heap.deallocate()
    unsafe heap = larger
    capacity *= 2
  }
}
