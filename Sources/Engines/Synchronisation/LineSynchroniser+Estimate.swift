import Probability
import Quantities
import Telemetry

extension LineSynchroniser {
  /// The judged instant: each statement by itself as likely as the histories that share it.
  func describe(_ histories: Histories, _ evidence: Evidence) -> LineEstimate {
    let posterior = histories.posterior()
    let best = posterior.indices.max { (posterior[$0], $1) < (posterior[$1], $0) }!
    var doubt = doubt
    for note in histories.best.notes { doubt.note(note, flow) }
    return LineEstimate(
      instant: instant(histories.judged[best].clock),
      buffers: layout.buffers.indices.map { level($0, histories, posterior, best, evidence, doubt) },
      stations: layout.stations.indices.map { station($0, histories.judged, posterior, best, evidence) })
  }

  private func level(
    _ b: Int, _ histories: Histories, _ posterior: [Double], _ best: Int, _ evidence: Evidence, _ doubt: Doubt
  ) -> LineEstimate.Level {
    let states = histories.judged
    let capacity = layout.buffers[b].capacity
    var chances: [Int: Double] = [:]
    for i in states.indices {
      let (level, other) = (states[i].buffers[b].level, histories.unsettled[i][b])
      chances[min(max(level, 0), capacity), default: 0] += posterior[i] * (1 - other.chance)
      if other.chance > 0 { chances[min(max(level + other.parts, 0), capacity), default: 0] += posterior[i] * other.chance }
    }
    let levels = chances.sorted { $0.key < $1.key }
    let likeliest = levels.max { ($0.value, $1.key) < ($1.value, $0.key) }!.key
    let possible = levels.filter { $0.value > excluded(at: states[best].clock, evidence) }.map(\.key)
    var (low, high) = (min(possible.first ?? likeliest, likeliest), max(possible.last ?? likeliest, likeliest))
    let likely = states[best]
    var probability = min(chances[likeliest]!, 1)
    if !likely.buffers[b].isAnchored || (flow.source[b] != nil && !layout.buffers[b].isMeasured) {
      // Nothing is known of it.
      (low, high, probability) = (0, capacity, min(probability, 1 / Double(capacity + 1)))
    } else if let source = flow.source[b] {
      let unseen = chanceOfLot(source, b, likely, evidence)
      probability *= 1 - unseen
      if unseen > excluded(at: likely.clock, evidence) { high = min(high + layout.sources[source].lot, capacity) }
    }
    let doubted = doubt.chance(b, at: likely.clock)
    if doubted > 0 { (low, high, probability) = (max(low - 1, 0), min(high + 1, capacity), probability * (1 - doubted)) }
    return .init(parts: likeliest, probability: probability * (1 - unexplained.share), bounds: low...high)
  }

  /// Probability below which a level counts as excluded: 1 in 1,000; of the last seconds, of which much is still to be told, 1 in 200. What each
  /// threshold lets pass, and what it calls uncertain although it is right, is measured in `Benchmarks/state`.
  private func excluded(at time: Double, _ evidence: Evidence) -> Double { isLive(time, evidence) ? 0.005 : 0.001 }

  /// The chance that a lot has come since the sensor last looked, and before the present, by the source's interval.
  private func chanceOfLot(_ source: Int, _ b: Int, _ m: Trajectory, _ evidence: Evidence) -> Double {
    let levels = evidence.levels[b]
    guard m.buffers[b].waiting == 0, levels.firstIndex(after: m.clock) == levels.entries.count, let last = levels.entries.last else { return 0 }
    let interval = layout.sources[source].interval
    // The sensor has looked every `scan` seconds since it last spoke; had a lot come, it would have told. But where the counts say that the
    // level changed, its silence says the contrary.
    let silent = ((m.clock - last.time) / flow.scan).rounded(.down)
    let looked = last.time + (m.buffers[b].level == last.value || silent < 2 ? silent * flow.scan : 0)
    func alive(_ time: Double) -> Double { interval.survival(max(time - m.buffers[b].lotEnd, 0)) }
    let before = alive(last.time)
    if before <= 0 { return 1 }
    // Since the last look, or earlier with its one report lost.
    return min((alive(looked) - alive(m.clock)) / before + evidence.path.shareLost * (1 - alive(looked) / before), 1)
  }

  private func station(_ s: Int, _ states: [Trajectory], _ posterior: [Double], _ best: Int, _ evidence: Evidence) -> LineEstimate.Station {
    struct Holding: Hashable { var finished: Int, inWork: Int, held: Int }
    func holding(_ i: Int) -> Holding {
      Holding(finished: states[i].stations[s].finished, inWork: states[i].stations[s].inWork, held: states[i].stations[s].held)
    }
    var chances: [Holding: Double] = [:]
    for i in states.indices { chances[holding(i), default: 0] += posterior[i] }
    // The likeliest; of the histories in which it is so, the likeliest of those.
    let order = states.indices.sorted { (posterior[$1], $0) < (posterior[$0], $1) }
    let chosen = order.max { chances[holding($0)]! < chances[holding($1)]! }!
    let first = order.first { holding($0) == holding(chosen) }!
    let (state, time) = (states[first].stations[s], states[first].clock)
    var work: LineEstimate.Residual?
    if state.inWork > 0 {
      let begin = states[first].starts[flow.firstMachine[s]]
      work = .init(elapsed: evidence.states[s].worked(from: begin, to: time), law: evidence.cycles[s].law)
    }
    return .init(
      inWork: state.inWork, blocked: state.held, collected: states[first].kit[flow.firstInput[s]..<flow.firstInput[s + 1]].reduce(0, +),
      finished: state.finished, rejected: state.rejected, isCertain: chances[holding(first)]! > 1 - excluded(at: time, evidence),
      work: work, repair: failure(s, at: time).map { .init(elapsed: time - $0, law: repairs[s].law) })
  }

  /// When the failure began that goes on; nil: none does.
  private func failure(_ s: Int, at time: Double) -> Double? { failures[s].begin(evidence.states[s], closed: closed, at: time) }
}
