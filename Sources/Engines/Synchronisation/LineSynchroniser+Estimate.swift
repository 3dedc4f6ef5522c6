import Probability
import Quantities
import Telemetry

extension LineSynchroniser {
  func describe(_ likely: Trajectory, _ earliest: Trajectory, _ latest: Trajectory, horizon: Double) -> LineEstimate {
    let time = likely.clock
    return LineEstimate(
      instant: instant(time),
      buffers: layout.buffers.indices.map { level($0, likely, earliest, latest, horizon: horizon) },
      stations: layout.stations.indices.map { station($0, likely, earliest, latest) })
  }

  private func level(_ b: Int, _ m: Trajectory, _ e: Trajectory, _ l: Trajectory, horizon: Double) -> LineEstimate.Level {
    let capacity = layout.buffers[b].capacity
    let parts = min(max(m.buffers[b].level, 0), capacity)
    var low = l.buffers[b].puts - e.buffers[b].takes + m.buffers[b].adjusted
    var high = e.buffers[b].puts - l.buffers[b].takes + m.buffers[b].adjusted
    if !m.buffers[b].isAnchored { (low, high) = (0, capacity) }
    if let source = flow.source[b] {
      if !layout.buffers[b].isMeasured {
        (low, high) = (0, capacity)
      } else if mayHaveBrought(source, b, m, horizon: horizon) {
        high += layout.sources[source].lot
      } else if m.buffers[b].untoldLot != nil, evidence.levels[b].firstIndex(after: m.clock) == evidence.levels[b].entries.count {
        low -= layout.sources[source].lot
      }
    }
    low = min(max(low, 0), parts)
    high = max(min(high, capacity), parts)
    return .init(parts: parts, bounds: low...high)
  }

  /// Whether a lot may have come since the sensor last looked, and before the present: not practically excluded by the source's interval.
  private func mayHaveBrought(_ source: Int, _ b: Int, _ m: Trajectory, horizon: Double) -> Bool {
    let levels = evidence.levels[b]
    guard m.buffers[b].waiting == 0, levels.firstIndex(after: m.clock) == levels.entries.count, let last = levels.entries.last else { return false }
    let interval = layout.sources[source].interval
    // The sensor has looked every `scan` seconds since it last spoke; had a lot come, it would have told. But where the counts say that the
    // level changed, its silence says the contrary.
    let silent = ((m.clock - last.time) / flow.scan).rounded(.down)
    let looked = last.time + (m.buffers[b].level == last.value || silent < 2 ? silent * flow.scan : 0)
    func alive(_ time: Double) -> Double { interval.survival(max(time - m.buffers[b].lotEnd, 0)) }
    let before = alive(last.time)
    if before <= 0 { return true }
    // Since the last look, or earlier with its one report lost.
    let unseen = (alive(looked) - alive(m.clock)) / before + evidence.path.shareLost * (1 - alive(looked) / before)
    return unseen > 2 * Trajectory.neglected
  }

  private func station(_ s: Int, _ m: Trajectory, _ e: Trajectory, _ l: Trajectory) -> LineEstimate.Station {
    let state = m.stations[s]
    let time = m.clock
    let states = evidence.states[s]
    var work: LineEstimate.Residual?
    if state.inWork > 0 {
      work = .init(elapsed: states.worked(from: m.starts[flow.firstMachine[s]], to: time), law: evidence.cycles[s].law)
    }
    return .init(
      inWork: state.inWork, blocked: state.held, collected: m.kit[flow.firstInput[s]..<flow.firstInput[s + 1]].reduce(0, +),
      finished: state.finished, rejected: state.rejected,
      isCertain: (state.finished, state.inWork, state.held) == (e.stations[s].finished, e.stations[s].inWork, e.stations[s].held)
        && (state.finished, state.inWork, state.held) == (l.stations[s].finished, l.stations[s].inWork, l.stations[s].held),
      work: work, repair: failure(s, at: time).map { .init(elapsed: time - $0, law: repairs[s].law) })
  }

  /// When the failure began that goes on; nil: none does.
  private func failure(_ s: Int, at time: Double) -> Double? { failures[s].begin(evidence.states[s], closed: closed, at: time) }
}
