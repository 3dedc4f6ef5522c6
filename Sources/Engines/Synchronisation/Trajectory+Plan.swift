import Determinism
import Probability

/// When things happen: told by a message, or open.
extension Trajectory {
  /// Chance that a machine stops during a cycle and nobody tells, for weighing that against lost counts.
  static var stops: Double { 0.003 }
  /// What a contradiction to a reading takes from the logarithm of a history's probability: so unlikely is that none of the laws explains it.
  static var surprise: Double { 9 }

  mutating func plan(_ s: Int, _ evidence: Evidence) {
    let slot = slot(.finish, s)
    stations[s].open = nil
    guard stations[s].inWork > 0 else {
      agenda[slot] = .infinity
      return planAlarm(s, evidence)
    }
    agenda[self.slot(.alarm, s)] = .infinity
    let due = due(s, evidence)
    stations[s].isDueKnown = due.isDated
    stations[s].open = due.open
    if flow.machines[s] == 1 {
      weight += due.credit - stations[s].credit
      stations[s].credit = due.credit
    }
    agenda[slot] = due.open == nil ? due.time : instant(s, evidence)
  }

  private struct Due {
    var time = Double.infinity
    var isDated = false
    var open: Open?
    var credit = 0.0
  }

  /// When the oldest piece in work is finished.
  ///
  /// A count that rises by one dates it. Where it rose by more, the pieces between share the working time up to it: with m pieces after it
  /// and A seconds of work left to the message, the finish lies at A/(m + 1) with the deviation of a bridge, σ·√(m/(m + 1)). Where no message
  /// has come about it, it has the law of the cycle, and each part of that the chance that a message of that age is still out.
  private func due(_ s: Int, _ evidence: Evidence) -> Due {
    let n = stations[s].finished + 1
    let begin = starts[flow.firstMachine[s]]
    var start = begin
    let (mean, deviation) = (evidence.cycles[s].mean, evidence.cycles[s].deviation)
    let (counts, states) = (evidence.counts[s], evidence.states[s])
    let next = counts.index(reaching: n)
    let before = (next ?? counts.count) - 1
    let heard = before >= 0 ? counts.time(before) : -.infinity
    let low = max(clock, heard)
    // Not finished long after it should have been: the machine stood, and nobody told. What is left is reckoned from there.
    if heard > states.instant(after: mean + 3 * deviation, from: start) { start = heard }
    var high = Double.infinity
    func credit(_ pieces: Int, _ time: Double) -> Double {
      evidence.cycles[s].logDensity(of: pieces, states.worked(from: begin, to: time), waits: pieces > 1)
    }
    if let next {
      let time = counts.time(next)
      if counts.totals[next] == n {
        let expected = states.instant(after: mean, from: start)
        // What is told on the beat may be told again, its first message lost.
        let mayBeReport = evidence.states[s].heartbeats.phase == nil && abs(time - expected) < 4 * deviation
        if evidence.isReport(counts, next, of: s) || next == 0 || mayBeReport {
          return Due(time: max(time, clock), isDated: true, credit: next == 0 ? 0 : credit(1, time))
        }
      }
      high = time
    }
    let reject = rejectReport(s, evidence, after: max(low, states.instant(after: evidence.cycles[s].least, from: start)), before: high)
    // A reject that was told dates a piece, even where its count was lost: this one, or one after it.
    let pieces = reject.map { max(1, (states.worked(from: start, to: $0) / mean).rounded()) } ?? 0
    if let reject, pieces == 1 { return Due(time: reject, isDated: true, credit: credit(1, reject)) }
    let counted = next.map { (after: counts.totals[$0] - n, time: counts.time($0)) }
    let wait = firstWait(s, evidence, start: start, before: min(high, evidence.horizon), next: counted)
    let stop = orderlyStop(s, evidence, start: start, before: min(high, wait?.finish ?? .infinity), next: counted)
    let last = stop ?? wait
    if let last, last.after == 0, last.isDated || stop != nil {
      return Due(time: max(last.finish, low), isDated: last.isDated, credit: last.isDated ? credit(1, last.finish) : 0)
    }
    if let time = wokenNeighbour(s, evidence, from: max(low, states.instant(after: evidence.cycles[s].least, from: start)), before: high) {
      return Due(time: time, isDated: true, credit: credit(1, time))
    }
    var open = Open(
      start: start, mean: mean, deviation: deviation, low: 0, high: 1, target: nil, after: 0, stands: Trajectory.stops, isCoarse: evidence.isCoarse)
    var told = 0.0
    if let target = reject ?? last?.finish ?? next.map({ counts.time($0) }) {
      let after = reject != nil ? Int(pieces) - 1 : last?.after ?? next.map { counts.totals[$0] - n } ?? 0
      (open.target, open.after) = (target, after)
      if reject == nil, let last, last.after > 0 { open.alone = last.alone }
      if reject == nil, last != nil {
        high = min(high, target)
        if next == nil { told = Portable.log(evidence.path.silence(age: max(evidence.horizon - target, 0))) }
      }
      let share = states.worked(from: start, to: target) / Double(after + 1)
      // More time than the pieces need: the machine waited somewhere, most likely after them.
      if after > 0, share <= mean + 3 * deviation {
        (open.mean, open.deviation) = (share, deviation * (Double(after) / Double(after + 1)).squareRoot())
      }
      if after > 0 {
        told += credit(after + 1, target)
        if open.alone > 0, let last { told += last.lost - Portable.log(1 - last.alone) }
        high = min(high, max(low, target - evidence.cycles[s].least * Double(after)))
      }
    } else {
      let expected = states.instant(after: mean, from: start)
      // Told to wait ever since it took the piece: then it has none, rather than finished it.
      if states.waits(from: start + 0.01, through: min(expected, evidence.horizon - 1), horizon: evidence.horizon) { return Due() }
      high = min(high, evidence.horizon)
    }
    func dueAtTarget() -> Due { Due(time: max(open.target!, clock), isDated: last?.isDated ?? false, credit: credit(1, open.target!)) }
    if open.alone > 0, high <= low { return dueAtTarget() }
    guard high > low else { return open.target == nil ? Due() : Due(time: low, credit: told) }
    open.low = low > start ? open.cdf(states.worked(from: start, to: low)) : 0
    open.high = high < .infinity ? open.cdf(states.worked(from: start, to: high)) : 1
    if open.target == nil {
      // What lies beyond the present is not to be finished: it stays in work.
      guard open.share > 1e-3 else { return Due() }
    } else if open.high < open.low + 1e-6 {
      if open.alone > 0 { return dueAtTarget() }
      return Due(time: min(max(states.instant(after: open.mean, from: start), low), high), credit: told)
    }
    return Due(open: open, credit: told)
  }

  /// The chance that the piece finished now is rejected.
  ///
  /// Rejects that a message told without their instant are as likely each of the pieces up to it. Since the last message, a piece is
  /// rejected as often as before, and nobody told with the chance that a message of that age is still out.
  mutating func chanceOfReject(_ s: Int, _ evidence: Evidence) -> Double {
    let rejects = evidence.rejects[s]
    // Where it changes no level, it is enough to know it when it is told.
    let changesLevels = flow.output[s] != nil || flow.rejects[s] != nil
    let r = rejects.raw.firstIndex(after: clock + 1e-3) - 1
    if r >= 0 {
      let isNow = r > 0 && clock - rejects.time(r) < 1.1e-3 && rejects.totals[r] > rejects.totals[r - 1] && evidence.isReject(s, datedBy: r)
      let before = rejects.totals[r] - (isNow ? 1 : 0)
      if stations[s].rejected < before || stations[s].rejected > before && rejects.time(r) > stations[s].lastReject - 1e-3 {
        // This history has taken a piece for rejected that was not, or the other way round.
        if changesLevels { weight -= Trajectory.surprise }
        stations[s].rejected = before
      }
      if isNow {
        stations[s].rejected = before
        return 1
      }
    }
    let number = stations[s].rejected + 1
    guard let i = rejects.index(reaching: number) else {
      guard changesLevels, stations[s].rejected > 0, rejects.count == 0 || rejects.time(rejects.count - 1) < clock else { return 0 }
      let share = (Double(stations[s].rejected) + 0.5) / (Double(stations[s].finished) + 50)
      let p = min(share, 0.3) * evidence.path.silence(age: max(evidence.horizon - clock, 0))
      return p < 2e-4 ? 0 : p
    }
    let time = rejects.time(i)
    guard i > 0, changesLevels else { return 0 }
    let isDated = evidence.isReject(s, datedBy: i)
    let hidden = rejects.totals[i] - stations[s].rejected - (isDated ? 1 : 0)
    guard hidden > 0, clock > rejects.time(i - 1) + 1e-3 else { return 0 }
    let counts = evidence.counts[s]
    let k = counts.raw.firstIndex(after: time) - 1
    let left = k >= 0 ? counts.totals[k] - stations[s].finished - (isDated ? 1 : 0) : 1
    return left <= hidden ? 1 : Double(hidden) / Double(left)
  }

  /// The chance that a rejected part goes into the buffer for rejects. A station may scrap it instead, by rules that nobody tells.
  func chanceOfKeeping(_ s: Int, _ evidence: Evidence) -> Double {
    guard let b = flow.rejects[s] else { return 0 }
    return isFull(b) ? 0 : 0.85
  }

  /// A machine without a piece must have one in time for the next finish that is known.
  mutating func planAlarm(_ s: Int, _ evidence: Evidence) {
    var time = Double.infinity
    if stations[s].inWork == 0, let next = evidence.counts[s].index(reaching: stations[s].finished + 1) {
      let pieces = Double(evidence.counts[s].totals[next] - stations[s].finished)
      time = max(evidence.counts[s].time(next) - evidence.cycles[s].least * pieces, clock)
    }
    agenda[slot(.alarm, s)] = time
  }

  mutating func planState(_ s: Int, _ evidence: Evidence) {
    agenda[slot(.state, s)] = evidence.states[s].firstOfWaiting(after: clock, upTo: evidence.horizon) ?? .infinity
  }

  /// The sensor's next look: its next reading, or sooner, where it looks at a steady beat, the next beat at which it had nothing to tell.
  mutating func planLevel(_ b: Int, _ evidence: Evidence) {
    let levels = evidence.levels[b]
    let i = levels.firstIndex(after: clock + 1e-3)
    var next = i < levels.entries.count ? levels.entries[i].time : .infinity
    if let beat = evidence.beats[b].phase {
      let look = beat + (((clock - beat) / flow.scan + 1e-3).rounded(.down) + 1) * flow.scan
      if look < next - 1e-3 { next = look }
    }
    agenda[slot(.level, b)] = next
  }

  /// A lot has come when the level rises although nobody but the source puts in: some time between the last two looks. Since the last
  /// reading, one may have come by the law of the source's interval. Without a sensor, it comes when the interval is over.
  mutating func planLot(_ b: Int, _ evidence: Evidence) {
    guard let source = flow.source[b] else { return }
    agenda[slot(.lot, b)] = .infinity
    guard buffers[b].waiting == 0 else { return }
    guard flow.isMeasured[b] else {
      agenda[slot(.lot, b)] = max(clock, buffers[b].lotEnd + flow.layout.sources[source].interval.mean)
      return
    }
    let entries = evidence.levels[b].entries
    let i = evidence.levels[b].firstIndex(after: clock)
    guard i > 0, i < entries.count else { return }
    let next = entries[i]
    let taken = taken(from: b, upTo: next.time, evidence)
    guard next.value > buffers[b].level - taken + (taken > 0 ? 2 : 0) else { return }
    (buffers[b].lotLow, buffers[b].lotHigh) = (max(entries[i - 1].time, buffers[b].lotEnd, clock), next.time)
    buffers[b].lotCell = 0
    agenda[slot(.lot, b)] = lotInstant(b)
  }

  /// Parts that the counts say will be taken between now and `time`.
  private func taken(from b: Int, upTo time: Double, _ evidence: Evidence) -> Int {
    flow.consumers[b].reduce(0) { sum, s in
      let k = evidence.counts[s].raw.firstIndex(after: time) - 1
      return sum + (k >= 0 ? max(0, evidence.counts[s].totals[k] - stations[s].finished) * flow.parts(of: b, in: s) : 0)
    }
  }
}
