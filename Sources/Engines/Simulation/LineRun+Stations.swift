/// How a station works, stops and reopens.
extension LineRun {
  /// Books the time since the last change and moves to another state.
  @inline(__always)
  func enter(_ i: Int, _ account: Int) {
    let old = stations[i].account
    if old == account { return }
    times[i &* Account.count &+ old] += now - stations[i].since
    stations[i].since = now
    stations[i].enteredAt = now
    stations[i].account = account
    if LineRun.isActive(old) && !LineRun.isActive(account) { stations[i].activePeriods &+= 1 }
  }

  @inline(__always)
  static func isActive(_ account: Int) -> Bool { account == Account.working || account == Account.failed || account == Account.microstopped }

  /// The kit is complete: takes up its work.
  @inline(__always)
  mutating func startWork(_ i: Int) {
    stations[i].holdsPart = true
    let work = draw(i, Purpose.cycle)
    stations[i].work = work
    stations[i].partWork = work
    run(i)
  }

  /// Works on, until the part is done or a stop comes. What is left then is worked out at once.
  @inline(__always)
  mutating func run(_ i: Int) {
    var span = stations[i].work
    var kind = Event.Kind.completion
    if stations[i].toFailure < span { (span, kind) = (stations[i].toFailure, .failure) }
    if stations[i].toMicrostop < span { (span, kind) = (stations[i].toMicrostop, .microstop) }
    stations[i].work -= span
    stations[i].toFailure -= span
    stations[i].toMicrostop -= span
    stations[i].phase = .working
    enter(i, Account.working)
    stations[i].pendingTime = now + span
    stations[i].pending = queue.push(now + span, kind, i)
  }

  @inline(__always)
  mutating func complete(_ i: Int) {
    stations[i].produced &+= 1
    stations[i].holdsPart = false
    if stations[i].judges && rejects(i) {
      stations[i].rejected &+= 1
      scrapped &+= 1
      stations[i].isDefective = false
      collect(i)
    } else {
      release(i)
    }
  }

  /// Looks at a finished part; true where it is rejected.
  private mutating func rejects(_ i: Int) -> Bool {
    // One draw of each purpose a part, whatever comes of the others.
    let quality = qualities[i]
    let isScrap = chance(i, Purpose.scrap, quality.scrap)
    let isFound =
      quality.inspects && chance(i, Purpose.inspection, stations[i].isDefective ? quality.sensitivity : quality.falseReject)
    if chance(i, Purpose.defect, quality.latentDefect) { stations[i].isDefective = true }
    return isScrap || isFound
  }

  mutating func fail(_ i: Int) {
    stations[i].phase = .failed
    stations[i].pending = LineRun.noEvent
    stations[i].stoppedAt = now
    enter(i, Account.failed)
    _ = queue.push(now + draw(i, Purpose.repair), .repairEnd, i)
  }

  mutating func endRepair(_ i: Int) {
    // A state may say that a station has failed which by its spec never fails.
    let interval = stations[i].fails ? draw(i, Purpose.failure) : .infinity
    stations[i].toFailure = interval
    stations[i].failureInterval = interval
    resume(i)
  }

  mutating func microstop(_ i: Int) {
    stations[i].phase = .microstopped
    stations[i].pending = LineRun.noEvent
    stations[i].stoppedAt = now
    enter(i, Account.microstopped)
    _ = queue.push(now + draw(i, Purpose.microstopLength), .microstopEnd, i)
  }

  mutating func endMicrostop(_ i: Int) {
    let interval = stations[i].microstops ? draw(i, Purpose.microstop) : .infinity
    stations[i].toMicrostop = interval
    stations[i].microstopInterval = interval
    resume(i)
  }

  /// A stop is over: works on where there is a part, else looks for one.
  private mutating func resume(_ i: Int) {
    if !stations[i].holdsPart {
      collect(i)
    } else if stations[i].isClosed {
      stations[i].phase = .working
    } else {
      run(i)
    }
  }

  // MARK: - Closures

  mutating func close(_ i: Int) {
    let closure = compiled.line.stations[i].closures[stations[i].closuresDone]
    stations[i].isClosed = true
    if stations[i].phase == .working {
      // Takes back what `run` counted as worked off beforehand.
      let left = stations[i].pendingTime - now
      stations[i].work += left
      stations[i].toFailure += left
      stations[i].toMicrostop += left
      stations[i].pending = LineRun.noEvent
    }
    enter(i, Account.closed)
    _ = queue.push(max(closure.end, now), .closureEnd, i)
  }

  mutating func reopen(_ i: Int) {
    stations[i].isClosed = false
    stations[i].closuresDone &+= 1
    scheduleClosure(i)
    switch stations[i].phase {
    case .working: run(i)
    case .failed: enter(i, Account.failed)
    case .microstopped: enter(i, Account.microstopped)
    case .blocked:
      enter(i, Account.blocked)
      _ = moveUp(i)
    case .idle, .collecting: collect(i)
    }
  }

  /// Puts the next closure that is not over yet into the queue.
  mutating func scheduleClosure(_ i: Int) {
    let closures = compiled.line.stations[i].closures
    while stations[i].closuresDone < closures.count {
      let closure = closures[stations[i].closuresDone]
      if closure.end > now && closure.end > closure.start {
        _ = queue.push(max(closure.start, now), .closureStart, i)
        return
      }
      stations[i].closuresDone &+= 1
    }
  }
}
