import EventKernel

/// How parts move: taking and handing on. The way of plain machines stands here; that of the others in `LineRun+Kits.swift`.
extension LineRun {
  // MARK: - Taking

  /// A machine that has nothing in hand looks for its next work, and lets those move up for whom it makes room.
  mutating func seek(_ first: Int) {
    var i = first
    while true {
      if !machines[i].isPlain { return seekKit(i) }
      if machines[i].isHalted {
        machines[i].phase = .idle
        return
      }
      let b = Int(machines[i].input)
      if b < 0 {
        machines[i].part = Part(entered: now, since: now)
        flow.made &+= 1
        return startWork(i)
      }
      if buffers[b].queue.count > 0 {
        let part = buffers[b].queue.takeFirst()
        book(taken: part, from: b)
        if traces { note(.level, b, buffers[b].queue.count) }
        machines[i].part = part
        startWork(i)
      } else if buffers[b].capacity > 0 || !takeFromHand(b, for: i) {
        return starve(i)
      }
      // Room has come in the buffer, or the giver's hands are free.
      let giver = Int(buffers[b].giver)
      if giver < 0 {
        if giver == -1 || feeds[-2 &- giver].phase == .blocked { agenda.append(.room(b)) }
        return
      }
      if machines[giver].phase != .blocked || machines[giver].isHalted { return }
      if buffers[b].capacity > 0 { put(machines[giver].part, into: b) }
      machines[giver].phase = .moving
      i = giver
    }
  }

  @inline(__always)
  mutating func book(taken part: Part, from b: Int) {
    let wait = now - part.since
    buffers[b].taken &+= 1
    buffers[b].waits += wait
    if wait > 0 { buffers[b].waited &+= 1 }
  }

  /// Takes the part that a blocked plain machine holds before a buffer of capacity 0.
  private mutating func takeFromHand(_ b: Int, for i: Int) -> Bool {
    let giver = Int(buffers[b].giver)
    if giver < 0 { return takeFromSomebody(b, for: i) }
    if machines[giver].phase != .blocked || machines[giver].isHalted { return false }
    machines[i].part = machines[giver].part
    buffers[b].taken &+= 1
    startWork(i)
    return true
  }

  /// Waits for parts, behind those that wait already.
  @inline(__always)
  mutating func starve(_ i: Int) {
    let waitsAlready = machines[i].phase == .idle && machines[i].account == Account.starved
    machines[i].phase = .idle
    if !waitsAlready {
      machines[i].ticket = tickets
      tickets &+= 1
      enter(i, Account.starved)
    }
  }

  // MARK: - Handing on

  /// The pending activity of a machine has ended.
  @inline(__always)
  mutating func complete(_ i: Int) {
    if !machines[i].isPlain { return completeKit(i) }
    machines[i].produced &+= 1
    machines[i].holdsPart = false
    if traces { note(.produced, i, machines[i].produced) }
    if machines[i].judges {
      var part = machines[i].part
      let isRejected = isRejected(i, &part)
      machines[i].part = part
      if isRejected {
        reject(i, part)
        machines[i].phase = .moving
        return seek(i)
      }
    }
    let b = Int(machines[i].output)
    if b < 0 {
      leave(machines[i].part)
    } else if !hand(machines[i].part, to: b) {
      return block(i)
    }
    machines[i].phase = .moving
    seek(i)
  }

  @inline(__always)
  mutating func block(_ i: Int) {
    machines[i].phase = .blocked
    machines[i].ticket = tickets
    tickets &+= 1
    enter(i, Account.blocked)
  }

  /// Gives a part to the machine that waits for it, or puts it into the buffer; false where there is no room.
  @inline(__always)
  mutating func hand(_ part: Part, to b: Int) -> Bool {
    let taker = Int(buffers[b].taker)
    if taker < 0 { return offer(part, to: b) }
    if machines[taker].phase == .idle && !machines[taker].isHalted && buffers[b].queue.count == 0 {
      machines[taker].part = part
      buffers[b].taken &+= 1
      startWork(taker)
      return true
    }
    if !buffers[b].hasRoom { return false }
    put(part, into: b)
    return true
  }

  /// Puts a part into a buffer that has room; who waits for it is not told.
  @inline(__always)
  mutating func put(_ part: Part, into b: Int) {
    var part = part
    part.since = now
    buffers[b].queue.append(part)
    if buffers[b].queue.count > buffers[b].peak { buffers[b].peak = buffers[b].queue.count }
    if traces { note(.level, b, buffers[b].queue.count) }
  }

  /// A part leaves the line.
  @inline(__always)
  mutating func leave(_ part: Part) {
    if now > nextInstant { noteCurve(before: now) }
    left &+= 1
    tally.leave(part, at: now)
    if keepsRecords { leaveWithRecord(part) }
    if keepsDepartures { departures.append(now) }
    if traces { note(.left, 0, left) }
  }

  private mutating func leaveWithRecord(_ part: Part) {
    products[Int(part.product)].leave(part, at: now)
    if part.order >= 0 { orders[Int(part.order)].end(isGood: !part.isDefective, at: now) }
    var part = part
    if part.cards != 0 { giveBack(&part, part.cards) }
  }

  // MARK: - What waits

  /// Parts have come into a buffer: lets waiting takers have them, the longest waiting first.
  mutating func serveTakers(_ b: Int) {
    var last = Place.first
    while buffers[b].queue.count > 0, let i = nextIdleTaker(b, after: last) {
      last = Place(ticket: machines[i].ticket, index: i)
      seek(i)
    }
    if buffers[b].queue.count > 0 { preempt(b) }
    if hasTransports { dispatchVehicles() }
  }

  /// A buffer has room: lets blocked machines and sources move up, the longest waiting first.
  mutating func serveGivers(_ b: Int) {
    var last = Place.first
    while buffers[b].hasRoom || buffers[b].capacity == 0, let (giver, place) = nextBlockedGiver(b, after: last) {
      last = place
      if giver < machineCount { moveOn(giver) } else { deliver(giver - machineCount) }
    }
    if hasTransports { dispatchVehicles() }
  }

  /// A place in the order of those who wait.
  struct Place {
    var ticket: UInt64
    var index: Int
    static let first = Place(ticket: 0, index: -1)
    static func < (a: Place, b: Place) -> Bool { a.ticket < b.ticket || (a.ticket == b.ticket && a.index < b.index) }
  }

  mutating func nextIdleTaker(_ b: Int, after last: Place) -> Int? {
    var best: Place?
    for i in compiled.takers[b] where i < machineCount && machines[i].phase == .idle && !machines[i].isHalted && wants(i, from: b) {
      let place = Place(ticket: machines[i].ticket, index: i)
      if last < place && best.map({ place < $0 }) ?? true { best = place }
    }
    return best?.index
  }

  mutating func nextBlockedGiver(_ b: Int, after last: Place) -> (Int, Place)? {
    var best: Place?
    for giver in compiled.givers[b] {
      let place: Place
      if giver < machineCount {
        guard machines[giver].phase == .blocked && !machines[giver].isHalted && waits(giver, for: b) else { continue }
        place = Place(ticket: machines[giver].ticket, index: giver)
      } else if giver < machineCount + feeds.count {
        guard feeds[giver - machineCount].phase == .blocked else { continue }
        place = Place(ticket: feeds[giver - machineCount].ticket, index: giver)
      } else {
        continue
      }
      if last < place && best.map({ place < $0 }) ?? true { best = place }
    }
    return best.map { ($0.index, $0) }
  }

  // MARK: - Notes

  /// Notes the good parts at the instants before `end`.
  mutating func noteCurve(before end: Double) {
    while curve.count < recording.instants.count && recording.instants[curve.count] < end { curve.append(tally.goodSoFar) }
    nextInstant = curve.count < recording.instants.count ? recording.instants[curve.count] : .infinity
  }

  @inline(never)
  mutating func note(_ kind: LineTrace.Entry.Kind, _ index: Int, _ value: Int) {
    if trace.count < LineTrace.limit {
      trace.append(LineTrace.Entry(time: now, kind: kind, index: Int32(truncatingIfNeeded: index), value: Int32(truncatingIfNeeded: value)))
    }
  }
}
