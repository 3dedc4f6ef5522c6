import Quantities

/// What is to happen, in order of time; of one time, in the order in which it was put down.
struct Agenda<Event> {
  private struct Entry {
    var at: Instant
    var number: UInt64
    var event: Event
  }
  private var heap: [Entry] = []
  private var numbers: UInt64 = 0

  var nextTime: Instant? { heap.first?.at }

  mutating func put(_ event: Event, at instant: Instant) {
    numbers += 1
    heap.append(Entry(at: instant, number: numbers, event: event))
    var child = heap.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard isEarlier(child, parent) else { break }
      heap.swapAt(child, parent)
      child = parent
    }
  }

  mutating func next() -> (at: Instant, event: Event)? {
    guard let first = heap.first else { return nil }
    let last = heap.removeLast()
    if !heap.isEmpty {
      heap[0] = last
      sink()
    }
    return (first.at, first.event)
  }

  private mutating func sink() {
    var parent = 0
    while true {
      let (left, right) = (2 * parent + 1, 2 * parent + 2)
      var least = parent
      if left < heap.count, isEarlier(left, least) { least = left }
      if right < heap.count, isEarlier(right, least) { least = right }
      if least == parent { return }
      heap.swapAt(parent, least)
      parent = least
    }
  }

  private func isEarlier(_ a: Int, _ b: Int) -> Bool { (heap[a].at, heap[a].number) < (heap[b].at, heap[b].number) }
}
