import EventKernel
import Probability

/// How a machine works, stops and goes on.
extension LineRun {
  typealias Account = Machine.Account

  /// Books the time since the last change and moves to another state.
  @inline(__always)
  mutating func enter(_ i: Int, _ account: UInt8) {
    let old = machines[i].account
    if old == account { return }
    times[i &* Account.count &+ Int(old)] += now - machines[i].since
    machines[i].since = now
    machines[i].enteredAt = now
    machines[i].account = account
    if Account.isActive(account) {
      // A pause without length interrupts no spell of activity.
      if !Account.isActive(old) && now > machines[i].idleSince { machines[i].activePeriods &+= 1 }
    } else if Account.isActive(old) {
      machines[i].idleSince = now
    }
    if traces { note(.state, i, Int(account)) }
    if machines[i].extra >= 0 { turnConditions(i, from: old, to: account) }
  }

  /// The state in which a machine is, from its phase and what holds it up.
  mutating func enterShown(_ i: Int) {
    let machine = machines[i]
    if machine.isClosed { return enter(i, Account.closed) }
    if machine.downs > 0 { return enter(i, downAccount(i)) }
    switch machine.phase {
    case .idle, .moving: enter(i, idleAccount(i))
    case .waiting: enter(i, machine.activity == .breakage ? Account.failed : Account.waiting)
    case .working: enter(i, LineRun.account(of: machine.activity))
    case .blocked: enter(i, Account.blocked)
    case .stopped: enter(i, modes[Int(machine.mode)].account)
    }
  }

  private static func account(of activity: Machine.Activity) -> UInt8 {
    switch activity {
    case .work: Account.working
    case .setup: Account.setup
    case .maintenance, .replacement: Account.maintenance
    case .breakage: Account.failed
    }
  }

  /// Begins to work on the part in hand for a time by law.
  @inline(__always)
  mutating func startWork(_ i: Int) {
    machines[i].holdsPart = true
    let work = draw(Int(machines[i].cycle))
    machines[i].work = work
    machines[i].partWork = work
    run(i)
  }

  /// Works on, until the part is done or a stop comes. What is left then is worked out at once.
  @inline(__always)
  mutating func run(_ i: Int) {
    let work = machines[i].work
    let operated = machines[i].operated
    machines[i].phase = .working
    enter(i, Account.working)
    let toStop = machines[i].nextStop - operated
    if toStop < work {
      machines[i].work = work - toStop
      machines[i].operated = machines[i].nextStop
      machines[i].pendingTime = now + toStop
      calendar.schedule(i, at: now + toStop, Kind.stop)
    } else {
      machines[i].work = 0
      machines[i].operated = operated + work
      machines[i].pendingTime = now + work
      calendar.schedule(i, at: now + work, Kind.completion)
    }
  }

  /// Spends the time of an activity that no stop interrupts.
  mutating func runUpkeep(_ i: Int) {
    machines[i].phase = .working
    enter(i, LineRun.account(of: machines[i].activity))
    machines[i].pendingTime = now + machines[i].work
    calendar.schedule(i, at: now + machines[i].work, Kind.completion)
    machines[i].work = 0
  }

  /// Goes on with the activity under way.
  mutating func goOn(_ i: Int) {
    if machines[i].activity == .work { run(i) } else { runUpkeep(i) }
  }

  /// Takes back what `run` counted as worked off beforehand, and the pending event with it.
  mutating func suspend(_ i: Int) {
    let left = machines[i].pendingTime - now
    machines[i].work += left
    if machines[i].activity == .work { machines[i].operated -= left }
    calendar.cancel(i)
  }

  // MARK: - Stops by operating time

  mutating func stop(_ i: Int) {
    let mode = nextMode(i)
    machines[i].mode = Int32(mode)
    machines[i].phase = .stopped
    machines[i].stoppedAt = now
    modes[mode].isUnderWay = true
    if modes[mode].workAfter != Mode.resumes { loseWork(i, mode) }
    enter(i, modes[mode].account)
    letGo(i, for: mode)
    if modes[mode].need >= 0 && !ask(.stop, mode, need: Int(modes[mode].need)) { return }
    startRepair(mode)
  }

  /// Where a stop needs people, those who were at work go: they may be the ones that it needs, and nobody waits for others while he keeps one.
  private mutating func letGo(_ i: Int, for mode: Int) {
    guard modes[mode].need >= 0, machines[i].extra >= 0 else { return }
    if machines[i].phase == .waiting {
      requests.removeAll { $0.purpose == .machine && $0.index == i }
      machines[i].phase = .working
    }
    release(need: Int(extras[Int(machines[i].extra)].activeNeed))
  }

  /// The mode whose stop comes next.
  private mutating func nextMode(_ i: Int) -> Int {
    var mode = Int(machines[i].firstMode)
    let end = mode + Int(machines[i].modeCount)
    while mode < end && modes[mode].at != machines[i].nextStop { mode += 1 }
    return mode
  }

  /// The length of a stop begins to run.
  mutating func startRepair(_ mode: Int) {
    let length = draw(Int(modes[mode].length))
    if modes[mode].slot < 0 {
      calendar.schedule(Int(modes[mode].machine), at: now + length, Kind.stopEnd)
    } else {
      calendar.schedule(Int(modes[mode].slot), at: now + length, Kind.calendarStopEnd)
    }
  }

  mutating func endStop(_ i: Int) {
    let mode = Int(machines[i].mode)
    modes[mode].isUnderWay = false
    release(need: Int(modes[mode].need))
    // A state may say that a machine stands still which by its spec never does.
    let interval = modes[mode].interval >= 0 ? draw(Int(modes[mode].interval)) : .infinity
    modes[mode].from = machines[i].operated
    modes[mode].at = machines[i].operated + interval
    findNextStop(i)
    machines[i].mode = -1
    if !machines[i].holdsPart {
      machines[i].phase = .idle
      seek(i)
    } else if machines[i].isHalted {
      machines[i].phase = .working
    } else {
      resume(i)
      yieldToUrgent(i)
    }
  }

  mutating func findNextStop(_ i: Int) {
    var next = Double.infinity
    let first = Int(machines[i].firstMode)
    for mode in first..<first + Int(machines[i].modeCount) where modes[mode].at < next { next = modes[mode].at }
    machines[i].nextStop = next
  }

  /// The stop spoils what was done: the work begins anew, or the part is scrapped.
  private mutating func loseWork(_ i: Int, _ mode: Int) {
    if modes[mode].workAfter == Mode.restarts {
      machines[i].work = machines[i].partWork
    } else {
      scrapInHand(i)
    }
  }

  // MARK: - Halts: closures and stops by the calendar

  /// Something holds the machine up from without; what it was doing waits.
  private mutating func halt(_ i: Int) {
    if machines[i].phase == .working { suspend(i) }
  }

  /// Nothing holds it up any more.
  private mutating func unhalt(_ i: Int) {
    switch machines[i].phase {
    case .working:
      resume(i)
      yieldToUrgent(i)
    case .stopped, .waiting: enterShown(i)
    case .blocked:
      enterShown(i)
      moveOn(i)
    case .idle, .moving:
      machines[i].phase = .idle
      seek(i)
    }
  }

  mutating func close(_ i: Int) {
    let spec = compiled.line.stations[Int(machines[i].station)]
    if !machines[i].isHalted { halt(i) }
    machines[i].isClosed = true
    enter(i, Account.closed)
    calendar.schedule(compiled.slots.closures + i, at: max(now, spanEnd(spec.closures, spec.closurePeriod)), Kind.closureEnd)
  }

  mutating func reopen(_ i: Int) {
    let spec = compiled.line.stations[Int(machines[i].station)]
    if let next = nextSpanStart(spec.closures, spec.closurePeriod), next <= now {
      // One closure ends where the next begins: it stays closed.
      calendar.schedule(compiled.slots.closures + i, at: max(now, spanEnd(spec.closures, spec.closurePeriod)), Kind.closureEnd)
      return
    }
    machines[i].isClosed = false
    scheduleClosure(i)
    if machines[i].isHalted { enterShown(i) } else { unhalt(i) }
  }

  /// Puts the next closure that is not over yet into the calendar.
  mutating func scheduleClosure(_ i: Int) {
    let spec = compiled.line.stations[Int(machines[i].station)]
    if let start = nextSpanStart(spec.closures, spec.closurePeriod) {
      calendar.schedule(compiled.slots.closures + i, at: max(start, now), Kind.closureStart)
    }
  }

  /// A stop of the calendar begins, whatever the machine is doing.
  mutating func goDown(_ slot: Int) {
    let mode = modeOfSlot(slot)
    let i = Int(modes[mode].machine)
    if !machines[i].isHalted {
      if machines[i].phase == .working && modes[mode].workAfter != Mode.resumes && machines[i].activity == .work {
        suspend(i)
        loseWork(i, mode)
        machines[i].downs &+= 1
        if !machines[i].holdsPart { machines[i].phase = .idle }
      } else {
        halt(i)
        machines[i].downs &+= 1
      }
    } else {
      machines[i].downs &+= 1
    }
    (modes[mode].isUnderWay, modes[mode].began) = (true, now)
    enterShown(i)
    letGo(i, for: mode)
    if modes[mode].need >= 0 && !ask(.stop, mode, need: Int(modes[mode].need)) { return }
    startRepair(mode)
  }

  mutating func comeUp(_ slot: Int) {
    let mode = modeOfSlot(slot)
    let i = Int(modes[mode].machine)
    modes[mode].isUnderWay = false
    release(need: Int(modes[mode].need))
    calendar.schedule(slot, at: now + draw(Int(modes[mode].interval)), Kind.calendarStop)
    machines[i].downs &-= 1
    if machines[i].isHalted { enterShown(i) } else { unhalt(i) }
  }

  private mutating func modeOfSlot(_ slot: Int) -> Int { compiled.calendarModes[slot - compiled.slots.calendarStops] }

  private mutating func downAccount(_ i: Int) -> UInt8 {
    let first = Int(machines[i].firstMode)
    for mode in first..<first + Int(machines[i].modeCount) where modes[mode].slot >= 0 && modes[mode].isUnderWay { return modes[mode].account }
    return Account.failed
  }

  // MARK: - Spans of a calendar

  /// Where the period begins that `now` lies in. Division may round to the one before.
  private func spanBase(_ period: Double?) -> Double {
    guard let period else { return 0 }
    let base = (now / period).rounded(.down) * period
    return base + period <= now ? base + period : base
  }

  /// The end of the span that lies at `now`; `now` where none does.
  mutating func spanEnd(_ spans: [ClosureSpec], _ period: Double?) -> Double {
    let base = spanBase(period)
    for span in spans where span.start + base <= now && span.end + base > now { return span.end + base }
    return now
  }

  /// When the next span begins that ends after `now`; nil where none does.
  mutating func nextSpanStart(_ spans: [ClosureSpec], _ period: Double?) -> Double? {
    let base = spanBase(period)
    for span in spans where span.end + base > now && span.end > span.start { return span.start + base }
    guard let period, let first = spans.first(where: { $0.end > $0.start }) else { return nil }
    return first.start + base + period
  }
}
