import Telemetry

extension ReferencePlant {
  /// When something happens next.
  var nextTime: Double {
    var next = min(Double(scans + 1) * Self.scanPeriod, nextLot, Double(hours + 1) * 3600)
    if let event = timeline.first { next = min(next, event.atHours * 3600) }
    for i in machines.indices {
      next = min(next, machines[i].due, machines[i].suspendDue)
      if case .waiting = machines[i].phase, machines[i].part == nil { next = min(next, belts[i].frontReady) }
    }
    return next
  }

  /// Everything that is due at `now`, in a fixed order.
  mutating func step() {
    while let event = timeline.first, event.atHours * 3600 <= now {
      timeline.removeFirst()
      happen(event)
    }
    if nextLot <= now {
      nextLot = .infinity
      pendingParts = truth.source.lot
    }
    for i in machines.indices.reversed() {
      if machines[i].due <= now { endPhase(of: i) }
    }
    settle()
    for i in machines.indices where machines[i].suspendDue <= now {
      machines[i].suspendDue = .infinity
      report(.suspended, of: i)
    }
    if Double(scans + 1) * Self.scanPeriod <= now {
      scans += 1
      scan()
    }
    if Double(hours + 1) * 3600 <= now {
      hours += 1
      logHour()
    }
  }

  /// Lets parts move on until nothing moves.
  mutating func settle() {
    var moved = true
    while moved {
      moved = false
      for i in machines.indices.reversed() where tryMove(i) { moved = true }
      while pendingParts > 0, belts[0].hasRoom {
        belts[0].put(Part(born: now), at: now)
        pendingParts -= 1
        release()
        moved = true
        if pendingParts == 0 { nextLot = now + source.gamma(mean: truth.source.interval, cv: truth.source.cv) }
      }
    }
    for i in machines.indices {
      guard case .waiting = machines[i].phase else { continue }
      let use = machines[i].isFinished ? TimeUse.blocked : .starved
      guard machines[i].use != use else { continue }
      machines[i].enter(use, at: now)
      // A machine says Suspended only after a while; a short wait stays Execute, as with real ones.
      if machines[i].state == .execute, machines[i].suspendDue == .infinity { machines[i].suspendDue = now + 3 }
    }
  }

  /// Hands on the finished part and takes the next, where there is room and a part.
  private mutating func tryMove(_ i: Int) -> Bool {
    guard case .waiting = machines[i].phase else { return false }
    if machines[i].isFinished, let part = machines[i].part {
      guard belts[i + 1].hasRoom else { return false }
      belts[i + 1].put(part, at: now)
      machines[i].part = nil
      machines[i].isFinished = false
      _ = tryMove(i)
      return true
    }
    guard belts[i].frontReady <= now else { return false }
    machines[i].part = belts[i].take()
    machines[i].ratio = machines[i].setRatio  // the speed set-point is in force from the next part on
    machines[i].strain = machines[i].setStrain
    machines[i].workLeft = machines[i].drawWork()
    machines[i].beginStretch(at: now)
    report(.execute, of: i)
    return true
  }

  /// The phase of machine `i` ends now.
  private mutating func endPhase(of i: Int) {
    switch machines[i].phase {
    case .waiting: break
    case .stepping(let left):
      if left.isEmpty { resume(i) } else { enterSteps(left, of: i) }
    case .working(let ending):
      machines[i].endStretch(at: now)
      switch ending {
      case .finish: finishPart(i)
      case .failure: fail(i)
      case .microstop: jam(i)
      }
    }
  }

  /// Reports the first of these states and waits until it is over.
  mutating func enterSteps(_ steps: [Machine.Step], of i: Int) {
    report(steps[0].state, of: i)
    machines[i].phase = .stepping(left: Array(steps.dropFirst()))
    machines[i].due = now + steps[0].seconds
  }

  private mutating func resume(_ i: Int) {
    if machines[i].isFailed {
      machines[i].isFailed = false
      log(
        "failure_end",
        [
          .init("station", .text(machines[i].truth.name)), .init("down_s", .rounded(now - machines[i].stopStart, 1)),
          .init("repair_s", .rounded(machines[i].stopSeconds, 1)),
        ])
    }
    report(.execute, of: i)
    if machines[i].part != nil {
      machines[i].beginStretch(at: now)
    } else {
      (machines[i].phase, machines[i].due) = (.waiting, .infinity)
    }
  }

  private mutating func fail(_ i: Int) {
    let repair = machines[i].drawRepair()
    machines[i].enter(.failure, at: now)
    machines[i].isFailed = true
    (machines[i].stopStart, machines[i].stopSeconds) = (now, repair)
    log("failure_start", [.init("station", .text(machines[i].truth.name))])
    enterSteps([(.aborting, 1), (.aborted, repair), (.clearing, 2), (.stopped, 1), (.resetting, 2), (.idle, 1), (.starting, 3)], of: i)
  }

  private mutating func jam(_ i: Int) {
    let seconds = machines[i].drawHold()
    machines[i].enter(.microstop, at: now)
    log("microstop", [.init("station", .text(machines[i].truth.name)), .init("seconds", .rounded(seconds, 1))])
    enterSteps([(.held, seconds), (.unholding, 1)], of: i)
  }

  private mutating func finishPart(_ i: Int) {
    guard var part = machines[i].part else { preconditionFailure("worked on nothing") }
    (machines[i].phase, machines[i].due) = (.waiting, .infinity)
    machines[i].processed += 1
    machines[i].ideal += 60 / machines[i].truth.speed.rated
    var isRejected = false
    if machines[i].drawSpoilt() {
      machines[i].defectsMade += 1
      part.isDefective = true
      isRejected = machines[i].truth.scrap.detection == .own
    }
    if let inspection = machines[i].truth.inspection {
      let isFound = machines[i].drawRejected(isDefective: part.isDefective, inspection)
      isRejected = isRejected || isFound
    }
    if isRejected {
      machines[i].rejected += 1
      scrapped += 1
      machines[i].part = nil
    } else if i + 1 < machines.count {
      machines[i].part = part
      machines[i].isFinished = true
    } else {
      if part.isDefective { escapes += 1 } else { good += 1 }
      leadTime += now - part.born
      machines[i].part = nil
    }
    reportCounts(of: i)
  }

  /// One part came onto the line; orders follow each other without a changeover.
  private mutating func release() {
    partsReleased += 1
    guard partsReleased % truth.orderSize == 1, partsReleased > 1 else { return }
    log("order", [.init("order", .text(orderID)), .init("product", .text(truth.product))])
    reportOrder()
  }

  var orderID: String {
    let number = String(max(0, partsReleased - 1) / truth.orderSize + 1)
    return "WO-" + String(repeating: "0", count: max(0, 4 - number.count)) + number
  }
}
