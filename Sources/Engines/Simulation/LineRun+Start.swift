import EventKernel
import Probability

/// Where a replication begins.
extension LineRun {
  /// Puts the line into a state and sets everything going.
  ///
  /// `fresh`: it is the empty line, so intervals begin at time 0; else what is left of them is drawn.
  mutating func start(from state: LineState, fresh: Bool) {
    for b in 0..<buffers.count {
      let runs = b < state.products.count ? state.products[b] : []
      let kinds = runs.flatMap { [Int](repeating: $0.product, count: $0.quantity) }
      for k in 0..<state.levels[b] {
        // Parts that are there have arrived.
        if buffers[b].isBelt { buffers[b].entries.append(-buffers[b].transit) }
        buffers[b].queue.append(partOnItsRoute(b, of: k < kinds.count ? kinds[k] : kinds.last ?? 0))
      }
      buffers[b].peak = state.levels[b]
    }
    for i in 0..<machineCount {
      startModes(i, state.stations[i], fresh: fresh)
      startCondition(i, state.stations[i])
    }
    for i in 0..<machineCount where !compiled.line.stations[Int(machines[i].station)].closures.isEmpty { scheduleClosure(i) }
    for c in 0..<crews.count { scheduleShift(c) }
    for d in 0..<duties.count where duties[d].slot >= 0 { calendar.schedule(Int(duties[d].slot), at: duties[d].every, Kind.dutyIsDue) }
    for i in 0..<machineCount where Account.isActive(machines[i].account) { machines[i].activePeriods = 1 }
    flow.before = partsInLine
    if !fresh { dealCards() }
    if traces { noteStart() }
    for i in 0..<machineCount { claimPeople(i) }
    // Then what can move moves, the line's end first, as room comes from there.
    for i in (0..<machineCount).reversed() {
      switch machines[i].phase {
      case .working: if !machines[i].isHalted { run(i) }
      case .blocked: moveOn(i)
      case .idle: seek(i)
      case .moving, .waiting, .stopped: break
      }
      settle()
    }
    for s in 0..<feeds.count { startSource(s, fresh: fresh) }
    if !compiled.line.transports.isEmpty { dispatchVehicles() }
    settle()
    // A belt whose first part is not taken stands.
    for b in 0..<buffers.count where buffers[b].isBelt && !buffers[b].accumulates && buffers[b].queue.count > 0 { scheduleEnd(b) }
  }

  /// A part of a product, at the first step of its route that leads to buffer `b`.
  private func partOnItsRoute(_ b: Int, of product: Int) -> Part {
    var part = Part()
    part.product = UInt16(product)
    if product < compiled.line.products.count {
      part.step = UInt16(compiled.line.products[product].route.firstIndex { $0.buffer == b } ?? 0)
    }
    return part
  }

  /// What is not as a trace begins: starved machines and empty buffers.
  private mutating func noteStart() {
    for i in 0..<machineCount where machines[i].account != Account.starved { note(.state, i, Int(machines[i].account)) }
    for b in 0..<buffers.count where buffers[b].queue.count > 0 { note(.level, b, buffers[b].queue.count) }
  }

  /// Work and repairs under way have their people; where there are not enough of them, some wait after all.
  private mutating func claimPeople(_ i: Int) {
    let e = Int(machines[i].extra)
    if e < 0 { return }
    if machines[i].holdsPart { extras[e].activeNeed = extras[e].workNeed }
    let first = Int(machines[i].firstMode)
    if let mode = (first..<first + Int(machines[i].modeCount)).first(where: { modes[$0].isUnderWay }) {
      if modes[mode].need >= 0 && !ask(.stop, mode, need: Int(modes[mode].need)) {
        calendar.cancel(modes[mode].slot >= 0 ? Int(modes[mode].slot) : i)
      }
    } else if machines[i].phase == .working && extras[e].workNeed >= 0 && !ask(.machine, i, need: Int(extras[e].workNeed)) {
      (machines[i].phase, machines[i].account) = (.waiting, Account.waiting)
    }
  }

  private mutating func startModes(_ i: Int, _ state: StationState, fresh: Bool) {
    let specs = modeSpecs(i)
    for (k, spec) in specs.enumerated() {
      guard let spec else { continue }
      let mode = Int(machines[i].firstMode) + k
      let die = Int(modes[mode].interval)
      if modes[mode].slot >= 0 {
        calendar.schedule(
          Int(modes[mode].slot), at: fresh ? draw(die) : spec.interval.sampleEquilibriumResidual(&dice[die].stream), Kind.calendarStop)
        continue
      }
      let age = k == 0 ? state.sinceFailure : k == 1 ? state.sinceMicrostop : 0
      modes[mode].at = fresh ? draw(die) : spec.interval.sampleResidual(after: age, &dice[die].stream)
      modes[mode].from = -age
    }
    findNextStop(i)
  }

  /// The laws of a machine's modes, in their order.
  private mutating func modeSpecs(_ i: Int) -> [StoppageSpec?] {
    let spec = compiled.line.stations[Int(machines[i].station)]
    return [spec.failure, spec.microstop] + spec.stoppages
  }

  private mutating func startCondition(_ i: Int, _ state: StationState) {
    let spec = compiled.line.stations[Int(machines[i].station)]
    let e = Int(machines[i].extra)
    if e >= 0 {
      if let product = state.product {
        machines[i].part.product = UInt16(product)
        extras[e].lastProduct = Int32(product)
      }
      extras[e].wear = state.wear
    }
    switch state.condition {
    case .idle: break
    case .working(let elapsed):
      let left = workLaw(i, spec).sampleResidual(after: elapsed, &dice[Int(machines[i].cycle)].stream)
      (machines[i].work, machines[i].partWork, machines[i].holdsPart) = (left, left + elapsed, true)
      (machines[i].phase, machines[i].account) = (.working, Account.working)
      startBatch(i)
    case .blocked:
      (machines[i].phase, machines[i].account) = (.blocked, Account.blocked)
      machines[i].ticket = tickets
      tickets &+= 1
      if machines[i].extra >= 0 { addFinished(i) }
    case .failed(let elapsed, let holdsPart): startStopped(i, spec, mode: 0, spec.failure?.length, elapsed, holdsPart)
    case .microstopped(let elapsed, let holdsPart): startStopped(i, spec, mode: 1, spec.microstop?.length, elapsed, holdsPart)
    }
  }

  /// The law of the work on the part in the machine.
  private mutating func workLaw(_ i: Int, _ spec: StationSpec) -> Law {
    let e = Int(machines[i].extra)
    return e >= 0 && extras[e].variesByProduct ? cycleLaw(of: machines[i].part, at: i) : spec.cycle
  }

  private mutating func startStopped(_ i: Int, _ spec: StationSpec, mode k: Int, _ length: Law?, _ elapsed: Double, _ holdsPart: Bool) {
    let mode = Int(machines[i].firstMode) + k
    (machines[i].phase, machines[i].account) = (.stopped, modes[mode].account)
    let left = length?.sampleResidual(after: elapsed, &dice[Int(modes[mode].length)].stream) ?? 0
    modes[mode].isUnderWay = true
    if modes[mode].slot < 0 {
      (machines[i].mode, machines[i].stoppedAt) = (Int32(mode), -elapsed)
      calendar.schedule(i, at: left, Kind.stopEnd)
    } else {
      // A stop by the calendar holds up whatever the machine would do.
      (machines[i].phase, machines[i].downs, modes[mode].began) = (holdsPart ? .working : .idle, 1, -elapsed)
      calendar.schedule(Int(modes[mode].slot), at: left, Kind.calendarStopEnd)
    }
    guard holdsPart else { return }
    // Stops come at random moments of operating time, so the part that waits for its end was met at one.
    let work = workLaw(i, spec).sampleEquilibriumResidual(&dice[Int(machines[i].cycle)].stream)
    (machines[i].work, machines[i].partWork, machines[i].holdsPart) = (work, work, true)
    startBatch(i)
  }

  /// A machine that works in batches has one part in work, as no more is known.
  private mutating func startBatch(_ i: Int) {
    let e = Int(machines[i].extra)
    guard e >= 0, extras[e].batchMost > 0 else { return }
    extras[e].held = 1
    held[Int(extras[e].firstHeld)] = machines[i].part
  }

  /// A blocked machine that is not plain holds one finished part for its first destination.
  private mutating func addFinished(_ i: Int) {
    let e = Int(machines[i].extra)
    let spec = compiled.line.stations[Int(machines[i].station)]
    guard let buffer = spec.destinations(compiled.line).first else { return }
    outs[Int(extras[e].firstOut)] = Out(part: machines[i].part, buffer: Int32(buffer))
    extras[e].outs = 1
  }

  /// Books everything up to `instant` and begins to count anew: the end of the warm-up.
  mutating func forget(at instant: Double) {
    book(until: instant)
    for i in 0..<times.count { times[i] = 0 }
    for i in 0..<machineCount {
      machines[i].produced = 0
      machines[i].rejected = 0
      machines[i].activePeriods = Account.isActive(machines[i].account) ? 1 : 0
    }
    for e in 0..<extras.count { (extras[e].reworked, extras[e].setups) = (0, 0) }
    for b in 0..<buffers.count {
      buffers[b].areaBefore = buffers[b].area(at: instant)
      (buffers[b].takenBefore, buffers[b].waitedBefore, buffers[b].waitsBefore) = (buffers[b].taken, buffers[b].waited, buffers[b].waits)
      buffers[b].peak = buffers[b].queue.count
    }
    for s in 0..<feeds.count { (feeds[s].delivered, feeds[s].lost) = (0, 0) }
    for c in 0..<crews.count { (crews[c].busyTime, crews[c].presentTime) = (0, 0) }
    for l in 0..<cards.count { cards[l].area = 0 }
    for t in 0..<ways.count { ways[t] = Way() }
    for v in 0..<vehicles.count { vehicles[v].since = instant }
    for p in 0..<products.count { products[p] = ProductTally() }
    tally.forget()
    flow = PartBalance()
    flow.before = partsInLine
  }

  mutating func book(until instant: Double) {
    now = instant
    for i in 0..<machineCount {
      times[i * Account.count + Int(machines[i].account)] += instant - machines[i].since
      machines[i].since = instant
    }
    for c in 0..<crews.count { crews[c].book(until: instant) }
    for l in 0..<cards.count { cards[l].book(until: instant) }
  }
}
