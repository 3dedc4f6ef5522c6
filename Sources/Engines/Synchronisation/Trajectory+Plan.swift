import Probability

/// When things happen: told by a message, or inferred.
extension Trajectory {
  /// Chance below which a possibility is left out of the limits.
  static var neglected: Double { 0.005 }
  /// Chance that a machine stops during a cycle, for weighing a lost message of a stop against lost counts.
  private static var stops: Double { 0.003 }

  mutating func plan(_ s: Int, _ evidence: Evidence) {
    let slot = slot(.finish, s)
    guard stations[s].inWork > 0 else {
      agenda[slot] = .infinity
      return planAlarm(s, evidence)
    }
    agenda[self.slot(.alarm, s)] = .infinity
    let (due, isKnown) = due(s, evidence)
    stations[s].isDueKnown = isKnown
    agenda[slot] = due
  }

  /// When the oldest piece in work is finished.
  ///
  /// A count that rises by one dates it. Where it rose by more, the pieces between share the working time up to it: the next one lies at
  /// start + A/(m + 1), with the deviation of a bridge, σ·√(m/(m + 1)), m the pieces after it and A the working time that is left. Where
  /// nothing has come yet, the piece is taken to be finished once it is so late that a lost or late message is likelier than a long cycle.
  private func due(_ s: Int, _ evidence: Evidence) -> (Double, Bool) {
    let n = stations[s].finished + 1
    var start = starts[flow.firstMachine[s]]
    let (mean, deviation) = (evidence.cycles[s].mean, evidence.cycles[s].deviation)
    let (counts, states) = (evidence.counts[s], evidence.states[s])
    let next = counts.index(reaching: n)
    let pin = evidence.pin(.finish, n, of: s)
    let before = (next ?? counts.count) - 1
    let heard = before >= 0 ? counts.time(before) : -.infinity
    let low = max(clock, pin.earliest, heard)
    // Not finished long after it should have been: the machine stood, and nobody told. What is left is reckoned from there.
    if heard > states.instant(after: mean + 3 * deviation, from: start) { start = heard }
    var high = pin.latest
    if let next {
      let time = counts.time(next)
      if counts.totals[next] == n {
        let expected = states.instant(after: mean, from: start)
        if evidence.isReport(counts, next) || next == 0 || abs(time - expected) < 4 * deviation { return (max(time, clock), true) }
      }
      high = min(high, time)
    }
    let reject = rejectReport(s, evidence, after: max(low, states.instant(after: evidence.cycles[s].least, from: start)), before: high)
    // A reject that was told dates a piece, even where its count was lost: this one, or one after it.
    let pieces = reject.map { max(1, (states.worked(from: start, to: $0) / mean).rounded()) } ?? 0
    if let reject, pieces == 1 { return (reject, true) }
    let expected: Double
    if let target = reject ?? next.map({ counts.time($0) }) {
      let after = reject != nil ? pieces - 1 : Double(next.map { counts.totals[$0] - n } ?? 0)
      let left = states.worked(from: start, to: target)
      var (share, spread) = (left / (after + 1), deviation * (after / (after + 1)).squareRoot())
      // More time than the pieces need: the machine waited somewhere, most likely after them.
      if after == 0 || share > mean + 3 * deviation { (share, spread) = (mean, deviation) }
      let shift: Double =
        switch mode {
        case .likely: 0;
        case .earliest: -2.8;
        case .latest: 2.8
        }
      expected = states.instant(after: max(share + shift * spread, evidence.cycles[s].least), from: start)
      if after > 0 { high = min(high, max(low, target - evidence.cycles[s].least * after)) }
    } else {
      expected = unheard(s, evidence, start: start, mean: mean, deviation: deviation)
      if expected == .infinity, pin.latest == .infinity { return (.infinity, false) }
    }
    let stop = mode == .likely ? orderlyStop(s, evidence, start: start, work: mean, deviation: deviation) : nil
    return (max(min(stop.map { min($0, expected) } ?? expected, high), low), false)
  }

  /// No message has come about the finish: when it is taken to have been; ∞: not yet.
  private func unheard(_ s: Int, _ evidence: Evidence, start: Double, mean: Double, deviation: Double) -> Double {
    let states = evidence.states[s]
    let expected = states.instant(after: mean, from: start)
    guard evidence.horizon > expected - 4 * deviation else { return .infinity }
    // Told to wait ever since it took the piece: then it has none, rather than finished it.
    if mode != .earliest, states.waits(from: start + 0.01, through: min(expected, evidence.horizon - 1), horizon: evidence.horizon) {
      return .infinity
    }
    let known = evidence.counts[s].totals.last ?? 0
    // Each finish that was not told makes it less likely that the machine works at all.
    var silence = evidence.path.silence(age: max(evidence.horizon - expected, 0))
    let inRow = stations[s].finished - known
    if inRow > 0 { for k in 1...inRow { silence *= evidence.path.silence(age: max(evidence.horizon - expected, 0) + Double(k) * mean) } }
    let stopped = Trajectory.stops * evidence.path.silence(age: max(evidence.horizon - expected, 0))
    func reached(_ z: Double) -> Bool { evidence.horizon >= states.instant(after: max(mean + z * deviation, 0), from: start) }
    switch mode {
    case .likely:
      if silence < stopped { return .infinity }
      return reached(Normal.quantile(1 / (1 + silence))) ? expected : .infinity
    case .earliest:
      let least = Trajectory.neglected / (silence + Trajectory.neglected)
      if silence < Trajectory.neglected * (stopped + 1e-4) { return .infinity }
      let z = Normal.quantile(least)
      return reached(z) ? states.instant(after: max(mean + z * deviation, 0), from: start) : .infinity
    case .latest:
      if stopped > Trajectory.neglected * silence { return .infinity }
      let z = Normal.quantile(1 - Trajectory.neglected * silence)
      return reached(z) ? states.instant(after: mean + z * deviation, from: start) : .infinity
    }
  }

  /// An orderly stop comes between two pieces: one that finds a piece nearly done has let it be finished.
  private func orderlyStop(_ s: Int, _ evidence: Evidence, start: Double, work: Double, deviation: Double) -> Double? {
    let states = evidence.states[s]
    guard let stop = states.first(after: max(start, clock), upTo: evidence.horizon, where: \.isOrderlyStop) else { return nil }
    return abs(states.worked(from: start, to: stop) - work) < 3 * deviation ? stop : nil
  }

  /// A reject that was told dates a piece, even where its count was lost.
  private func rejectReport(_ s: Int, _ evidence: Evidence, after low: Double, before high: Double) -> Double? {
    let rejects = evidence.rejects[s]
    guard let i = rejects.index(reaching: stations[s].rejected + 1), rejects.time(i) > low, rejects.time(i) < high,
      evidence.isReport(rejects, i), rejects.time(i) - low < 4 * evidence.cycles[s].mean
    else { return nil }
    return rejects.time(i)
  }

  /// Whether the piece finished now is rejected.
  mutating func isRejected(_ s: Int, _ evidence: Evidence) -> Bool {
    let rejects = evidence.rejects[s]
    stations[s].undatedReject = nil
    let number = stations[s].rejected + 1
    guard let i = rejects.index(reaching: number) else { return false }
    let time = rejects.time(i)
    if time <= clock || i == 0 { return true }
    let isDated = evidence.isReject(s, datedBy: i)
    let hidden = rejects.totals[i] - stations[s].rejected - (isDated ? 1 : 0)
    guard hidden > 0 else { return false }
    let pin = evidence.pin(.reject, number, of: s)
    let (low, high) = (max(rejects.time(i - 1), pin.earliest), min(time, pin.latest))
    let from: Double =
      switch mode {
      case .likely: low + (high - low) / 2
      case .earliest: high - 1.5 * evidence.cycles[s].mean
      case .latest: low
      }
    guard clock >= from, clock >= pin.earliest else { return false }
    stations[s].undatedReject = clock
    return true
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
    agenda[slot(.state, s)] = evidence.states[s].first(after: clock, upTo: evidence.horizon, repeated: true, where: \.isWaiting) ?? .infinity
  }

  mutating func planLevel(_ b: Int, _ evidence: Evidence) {
    let i = evidence.levels[b].firstIndex(after: clock)
    agenda[slot(.level, b)] = i < evidence.levels[b].entries.count ? evidence.levels[b].entries[i].time : .infinity
  }

  /// A lot has come when the level rises although nobody but the source puts in, or when the sensor is silent where the counts say that
  /// the level changes: then it lies just before the first silence. Without a sensor, when the source's interval is over.
  mutating func planLot(_ b: Int, _ evidence: Evidence) {
    guard let source = flow.source[b] else { return }
    agenda[slot(.lot, b)] = .infinity
    guard buffers[b].waiting == 0 else { return }
    guard flow.layout.buffers[b].isMeasured else {
      agenda[slot(.lot, b)] = max(clock, buffers[b].lotEnd + flow.layout.sources[source].interval.mean)
      return
    }
    let entries = evidence.levels[b].entries
    let i = evidence.levels[b].firstIndex(after: clock)
    guard i > 0 else { return }
    let last = entries[i - 1]
    let next = i < entries.count ? entries[i] : nil
    let silent = firstSilence(b, since: last.time, after: 0, evidence)
    let begin = max(last.time, buffers[b].lotEnd)
    if let next {
      let taken = taken(from: b, upTo: next.time, evidence)
      guard next.value > buffers[b].level - taken + (taken > 0 ? 2 : 0) else { return }
    } else {
      // One silence may be a lost report. Two, with the level changed again in between, are not.
      let isPlausible = flow.layout.sources[source].interval.survival(silent - buffers[b].lotEnd) < 0.998
      guard isPlausible, firstSilence(b, since: silent, after: 1, evidence) < evidence.horizon - 2 * flow.scan else { return }
    }
    let end = min(next?.time ?? .infinity, silent)
    let low = max(begin, end - flow.scan)
    let time: Double =
      switch mode {
      case .likely: (low + max(end, low)) / 2
      // The report after it may have been lost.
      case .earliest: max(begin, end - 2 * flow.scan)
      case .latest: next.map { min($0.time, end + flow.scan) } ?? .infinity
      }
    agenda[slot(.lot, b)] = max(time, clock)
  }

  /// Parts that the counts say will be taken between now and `time`.
  private func taken(from b: Int, upTo time: Double, _ evidence: Evidence) -> Int {
    flow.consumers[b].reduce(0) { sum, s in
      let k = evidence.counts[s].raw.firstIndex(after: time) - 1
      let count = flow.layout.stations[s].inputs.first { $0.buffer == b }?.count ?? 1
      return sum + (k >= 0 ? max(0, evidence.counts[s].totals[k] - stations[s].finished) * count : 0)
    }
  }

  /// The first look of the sensor at which the counts say that the level has changed since `time`. If it did not report, a lot has filled the
  /// buffer to its top in the meantime, where it stays while the rest of the lot goes in.
  private func firstSilence(_ b: Int, since time: Double, after pieces: Int, _ evidence: Evidence) -> Double {
    guard time < .infinity else { return time }
    var first = Double.infinity
    for s in flow.consumers[b] {
      let counts = evidence.counts[s]
      let k = max(counts.index(reaching: stations[s].finished + 1 + pieces) ?? counts.count, counts.raw.firstIndex(after: time))
      // A repeated count is no finish.
      if let told = (k..<max(k, counts.count)).first(where: { $0 == 0 || counts.totals[$0] > counts.totals[$0 - 1] }) {
        first = min(first, counts.time(told))
      }
    }
    return first == .infinity ? first : time + (((first - time) / flow.scan + 1e-6).rounded(.up)) * flow.scan
  }
}
