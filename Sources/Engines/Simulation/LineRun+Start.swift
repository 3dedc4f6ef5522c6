import Probability

/// Where a replication begins, and what it leaves.
extension LineRun {
  /// Puts the line into a state and sets everything going.
  ///
  /// `fresh`: it is the empty line, so intervals begin at time 0; else what is left of them is drawn.
  mutating func start(from state: LineState, fresh: Bool) {
    for b in 0..<buffers.count {
      buffers[b].level = state.levels[b]
      // Parts that are there have arrived: their ring entries hold instant 0, and no known defect.
    }
    for i in 0..<stationCount {
      startIntervals(i, state.stations[i], fresh: fresh)
      startCondition(i, state.stations[i])
    }
    // Then what can move moves, the line's end first, as room comes from there.
    for i in (0..<stationCount).reversed() {
      scheduleClosure(i)
      switch stations[i].phase {
      case .working: run(i)
      case .blocked: _ = moveUp(i)
      case .idle: collect(i)
      case .collecting, .failed, .microstopped: break
      }
    }
    for s in 0..<feeds.count {
      let interval = compiled.line.sources[s].interval
      let first = fresh ? drawInterval(s) : interval.sampleEquilibriumResidual(&feedStreams[s])
      _ = queue.push(first, .delivery, s)
    }
  }

  private func startIntervals(_ i: Int, _ state: StationState, fresh: Bool) {
    let spec = compiled.line.stations[i]
    if let failure = spec.failure {
      let left =
        fresh
        ? draw(i, Purpose.failure) : failure.interval.sampleResidual(after: state.sinceFailure, &streams[i * Purpose.count + Purpose.failure])
      stations[i].toFailure = left
      stations[i].failureInterval = left + state.sinceFailure
    }
    if let stop = spec.microstop {
      let left =
        fresh
        ? draw(i, Purpose.microstop) : stop.interval.sampleResidual(after: state.sinceMicrostop, &streams[i * Purpose.count + Purpose.microstop])
      stations[i].toMicrostop = left
      stations[i].microstopInterval = left + state.sinceMicrostop
    }
  }

  private mutating func startCondition(_ i: Int, _ state: StationState) {
    let spec = compiled.line.stations[i]
    let own = i * Purpose.count
    switch state.condition {
    case .idle: break
    case .working(let elapsed):
      let left = spec.cycle.sampleResidual(after: elapsed, &streams[own + Purpose.cycle])
      (stations[i].work, stations[i].partWork, stations[i].holdsPart) = (left, left + elapsed, true)
      (stations[i].phase, stations[i].account) = (.working, Account.working)
    case .blocked:
      (stations[i].phase, stations[i].account) = (.blocked, Account.blocked)
      stations[i].ticket = tickets
      tickets &+= 1
    case .failed(let elapsed, let holdsPart):
      (stations[i].phase, stations[i].account, stations[i].stoppedAt) = (.failed, Account.failed, -elapsed)
      let left = spec.failure?.length.sampleResidual(after: elapsed, &streams[own + Purpose.repair]) ?? 0
      _ = queue.push(left, .repairEnd, i)
      if holdsPart { startHeldPart(i, spec) }
    case .microstopped(let elapsed, let holdsPart):
      (stations[i].phase, stations[i].account, stations[i].stoppedAt) = (.microstopped, Account.microstopped, -elapsed)
      let left = spec.microstop?.length.sampleResidual(after: elapsed, &streams[own + Purpose.microstopLength]) ?? 0
      _ = queue.push(left, .microstopEnd, i)
      if holdsPart { startHeldPart(i, spec) }
    }
  }

  /// Stops come at random moments of operating time, so the part that waits for its end was met at one.
  private func startHeldPart(_ i: Int, _ spec: StationSpec) {
    let left = spec.cycle.sampleEquilibriumResidual(&streams[i * Purpose.count + Purpose.cycle])
    (stations[i].work, stations[i].partWork, stations[i].holdsPart) = (left, left, true)
  }

  /// Books everything up to `instant` and begins to count anew: the end of the warm-up.
  mutating func forget(at instant: Double) {
    book(until: instant)
    for i in 0..<times.count { times[i] = 0 }
    for i in 0..<stationCount {
      stations[i].produced = 0
      stations[i].rejected = 0
      stations[i].activePeriods = 0
    }
    for b in 0..<buffers.count { buffers[b].area = 0 }
    for s in 0..<feeds.count { feeds[s].delivered = 0 }
    goodBefore += good
    (good, scrapped, escapes) = (0, 0, 0)
  }

  private mutating func book(until instant: Double) {
    now = instant
    for i in 0..<stationCount {
      times[i * Account.count + stations[i].account] += instant - stations[i].since
      stations[i].since = instant
    }
    for b in 0..<buffers.count {
      buffers[b].area += Double(buffers[b].level) * (instant - buffers[b].since)
      buffers[b].since = instant
    }
  }

  /// The result at the horizon.
  consuming func finish(at horizon: Double, warmUp: Double) -> LineResult {
    book(until: horizon)
    note(before: .infinity)
    let span = horizon - warmUp
    return LineResult(
      seed: seed, replication: replication, span: span, good: good, scrapped: scrapped, escapes: escapes,
      stations: (0..<stationCount).map { stationResult($0) },
      meanLevels: (0..<buffers.count).map { buffers[$0].area / span },
      delivered: (0..<feeds.count).map { feeds[$0].delivered },
      curve: curve, departures: departures, final: finalState(), deadlock: deadlock(), events: events)
  }

  private func stationResult(_ i: Int) -> StationResult {
    let t = i * Account.count
    return StationResult(
      name: compiled.line.stations[i].name, produced: stations[i].produced, rejected: stations[i].rejected,
      times: StateTimes(
        working: times[t + Account.working], starved: times[t + Account.starved], blocked: times[t + Account.blocked],
        failed: times[t + Account.failed], microstopped: times[t + Account.microstopped], closed: times[t + Account.closed]),
      activePeriods: stations[i].activePeriods + (LineRun.isActive(stations[i].account) ? 1 : 0))
  }

  private func finalState() -> LineState {
    LineState(
      levels: (0..<buffers.count).map { buffers[$0].level },
      stations: (0..<stationCount).map { i in
        let s = stations[i]
        // `run` has counted the time to the pending event as worked off.
        let ahead = s.pending != LineRun.noEvent && s.phase == .working ? s.pendingTime - now : 0
        let condition: StationState.Condition =
          switch s.phase {
          case .idle, .collecting: .idle
          case .working: .working(elapsed: max(0, s.partWork - s.work - ahead))
          case .blocked: .blocked
          case .failed: .failed(elapsed: now - s.stoppedAt, holdsPart: s.holdsPart)
          case .microstopped: .microstopped(elapsed: now - s.stoppedAt, holdsPart: s.holdsPart)
          }
        func age(_ whole: Double, _ left: Double, _ stopped: Bool) -> Double {
          stopped || !whole.isFinite ? 0 : max(0, whole - left - ahead)
        }
        return StationState(
          condition: condition, sinceFailure: age(s.failureInterval, s.toFailure, s.phase == .failed),
          sinceMicrostop: age(s.microstopInterval, s.toMicrostop, s.phase == .microstopped))
      })
  }
}
