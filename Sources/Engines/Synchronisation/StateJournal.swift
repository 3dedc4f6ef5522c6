import Telemetry

/// The readings of one machine's state, and the work that it allows.
///
/// Where a state cannot follow the one before (`PackMLOrder`), what was missed is taken to have begun midway: a stop that has no beginning
/// begins midway between the last sign of work and the first of the stop. A stop that is told on the beat at which everything is told again was
/// told first a heartbeat before, and that message was lost.
struct StateJournal: Sendable {
  private(set) var told = Journal<MachineState>()
  /// When finishes were told, oldest first, and how many pieces since the count before.
  private var finishes: [(time: Double, pieces: Int)] = []
  private var cycle = 0.0
  /// When the machine's tags are told again, and how long after they last were.
  var heartbeats: Beat
  private let heartbeat: Double

  init(heartbeat: Double, scan: Double) {
    self.heartbeat = heartbeat
    heartbeats = Beat(period: scan)
  }

  mutating func insert(_ state: MachineState, at time: Double) -> Journal<MachineState>.Insertion { told.insert(state, at: time) }

  mutating func trim(before time: Double) {
    _ = told.trim(before: time)
    let first = told.entries.first?.time ?? time
    if let kept = finishes.firstIndex(where: { $0.time >= min(first, time) }) { finishes.removeFirst(kept) } else { finishes = [] }
    if finishes.count > Journal<MachineState>.most { finishes.removeFirst(finishes.count - Journal<MachineState>.most) }
  }

  func state(at time: Double) -> MachineState? {
    let i = told.firstIndex(after: time)
    return i > 0 ? told.entries[i - 1].value : nil
  }

  /// Pieces were told as finished: where the machine is told to stand, it has gone on again by then, and nobody told.
  mutating func noteFinish(of pieces: Int, at time: Double, cycle: Double) {
    self.cycle = cycle
    var i = finishes.count
    while i > 0, finishes[i - 1].time > time { i -= 1 }
    if i > 0, finishes[i - 1].time == time { finishes[i - 1].pieces = pieces } else { finishes.insert((time, pieces), at: i) }
  }

  /// The last finish told before `time`.
  func lastFinish(before time: Double) -> Double? { finishes.last { $0.time < time }?.time }

  /// Whether the stretch that begins with entry `i` allows work, and the instant at which that turns because of a lost state.
  private func stretch(_ i: Int) -> (allowsWork: Bool, turn: Double) {
    guard i >= 0 else { return (true, .infinity) }
    let (state, begin) = (told.entries[i].value, told.entries[i].time)
    let end = i + 1 < told.entries.count ? told.entries[i + 1].time : .infinity
    guard state.allowsWork else {
      // Of the first piece half was left, on average.
      let proof = finishes.first { $0.time > begin + 0.01 && $0.time < end }
      return (false, proof.map { max(begin, $0.time - cycle * (Double($0.pieces) - 0.5)) } ?? .infinity)
    }
    guard i + 1 < told.entries.count, !told.entries[i + 1].value.allowsWork else { return (true, .infinity) }
    let isBroken = !PackMLOrder.missing(from: state, to: told.entries[i + 1].value).isEmpty
    let isRepeated = mayBeRepeated(i + 1)
    guard isBroken || isRepeated else { return (true, .infinity) }
    // Who counts works.
    let working = max(begin, finishes.last { $0.time < end }?.time ?? begin)
    return (true, isBroken ? (working + end) / 2 : max(working, end - heartbeat - heartbeats.period / 2))
  }

  /// Whether entry `i` may only be told again, its first message lost: it came on the beat, and nothing was told for as long.
  private func mayBeRepeated(_ i: Int) -> Bool {
    let time = told.entries[i].time
    return heartbeats.contains(time) == true && (i == 0 || isHeartbeat(time, after: told.entries[i - 1].time))
  }

  /// Whether so much time has passed that what was told at `previous` may be told again.
  func isHeartbeat(_ time: Double, after previous: Double) -> Bool { time - previous > 0.97 * heartbeat }

  /// Whether entry `i` tells that the machine waits as it was told to before, though not on the beat: it has worked in between, and nobody told.
  private func waitsAnew(_ i: Int) -> Bool {
    i > 0 && told.entries[i].value.isWaiting && told.entries[i].value == told.entries[i - 1].value
      && heartbeats.contains(told.entries[i].time) == false
  }

  /// The first entry in (start, end] that tells that the machine waits, and did something else before.
  ///
  /// - Parameter isUntold: also where nobody told that it did something else.
  func firstWait(after start: Double, upTo end: Double, evenIfUntold isUntold: Bool = true) -> Double? {
    var i = told.firstIndex(after: start)
    while i < told.entries.count, told.entries[i].time <= end {
      let waited = i > 0 && told.entries[i - 1].value.isWaiting
      if told.entries[i].value.isWaiting, !waited || isUntold && waitsAnew(i) { return told.entries[i].time }
      i += 1
    }
    return nil
  }

  /// Seconds that allow work between two instants.
  func worked(from start: Double, to end: Double) -> Double {
    var total = 0.0
    var time = start
    var i = told.firstIndex(after: start) - 1
    while time < end {
      let (allowsWork, turn) = stretch(i)
      let next = min(end, i + 1 < told.entries.count ? told.entries[i + 1].time : .infinity)
      total += allowsWork ? max(0, min(next, turn) - time) : max(0, next - max(time, turn))
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
      let (begin, end) = allowsWork ? (time, max(time, min(next, turn))) : (max(time, min(next, turn)), next)
      if begin < .infinity {
        if begin + left <= end { return begin + left }
        left -= end - begin
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

  /// The first entry in (start, end] that tells that the machine waits, still or anew, or that it goes on after it waited.
  func firstOfWaiting(after start: Double, upTo end: Double) -> Double? {
    var i = told.firstIndex(after: start)
    while i < told.entries.count, told.entries[i].time <= end {
      if told.entries[i].value.isWaiting || resumes(i) { return told.entries[i].time }
      i += 1
    }
    return nil
  }

  /// When the machine that waits at `start` next goes on; nil: not told by `end`, or something else came first.
  func resumption(after start: Double, upTo end: Double) -> Double? {
    var i = told.firstIndex(after: start)
    guard i > 0, told.entries[i - 1].value.isWaiting else { return nil }
    while i < told.entries.count, told.entries[i].time <= end, told.entries[i].value.isWaiting { i += 1 }
    return i < told.entries.count && told.entries[i].time <= end && resumes(i) ? told.entries[i].time : nil
  }

  /// If the machine is told at `time` to wait as it was told to before, though not on the beat: when it was told before. Something else has been in
  /// between, and nobody told.
  func repeatedOffBeat(at time: Double) -> Double? {
    let i = told.firstIndex(after: time) - 1
    return i > 0 && waitsAnew(i) ? told.entries[i - 1].time : nil
  }

  /// Since when the machine was told to do what it did before the state that is told at `time`.
  func begin(ofStateBefore time: Double) -> Double? {
    var i = told.firstIndex(after: time) - 2
    guard i >= 0 else { return nil }
    while i > 0, told.entries[i - 1].value == told.entries[i].value { i -= 1 }
    return told.entries[i].time
  }

  private func resumes(_ i: Int) -> Bool { i > 0 && told.entries[i].value == .execute && told.entries[i - 1].value.isWaiting }

  /// When the machine that works is first told to stand in (start, end], if it lets a piece be finished before; nil: it stands at `start`.
  func firstOrderlyStop(after start: Double, upTo end: Double) -> Double? {
    var i = told.firstIndex(after: start)
    guard i == 0 || told.entries[i - 1].value.allowsWork else { return nil }
    while i < told.entries.count, told.entries[i].time <= end, told.entries[i].value.allowsWork { i += 1 }
    guard i < told.entries.count, told.entries[i].time <= end, told.entries[i].value.isOrderlyStop, !mayBeRepeated(i) else { return nil }
    return told.entries[i].time
  }
}
