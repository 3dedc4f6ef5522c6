import Probability
import Quantities

/// Whether a sensor looks at a steady beat: then its silence tells that nothing has changed.
struct Beat: Sendable {
  let period: Double
  private var last = 0.0
  private var inRow = 0

  init(period: Double) { self.period = period }

  mutating func note(_ time: Double) {
    let beats = (time - last) / period
    inRow = abs(beats - beats.rounded()) * period < 2e-3 ? inRow + 1 : 0
    last = time
  }

  /// An instant at which it looked; nil: it tells at no beat, or too little is known.
  var phase: Double? { inRow >= 3 ? last : nil }
}

/// All that one reconstruction rests on: the readings, what was learnt, and what earlier passes over them found out.
struct Evidence: Sendable {
  let flow: Flow
  var counts: [CountJournal]
  var rejects: [CountJournal]
  var states: [StateJournal]
  var levels: [Journal<Int>]
  var beats: [Beat]
  var cycles: [LearntDuration]
  var path = MessagePath()
  /// Histories less likely than this (logarithm of the weight) are not begun.
  var floor = -Double.infinity
  /// At most so many histories are followed.
  var most = Histories.most
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
    states = stations.map { _ in StateJournal() }
    levels = flow.layout.buffers.map { _ in Journal() }
    beats = flow.layout.buffers.map { _ in Beat(period: flow.scan) }
    cycles = stations.map { LearntDuration($0.cycle, prior: 5, memory: 40, limits: 0.4...2.5) }
  }

  /// Whether the reading was made because the count rose, and so dates the last piece: one that came within a heartbeat of the one before.
  func isReport(_ journal: CountJournal, _ i: Int) -> Bool {
    i > 0 && journal.totals[i] > journal.totals[i - 1] && journal.time(i) - journal.time(i - 1) < 0.97 * flow.heartbeat
  }

  /// A reject told at the instant of a count was made then.
  func isReject(_ s: Int, datedBy i: Int) -> Bool {
    if isReport(rejects[s], i) { return true }
    let t = rejects[s].time(i)
    let k = counts[s].raw.firstIndex(after: t) - 1
    return k > 0 && counts[s].time(k) == t && counts[s].totals[k] > counts[s].totals[k - 1]
  }
}
