import EventKernel
import Testing

private let arrival = EventKind(code: 3, priority: 2)
private let urgent = EventKind(code: 9, priority: 1)

/// SplitMix64: the kernel knows no randomness, so its test brings its own.
private struct Dice {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
  mutating func below(_ n: Int) -> Int { Int(next() % UInt64(n)) }
}

@Test func atOneInstantPriorityComesFirstThenOrder() {
  var calendar = EventCalendar(slots: 5)
  calendar.schedule(4, at: 1, arrival)
  calendar.schedule(0, at: 1, arrival)
  calendar.schedule(2, at: 1, urgent)
  calendar.schedule(1, at: 0.5, arrival)
  var seen: [Int] = []
  while calendar.next.key != Event.none.key {
    seen.append(calendar.next.slot)
    calendar.cancel(calendar.next.slot)
  }
  #expect(seen == [1, 2, 4, 0])
}

@Test func anEventTellsItsTimeKindAndSlot() {
  var calendar = EventCalendar(slots: 3)
  #expect(calendar.next.time == .infinity && !calendar.isPending(2))
  calendar.schedule(2, at: -0.0, urgent)
  #expect(calendar.next.time == 0 && calendar.next.code == 9 && calendar.next.slot == 2 && calendar.isPending(2))
  calendar.schedule(2, at: 7, arrival)
  #expect(calendar.next.time == 7 && calendar.next.code == 3)
}

/// Against a plain search over all pending events: any mix of scheduling, moving, cancelling and growing gives the same order.
@Test(arguments: 0..<40 as Range<UInt64>) func theCalendarAgreesWithAPlainSearch(seed: UInt64) {
  var dice = Dice(state: seed)
  var calendar = EventCalendar(slots: 1 + dice.below(9))
  var pending: [(time: Double, priority: Int, order: Int, slot: Int)] = []
  for order in 0..<600 {
    if dice.below(60) == 0 { calendar.grow(to: calendar.slots + dice.below(20)) }
    let slot = dice.below(calendar.slots)
    pending.removeAll { $0.slot == slot }
    if dice.below(4) == 0 {
      calendar.cancel(slot)
    } else {
      let isUrgent = dice.below(2) == 0
      let time = Double(dice.below(8))
      calendar.schedule(slot, at: time, isUrgent ? urgent : arrival)
      pending.append((time, isUrgent ? 1 : 2, order, slot))
    }
    let first = pending.min { ($0.time, $0.priority, $0.order) < ($1.time, $1.priority, $1.order) }
    #expect(calendar.next.time == first?.time ?? .infinity)
    if let first { #expect(calendar.next.slot == first.slot, "seed \(seed), step \(order)") }
  }
}
