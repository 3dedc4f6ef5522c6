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

  /// Neighbours that finished in the very millisecond of the reading may have moved before it or after.
  private func isTied(_ b: Int, _ told: Int) -> Bool {
    var tied = 0
    for s in flow.producers[b] + flow.consumers[b] where stations[s].lastFinish > clock - 1.1e-3 { tied += 1 }
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

  // MARK: - A machine that waits

  mutating func readState(_ s: Int, _ evidence: Evidence) {
    defer { planState(s, evidence) }
    guard flow.machines[s] == 1 else { return }
    guard evidence.states[s].state(at: clock)?.isWaiting ?? false else { return goOn(s, evidence) }
    if stations[s].inWork > 0 {
      let began = starts[flow.firstMachine[s]]
      guard evidence.states[s].worked(from: began, to: clock) > 1 else { return }
      weight -= Trajectory.surprise
      return putRight(waiting: s, evidence)
    }
    // What it waits for is now known.
    if stations[s].held > 0 {
      if let b = flow.output[s] { buffers[b].isAnchored = true }
    } else if let b = missingInput(s) {
      buffers[b].isAnchored = true
      // What it waits for, it will be told to have got.
      for p in flow.producers[b] where stations[p].open != nil { plan(p, evidence) }
    }
  }

  /// A machine that waited is told to go on: it begins a piece now.
  private mutating func goOn(_ s: Int, _ evidence: Evidence) {
    // What is told on the beat may be told again, and the piece be done already.
    guard stations[s].inWork == 0, stations[s].held == 0, evidence.heartbeats[s].contains(clock) == false, let b = missingInput(s) else { return }
    // Lots come when they come.
    guard flow.source[b] == nil else { return }
    let arrival = travels.next(b)
    if arrival < .infinity {
      if arrival - clock > nearby(b, evidence) { weight -= Trajectory.surprise / 2 }
      // Now, it is known when.
      buffers[b].blurredPut = Blur()
      arrive(b, evidence)
    } else {
      weight -= Trajectory.surprise
    }
  }

  /// Seconds by which the middle of a part of the law of an arrival may be off.
  private func nearby(_ b: Int, _ evidence: Evidence) -> Double {
    0.5 * flow.producers[b].reduce(0.0) { max($0, evidence.cycles[$1].deviation) }
  }

  /// Who waits for the part that arrives now is told to go on only a moment later: then it arrives, by what is told.
  func awaited(_ b: Int, _ evidence: Evidence) -> Double? {
    guard flow.consumers[b].count == 1, let c = flow.consumers[b].first, flow.machines[c] == 1, stations[c].inWork == 0, stations[c].held == 0,
      missingInput(c) == b, let told = evidence.states[c].resumption(after: clock, upTo: evidence.horizon),
      told - clock < nearby(b, evidence), evidence.heartbeats[c].contains(told) == false
    else { return nil }
    return told
  }

  func missingInput(_ s: Int) -> Int? {
    for k in flow.inputs(of: s) where kit[k] < flow.inputCount[k] { return flow.inputBuffer[k] }
    return nil
  }

  /// The machine waits, yet has a piece by what is counted: its input is empty or its output full, whichever is nearer.
  private mutating func putRight(waiting s: Int, _ evidence: Evidence) {
    func doubt(_ b: Int) -> Int { buffers[b].isAnchored && flow.isMeasured[b] ? 3 : 0 }
    // What a source fills uncounted may be empty at any time.
    func isFollowed(_ b: Int) -> Bool { flow.source[b] == nil || flow.isMeasured[b] }
    func surplus(_ b: Int) -> Int { buffers[b].ready <= 0 ? 0 : isFollowed(b) ? buffers[b].ready + doubt(b) : 1 }
    let input = flow.inputBuffer[flow.inputs(of: s)].min { surplus($0) < surplus($1) }!
    let starved = surplus(input)
    var blocked = Int.max
    if let b = flow.output[s], stations[s].finished > 0 {
      // The piece last put away would still be in the machine.
      let missing = flow.capacity[b] - buffers[b].level + 1
      blocked = missing > 1 ? missing + doubt(b) : 0
    }
    if starved <= blocked {
      apply(.unstart(station: s), evidence)
      let surplus = buffers[input].ready
      notes.append(.init(law: .starvedOrBlocked, place: .buffer(input), parts: -surplus, from: clock, to: clock))
      buffers[input].isAnchored = true
      apply(.parts(buffer: input, -surplus), evidence)
      queue.append(s)
    } else if let b = flow.output[s] {
      apply(.unstart(station: s), evidence)
      apply(.unput(station: s), evidence)
      let missing = flow.capacity[b] - buffers[b].level
      notes.append(.init(law: .starvedOrBlocked, place: .buffer(b), parts: missing, from: clock, to: clock))
      buffers[b].isAnchored = true
      apply(.parts(buffer: b, missing), evidence)
    }
    settle(evidence)
    plan(s, evidence)
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
