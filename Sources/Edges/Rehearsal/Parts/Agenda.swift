import Quantities

/// What is to happen, in order of time; of one time, in the order in which it was put down.
///
/// A binary heap of (time, number, place); the events themselves stay in their places, so that sorting moves small things.
struct Agenda<Event> {
  private struct Entry {
    var at: Instant
    var number: UInt64
    var place: Int
  }
  private var heap: [Entry] = []
  private var numbers: UInt64 = 0
  private var events: [Event?] = []
  private var free: [Int] = []

  var nextTime: Instant? { heap.first?.at }

  mutating func put(_ event: Event, at instant: Instant) {
    numbers += 1
    let place: Int
    if let last = free.popLast() {
      (place, events[last]) = (last, event)
    } else {
      place = events.count
      events.append(event)
    }
    heap.append(Entry(at: instant, number: numbers, place: place))
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
    guard let event = events[first.place].take() else { preconditionFailure("an entry without its event") }
    free.append(first.place)
    return (first.at, event)
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
