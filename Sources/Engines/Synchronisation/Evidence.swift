import Probability
import Quantities

/// All that one reconstruction rests on: the readings, what was learnt, and what earlier passes over them found out.
struct Evidence: Sendable {
  let flow: Flow
  var counts: [CountJournal]
  var rejects: [CountJournal]
  var states: [StateJournal]
  var levels: [Journal<Int>]
  var beats: [Beat]
  /// For each station, how long after its last piece it tells that it waits.
  var hesitations: [SteadyDelay]
  var cycles: [LearntDuration]
  var path = MessagePath()
  /// Histories less likely than this (logarithm of the weight) are not begun.
  var floor = -Double.infinity
  /// At most so many histories are followed.
  var most = Histories.most
  /// Those with less of the likeliest's weight than this (logarithm) are given up.
  var least = Histories.least
  /// Open instants are cut into few parts: none of them is near the judged one.
  var isCoarse = false
  /// Cycles are noted for learning.
  var learns = true
  /// Up to when readings may have come: the present.
  var horizon = 0.0

  init(_ flow: Flow) {
    self.flow = flow
    let stations = flow.layout.stations
    counts = stations.map { _ in CountJournal() }
    rejects = stations.map { _ in CountJournal() }
    states = stations.map { _ in StateJournal(heartbeat: flow.heartbeat, scan: flow.scan) }
    levels = flow.layout.buffers.map { _ in Journal() }
    beats = flow.layout.buffers.map { _ in Beat(period: flow.scan) }
    hesitations = stations.map { _ in SteadyDelay() }
    cycles = stations.map { LearntDuration($0.cycle, prior: 5, memory: 40, limits: 0.4...2.5) }
  }

  /// Whether the reading was made because the count rose, and so dates the last piece: one that came within a heartbeat of the one before, or
  /// off the beat at which the station tells again what has not changed.
  func isReport(_ journal: CountJournal, _ i: Int, of s: Int) -> Bool {
    guard i > 0, journal.totals[i] > journal.totals[i - 1] else { return false }
    return !states[s].isHeartbeat(journal.time(i), after: journal.time(i - 1)) || states[s].heartbeats.contains(journal.time(i)) == false
  }

  /// A reject told at the instant of a count was made then.
  func isReject(_ s: Int, datedBy i: Int) -> Bool {
    if isReport(rejects[s], i, of: s) { return true }
    let t = rejects[s].time(i)
    let k = counts[s].raw.firstIndex(after: t) - 1
    return k > 0 && counts[s].time(k) == t && counts[s].totals[k] > counts[s].totals[k - 1]
  }

  /// Whether the machine stands already, though it tells only later that it waits: it always tells so the same time after its last piece, and that
  /// piece was counted when it should have been.
  func isHesitating(_ s: Int, at time: Double) -> Bool {
    guard flow.machines[s] == 1, let delay = hesitations[s].seconds,
      let told = states[s].firstWait(after: time, upTo: min(time + delay + 1e-3, horizon)), told > time + Evidence.slack,
      states[s].heartbeats.contains(told) == false, let finish = states[s].lastFinish(before: told)
    else { return false }
    return abs(told - delay - finish) < 2e-3
  }

  /// Seconds by which the instant may be off at which a neighbour lets a machine go on.
  private static let slack = 1.0
}
