import EventKernel

extension FlowRun {
  /// Runs to one end.
  mutating func advance(to stop: Stop, eventBudget: Int) throws(FlowError) {
    departures = 0
    (goalCounter, goalCount, goalKind) = (-1, .infinity, -1)
    var (end, goal) = (Double.infinity, Int.max)
    switch stop {
    case .time(let time): end = time
    case .departures(let count, let process):
      goal = count
      if let process {
        guard let kind = program.kinds.firstIndex(where: { $0.name == process.name }) else {
          throw .invalidStop("no process is called '\(process.name)'")
        }
        goalKind = kind
      }
    case .count(let name, let count):
      guard let counter = program.counters.firstIndex(of: name) else { throw .invalidStop("no counter is called '\(name)'") }
      (goalCounter, goalCount) = (counter, counters[counter] + count)
    case .quiet: break
    }
    if !(end >= 0) || goal < 0 || !(goalCount >= 0) { throw .invalidStop("a run cannot end at \(stop)") }
    let arrived = advance(to: end, departures: goal, eventBudget: eventBudget)
    if let error { throw error }
    // Where departures or counts ended the run, those that wait for items or signals need not have waited in vain.
    let isQuiet = stop == .quiet || (arrived && end == .infinity)
    if let waits = stuck(isQuiet: isQuiet) { throw .deadlock(waits, at: now) }
    if !arrived && stop != .quiet { throw .ranDry(at: now) }
  }

  /// Forgets all statistics; the model itself goes on.
  mutating func restart() {
    start = now
    events = 0
    for r in 0..<resources.count {
      resources[r].busy.restart(at: now)
      resources[r].offered.restart(at: now)
      resources[r].length.restart(at: now)
      (resources[r].waits, resources[r].preemptions) = (Waits(), 0)
    }
    for s in 0..<stores.count {
      stores[s].level.restart(at: now)
      (stores[s].putWaits, stores[s].takeWaits, stores[s].stay) = (Waits(), Waits(), FlatMoments())
    }
    for l in 0..<levels.count {
      levels[l].level.restart(at: now)
      (levels[l].putWaits, levels[l].takeWaits) = (Waits(), Waits())
    }
    for k in 0..<kinds.count {
      kinds[k].population.restart(at: now)
      (kinds[k].started, kinds[k].departed, kinds[k].stay) = (0, 0, FlatMoments())
    }
    for t in 0..<tallies.count { tallies[t] = FlatMoments() }
    for c in 0..<counters.count { counterStarts[c] = counters[c] }
  }

  func result(seed: UInt64, replication: Int, isQuiet: Bool) -> FlowResult {
    let span = now - start
    func time(_ t: StepIntegral) -> TimeStatistics {
      var t = t
      t.close(at: now)
      return TimeStatistics(t, over: span)
    }
    var result = FlowResult(
      model: program.name, seed: seed, replication: replication, start: start, end: now, events: events, resources: [], stores: [], levels: [],
      processes: [], tallies: [], counts: [], waiting: isQuiet ? waiting() : [])
    for (r, spec) in program.resources.enumerated() {
      let state = resources[r]
      let (busy, offered) = (time(state.busy), time(state.offered))
      result.resources.append(
        ResourceStatistics(
          name: spec.name, utilisation: offered.mean > 0 ? busy.mean / offered.mean : 0, inUse: busy, capacity: offered, queue: time(state.length),
          wait: WaitStatistics(state.waits), preemptions: state.preemptions))
    }
    for (s, spec) in program.stores.enumerated() {
      let state = stores[s]
      result.stores.append(
        StoreStatistics(
          name: spec.name, level: time(state.level), put: WaitStatistics(state.putWaits), take: WaitStatistics(state.takeWaits),
          stay: TallyStatistics(state.stay)))
    }
    for (l, spec) in program.levels.enumerated() {
      let state = levels[l]
      result.levels.append(
        LevelStatistics(
          name: spec.name, level: time(state.level), put: WaitStatistics(state.putWaits), take: WaitStatistics(state.takeWaits)))
    }
    for (k, spec) in program.kinds.enumerated() {
      let state = kinds[k]
      result.processes.append(
        ProcessStatistics(
          name: spec.name, started: state.started, departed: state.departed, population: time(state.population), stay: TallyStatistics(state.stay)))
    }
    for (t, name) in program.tallies.enumerated() { result.tallies.append(NamedTally(name: name, tally: TallyStatistics(tallies[t]))) }
    for (c, name) in program.counters.enumerated() {
      let count = counters[c] - counterStarts[c]
      result.counts.append(CountStatistics(name: name, count: count, rate: span > 0 ? count / span : 0))
    }
    return result
  }
}
