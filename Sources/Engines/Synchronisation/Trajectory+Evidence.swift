/// What readings of levels and states, and finishes that must have been possible, say about the instants that no message told.
///
/// A contradiction of one part is explained by the least unlikely of: a finish that was not told lies earlier or later than thought
/// (upstream or downstream of the buffer), a reject that was not told lies elsewhere, and only then parts that came or went unseen.
extension Trajectory {
  /// A way to explain one part too few (`sign` +1) or too many (−1) in a buffer.
  private enum Explanation {
    /// The station's piece in work is finished already.
    case finishedBefore(Int)
    /// Its last finish comes only after now.
    case finishesAfter(Int)
    /// Its hidden reject was among the pieces before now; was not.
    case rejectedBefore(Int)
    case rejectsAfter(Int)
  }

  /// Just after now: readings are stamped in milliseconds.
  private var after: Double { clock + 5e-4 }

  // MARK: - The sensor

  mutating func readLevel(_ b: Int, _ evidence: Evidence) {
    let journal = evidence.levels[b]
    let i = journal.firstIndex(after: clock) - 1
    defer {
      planLevel(b, evidence)
      planLot(b, evidence)
    }
    guard i >= 0, mode == .likely else { return }
    let told = journal.entries[i].value
    buffers[b].untoldLot = nil
    if !buffers[b].isAnchored {
      // The first word of the sensor is no correction.
      buffers[b].isAnchored = true
      if told != buffers[b].level { adjust(.parts(buffer: b, told - buffers[b].level), .sensor, evidence) }
      return
    }
    if muted.contains(b) || isTied(b, told) { return }
    var steps = 0
    while told != buffers[b].level, steps < 8 {
      steps += 1
      guard explain(b, sign: told > buffers[b].level ? 1 : -1, evidence) else { break }
      if muted.contains(b) { return }
    }
    let difference = told - buffers[b].level
    guard difference != 0 else { return }
    if i + 1 < journal.entries.count, doubts(told, next: journal.entries[i + 1], b, evidence) {
      notes.append(.init(law: .doubtedSensor, place: .buffer(b), parts: difference, from: clock, to: clock))
      return
    }
    if difference == -1, rejectUntold(into: b, since: i > 0 ? journal.entries[i - 1].time : -.infinity, evidence) { return }
    let from = i > 0 ? journal.entries[i - 1].time : clock
    if difference < 0 { buffers[b].waiting = 0 }
    notes.append(.init(law: .sensor, place: .buffer(b), parts: difference, from: from, to: clock))
    adjust(.parts(buffer: b, difference), .sensor, evidence)
  }

  /// Neighbours that finished in the very millisecond of the reading may have moved before it or after.
  private func isTied(_ b: Int, _ told: Int) -> Bool {
    var tied = 0
    for s in flow.producers[b] + flow.consumers[b] where stations[s].lastFinish > clock - 1.1e-3 { tied += 1 }
    return tied > 0 && abs(told - buffers[b].level) <= tied
  }

  /// One part too few, and a producer that does reject finished a piece since the last look: it was rejected, and the message is still out.
  private mutating func rejectUntold(into b: Int, since: Double, _ evidence: Evidence) -> Bool {
    for s in flow.producers[b] where stations[s].lastFinish > since && stations[s].rejected > 0 {
      let rejects = evidence.rejects[s]
      // A message of after the piece would have told.
      let k = rejects.index(reaching: stations[s].rejected + 1) ?? rejects.count
      if k > 0, rejects.time(k - 1) > stations[s].lastFinish { continue }
      stations[s].rejected += 1
      stations[s].untoldReject = clock
      notes.append(.init(law: .missedReject, place: .station(s), parts: 1, from: since, to: clock))
      adjust(.parts(buffer: b, -1), .sensor, evidence)
      return true
    }
    return false
  }

  /// A reading that the next one takes back: it agrees with the counts up to what the neighbours can have moved in between.
  private func doubts(_ told: Int, next: Journal<Int>.Entry, _ b: Int, _ evidence: Evidence) -> Bool {
    let gap = abs(told - buffers[b].level)
    let seconds = next.time - clock
    var moved = 1.0
    for s in flow.producers[b] + flow.consumers[b] { moved += seconds / evidence.cycles[s].mean }
    return Double(gap) > 3 * moved + 2 && Double(abs(next.value - buffers[b].level)) <= moved
  }

  /// Explains one part of the difference; false: nothing but parts that came or went unseen does.
  private mutating func explain(_ b: Int, sign: Int, _ evidence: Evidence) -> Bool {
    var best: (Explanation, cost: Double)?
    func offer(_ explanation: Explanation, _ cost: Double?) {
      if let cost, cost < best?.cost ?? 12 { best = (explanation, cost) }
    }
    for s in flow.producers[b] {
      offer(.finishedBefore(s), sign > 0 ? costOfFinishing(s, by: clock, evidence) : nil)
      offer(.finishesAfter(s), sign < 0 ? costOfDelaying(s, evidence) : nil)
      offer(.rejectedBefore(s), sign < 0 ? costOfRejecting(s, evidence) : nil)
      offer(.rejectsAfter(s), sign > 0 ? costOfNotRejecting(s, evidence) : nil)
    }
    for s in flow.rejecters[b] {
      offer(.rejectedBefore(s), sign > 0 ? costOfRejecting(s, evidence) : nil)
      offer(.rejectsAfter(s), sign < 0 ? costOfNotRejecting(s, evidence) : nil)
    }
    for s in flow.consumers[b] {
      offer(.finishedBefore(s), sign < 0 ? costOfFinishing(s, by: clock, evidence) : nil)
      offer(.finishesAfter(s), sign > 0 ? costOfDelaying(s, evidence) : nil)
    }
    guard let best else { return false }
    switch best.0 {
    case .finishedBefore(let s):
      found.append((s, .init(kind: .finish, number: stations[s].finished + 1, earliest: -.infinity, latest: clock)))
      finish(s, evidence)
    case .finishesAfter(let s):
      found.append((s, .init(kind: .finish, number: stations[s].finished, earliest: after, latest: .infinity)))
      muted.insert(b)
    case .rejectedBefore(let s):
      found.append((s, .init(kind: .reject, number: stations[s].rejected + 1, earliest: -.infinity, latest: clock)))
      muted.insert(b)
    case .rejectsAfter(let s):
      found.append((s, .init(kind: .reject, number: stations[s].rejected, earliest: after, latest: .infinity)))
      muted.insert(b)
    }
    return true
  }

  /// Deviations by which the piece in work would have to be early, to be finished by `time`; nil: it cannot be.
  private func costOfFinishing(_ s: Int, by time: Double, _ evidence: Evidence) -> Double? {
    let start = starts[flow.firstMachine[s]]
    guard stations[s].inWork > 0, !stations[s].isDueKnown else { return nil }
    let counts = evidence.counts[s]
    let before = (counts.index(reaching: stations[s].finished + 1) ?? counts.count) - 1
    guard evidence.pin(.finish, stations[s].finished + 1, of: s).earliest < time, before < 0 || counts.time(before) < time else { return nil }
    let worked = evidence.states[s].worked(from: start, to: time)
    return worked > evidence.cycles[s].least ? evidence.cycles[s].earliness(worked) : nil
  }

  /// Deviations by which the last finish would have to be late, to come after now.
  private func costOfDelaying(_ s: Int, _ evidence: Evidence) -> Double? {
    guard mayRestart, let time = stations[s].undated else { return nil }
    let n = stations[s].finished
    let counts = evidence.counts[s]
    guard evidence.pin(.finish, n, of: s).latest > clock else { return nil }
    if let next = counts.index(reaching: n), counts.time(next) <= clock { return nil }
    return (clock - time) / evidence.cycles[s].deviation
  }

  private func costOfRejecting(_ s: Int, _ evidence: Evidence) -> Double? {
    let rejects = evidence.rejects[s]
    let n = stations[s].rejected + 1
    guard mayRestart, let i = rejects.index(reaching: n), i > 0, rejects.time(i - 1) < clock, rejects.time(i) > clock,
      rejects.totals[i] - stations[s].rejected > (evidence.isReject(s, datedBy: i) ? 1 : 0), stations[s].lastFinish > rejects.time(i - 1),
      evidence.pin(.reject, n, of: s).latest > clock
    else { return nil }
    return 1
  }

  private func costOfNotRejecting(_ s: Int, _ evidence: Evidence) -> Double? {
    guard mayRestart, stations[s].undatedReject != nil else { return nil }
    let rejects = evidence.rejects[s]
    if let i = rejects.index(reaching: stations[s].rejected), rejects.time(i) <= clock { return nil }
    return evidence.pin(.reject, stations[s].rejected, of: s).latest > clock ? 1 : nil
  }

  // MARK: - A machine that waits

  mutating func readState(_ s: Int, _ evidence: Evidence) {
    defer { planState(s, evidence) }
    guard mode == .likely, flow.layout.stations[s].machines == 1 else { return }
    // A piece that was taken while the machine went on waiting was not taken.
    let began = starts[flow.firstMachine[s]]
    let isGhost = stations[s].inWork > 0 && evidence.states[s].waits(from: began + 0.01, through: clock - 0.01, horizon: clock)
    if stations[s].inWork > 0, !isGhost, costOfFinishing(s, by: clock, evidence) != nil {
      found.append((s, .init(kind: .finish, number: stations[s].finished + 1, earliest: -.infinity, latest: clock)))
      finish(s, evidence)
    }
    if stations[s].inWork > 0 { return putRight(waiting: s, evidence) }
    // What it waits for is now known.
    if stations[s].held > 0 {
      if case .buffer(let b) = flow.layout.stations[s].output { buffers[b].isAnchored = true }
    } else if let b = missingInput(s) {
      buffers[b].isAnchored = true
    }
  }

  private func missingInput(_ s: Int) -> Int? {
    for (i, input) in flow.layout.stations[s].inputs.enumerated() where kit[flow.firstInput[s] + i] < input.count { return input.buffer }
    return nil
  }

  /// The machine waits, yet has a piece by what is counted: its input is empty or its output full, whichever is nearer.
  private mutating func putRight(waiting s: Int, _ evidence: Evidence) {
    guard evidence.states[s].worked(from: starts[flow.firstMachine[s]], to: clock) > 1 else { return }
    let station = flow.layout.stations[s]
    for input in station.inputs {
      for u in flow.producers[input.buffer] where costOfDelaying(u, evidence) != nil {
        found.append((u, .init(kind: .finish, number: stations[u].finished, earliest: after, latest: .infinity)))
        return
      }
    }
    func doubt(_ b: Int) -> Int { buffers[b].isAnchored && flow.layout.buffers[b].isMeasured ? 3 : 0 }
    func surplus(_ b: Int) -> Int { buffers[b].ready > 0 ? buffers[b].ready + doubt(b) : 0 }
    let input = station.inputs.map(\.buffer).min { surplus($0) < surplus($1) }!
    let starved = surplus(input)
    var blocked = Int.max
    if case .buffer(let b) = station.output, stations[s].finished > 0 {
      // The piece last put away would still be in the machine.
      let missing = flow.layout.buffers[b].capacity - buffers[b].level + 1
      blocked = missing > 1 ? missing + doubt(b) : 0
    }
    if starved <= blocked {
      adjust(.unstart(station: s), .starvedOrBlocked, evidence)
      let surplus = buffers[input].ready
      notes.append(.init(law: .starvedOrBlocked, place: .buffer(input), parts: -surplus, from: clock, to: clock))
      buffers[input].isAnchored = true
      adjust(.parts(buffer: input, -surplus), .starvedOrBlocked, evidence)
      queue.append(s)
    } else if case .buffer(let b) = station.output {
      adjust(.unstart(station: s), .starvedOrBlocked, evidence)
      adjust(.unput(station: s), .starvedOrBlocked, evidence)
      let missing = flow.layout.buffers[b].capacity - buffers[b].level
      notes.append(.init(law: .starvedOrBlocked, place: .buffer(b), parts: missing, from: clock, to: clock))
      buffers[b].isAnchored = true
      adjust(.parts(buffer: b, missing), .starvedOrBlocked, evidence)
    }
    settle(evidence)
    plan(s, evidence)
  }

  // MARK: - What must have been possible

  /// A finish is known to come, and the station has nothing to finish.
  mutating func alarm(_ s: Int, _ evidence: Evidence) {
    agenda[slot(.alarm, s)] = .infinity
    let station = flow.layout.stations[s]
    if stations[s].held > 0, case .buffer(let b) = station.output { return makeRoom(b, for: s, evidence) }
    guard let b = missingInput(s) else { return }
    if mode != .likely {
      take(b, evidence)
      kit[flow.firstInput[s] + station.inputs.firstIndex { $0.buffer == b }!] += 1
    } else if !travelling[b].isEmpty {
      // It travelled faster than usual.
      arrive(b, evidence)
    } else if let u = flow.producers[b].min(by: { cost($0, evidence) < cost($1, evidence) }), cost(u, evidence) < 5 {
      found.append((u, .init(kind: .finish, number: stations[u].finished + 1, earliest: -.infinity, latest: clock - flow.transit[b])))
      finish(u, evidence)
      if !travelling[b].isEmpty { arrive(b, evidence) }
    } else if !buffers[b].isAnchored {
      // Contents of the beginning: at least this many.
      adjust(.parts(buffer: b, 1), .feasibility, evidence)
    } else {
      notes.append(.init(law: .feasibility, place: .buffer(b), parts: 1, from: stations[s].lastFinish, to: clock))
      if !flow.layout.buffers[b].isMeasured { buffers[b].isAnchored = false }
      adjust(.parts(buffer: b, 1), .feasibility, evidence)
    }
    queue.append(s)
    settle(evidence)
    stations[s].isStartKnown = false
    if stations[s].inWork == 0 { planAlarm(s, evidence) }
  }

  private func cost(_ s: Int, _ evidence: Evidence) -> Double { costOfFinishing(s, by: clock, evidence) ?? .infinity }

  private mutating func makeRoom(_ b: Int, for s: Int, _ evidence: Evidence) {
    if mode != .likely {
      stations[s].held -= 1
      put(b)
    } else if let w = flow.consumers[b].min(by: { cost($0, evidence) < cost($1, evidence) }), cost(w, evidence) < 5, buffers[b].ready > 0 {
      found.append((w, .init(kind: .finish, number: stations[w].finished + 1, earliest: -.infinity, latest: clock)))
      finish(w, evidence)
    } else {
      notes.append(.init(law: .feasibility, place: .buffer(b), parts: -1, from: stations[s].lastFinish, to: clock))
      if !flow.layout.buffers[b].isMeasured { buffers[b].isAnchored = false }
      adjust(.parts(buffer: b, -1), .feasibility, evidence)
    }
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
