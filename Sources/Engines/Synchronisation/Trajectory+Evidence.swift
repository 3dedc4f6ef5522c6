import Determinism
import Probability

/// What readings of levels and states, and finishes that must have been possible, say of a history: how likely they are in it.
///
/// A reading that a history contradicts makes it unlikely. Only where all do, one of them lives on with what was read: parts that came or went
/// unseen.
extension Trajectory {
  // MARK: - The sensor

  /// The sensor looks. It tells what has changed since it last looked, if the message comes through.
  mutating func look(_ b: Int, _ evidence: Evidence) {
    let journal = evidence.levels[b]
    let i = journal.firstIndex(after: clock + 1e-3) - 1
    if i >= 0, abs(journal.entries[i].time - clock) <= 1e-3 {
      readLevel(b, journal.entries[i].value, next: i + 1 < journal.entries.count ? journal.entries[i + 1] : nil, evidence)
    } else if buffers[b].isAnchored {
      if buffers[b].seen >= 0, buffers[b].seen != buffers[b].level {
        weight += Portable.log(evidence.path.silence(age: max(evidence.horizon - clock, 0)))
        buffers[b].toldAt = clock
      }
      buffers[b].seen = buffers[b].level
    }
    planLevel(b, evidence)
    planLot(b, evidence)
  }

  private mutating func readLevel(_ b: Int, _ told: Int, next: Journal<Int>.Entry?, _ evidence: Evidence) {
    let (level, before) = (buffers[b].level, buffers[b].seen)
    buffers[b].seen = told
    defer { buffers[b].toldAt = clock }
    if buffers[b].lotIsUntold {
      buffers[b].lotIsUntold = false
      if buffers[b].waiting == 0 { buffers[b].lotEnd = clock }
    }
    if !buffers[b].isAnchored {
      // The first word of the sensor is no correction.
      buffers[b].isAnchored = true
      if told != level { apply(.parts(buffer: b, told - level), evidence) }
      return
    }
    if told == level {
      // What has not changed is told only once in a heartbeat.
      if before == level, evidence.beats[b].phase != nil, clock < buffers[b].toldAt + 0.9 * flow.heartbeat { weight += Portable.log(0.05) }
      return
    }
    if isTied(b, told) { return }
    weight -= Trajectory.surprise
    let difference = told - level
    if let next, doubts(told, next: next, b, evidence) {
      notes.append(.init(law: .doubtedSensor, place: .buffer(b), parts: difference, from: clock, to: clock))
      buffers[b].seen = level
      return
    }
    weight -= 0.5 * Double(min(abs(difference), 8))
    if difference < 0 { buffers[b].waiting = 0 }
    notes.append(.init(law: .sensor, place: .buffer(b), parts: difference, from: clock - flow.scan, to: clock))
    apply(.parts(buffer: b, difference), evidence)
  }

  /// Neighbours that finished, or began, in the very millisecond of the reading may have moved before it or after.
  private func isTied(_ b: Int, _ told: Int) -> Bool {
    var tied = 0
    for s in flow.producers[b] where stations[s].lastFinish > clock - 1.1e-3 { tied += 1 }
    for s in flow.consumers[b] {
      let began = stations[s].inWork > 0 ? starts[flow.firstMachine[s] + stations[s].inWork - 1] : -.infinity
      if max(stations[s].lastFinish, began) > clock - 1.1e-3 { tied += flow.parts(of: b, in: s) }
    }
    return tied > 0 && abs(told - buffers[b].level) <= tied
  }

  /// A reading that the next one takes back: it agrees with the counts up to what the neighbours can have moved in between.
  private func doubts(_ told: Int, next: Journal<Int>.Entry, _ b: Int, _ evidence: Evidence) -> Bool {
    let gap = abs(told - buffers[b].level)
    let seconds = next.time - clock
    var moved = 1.0
    for s in flow.producers[b] + flow.consumers[b] { moved += seconds / evidence.cycles[s].mean }
    return Double(gap) > 3 * moved + 2 && Double(abs(next.value - buffers[b].level)) <= moved
  }

  // MARK: - What must have been possible

  /// A finish is known to come, and the station has nothing to finish.
  mutating func alarm(_ s: Int, _ evidence: Evidence) {
    agenda[slot(.alarm, s)] = .infinity
    if stations[s].held > 0, let b = flow.output[s] { return makeRoom(b, for: s, evidence) }
    guard let b = missingInput(s) else { return }
    if travels.contains(b) {
      // It travelled faster than usual.
      weight -= Trajectory.surprise / 2
      arrive(b, evidence)
    } else {
      // Contents of the beginning: at least this many.
      if buffers[b].isAnchored {
        weight -= Trajectory.surprise
        notes.append(.init(law: .feasibility, place: .buffer(b), parts: 1, from: stations[s].lastFinish, to: clock))
        if !flow.isMeasured[b] { buffers[b].isAnchored = false }
      }
      apply(.parts(buffer: b, 1), evidence)
    }
    queue.append(s)
    settle(evidence)
    stations[s].isStartKnown = false
    if stations[s].inWork == 0 { planAlarm(s, evidence) }
  }

  private mutating func makeRoom(_ b: Int, for s: Int, _ evidence: Evidence) {
    weight -= Trajectory.surprise
    notes.append(.init(law: .feasibility, place: .buffer(b), parts: -1, from: stations[s].lastFinish, to: clock))
    if !flow.isMeasured[b] { buffers[b].isAnchored = false }
    apply(.parts(buffer: b, -1), evidence)
    queue.append(s)
    settle(evidence)
    if stations[s].inWork == 0 { planAlarm(s, evidence) }
  }
}

extension Correction {
  /// A correction in the synchroniser's own time.
  struct Note: Sendable, Hashable {
    var law: Law
    var place: Place
    var parts: Int
    var from: Double
    var to: Double
  }
}
