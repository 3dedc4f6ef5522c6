import Telemetry

/// The readings of one machine's state, and the work that it allows.
///
/// Where a state cannot follow the one before (`PackMLOrder`), what was missed is taken to have begun midway: a stop that has no beginning
/// begins midway between the last reading of work and the first of the stop.
struct StateJournal: Sendable {
  private(set) var told = Journal<MachineState>()

  mutating func insert(_ state: MachineState, at time: Double) -> Journal<MachineState>.Insertion { told.insert(state, at: time) }

  mutating func trim(before time: Double) { _ = told.trim(before: time) }

  func state(at time: Double) -> MachineState? {
    let i = told.firstIndex(after: time)
    return i > 0 ? told.entries[i - 1].value : nil
  }

  /// Whether the stretch that begins with entry `i` allows work, and the instant at which that turns because of a lost state.
  private func stretch(_ i: Int) -> (allowsWork: Bool, turn: Double) {
    guard i >= 0 else { return (true, .infinity) }
    let state = told.entries[i].value
    guard i + 1 < told.entries.count, state.allowsWork, !told.entries[i + 1].value.allowsWork else { return (state.allowsWork, .infinity) }
    let next = told.entries[i + 1]
    let isBroken = !PackMLOrder.missing(from: state, to: next.value).isEmpty
    return (true, isBroken ? (told.entries[i].time + next.time) / 2 : .infinity)
  }

  /// Seconds that allow work between two instants.
  func worked(from start: Double, to end: Double) -> Double {
    var total = 0.0
    var time = start
    var i = told.firstIndex(after: start) - 1
    while time < end {
      let (allowsWork, turn) = stretch(i)
      let next = min(end, i + 1 < told.entries.count ? told.entries[i + 1].time : .infinity)
      if allowsWork { total += max(0, min(next, turn) - time) }
      time = next
      i += 1
    }
    return total
  }

  /// When `work` seconds of work will be done, begun at `start`; ∞ while the machine stands.
  func instant(after work: Double, from start: Double) -> Double {
    var left = max(work, 0)
    var time = start
    var i = told.firstIndex(after: start) - 1
    while true {
      let (allowsWork, turn) = stretch(i)
      let next = i + 1 < told.entries.count ? told.entries[i + 1].time : .infinity
      if allowsWork {
        let end = max(time, min(next, turn))
        if time + left <= end { return time + left }
        left -= end - time
      }
      if next == .infinity { return .infinity }
      (time, i) = (next, i + 1)
    }
  }

  /// Whether the machine waits at `start` and is not told to have gone on by `end`; false when there was no time to tell.
  func waits(from start: Double, through end: Double, horizon: Double) -> Bool {
    let i = told.firstIndex(after: start)
    guard horizon > end, i > 0, told.entries[i - 1].value.isWaiting else { return false }
    return i == told.entries.count || told.entries[i].time > end || told.entries[i].value.isWaiting
  }

  /// The first entry in (start, end] whose state satisfies the test.
  func first(after start: Double, upTo end: Double, repeated: Bool = false, where test: (MachineState) -> Bool) -> Double? {
    var i = told.firstIndex(after: start)
    while i < told.entries.count, told.entries[i].time <= end {
      if test(told.entries[i].value), repeated || i == 0 || !test(told.entries[i - 1].value) { return told.entries[i].time }
      i += 1
    }
    return nil
  }
}
