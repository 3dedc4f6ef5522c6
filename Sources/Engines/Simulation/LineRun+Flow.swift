/// How parts move: collecting, handing on, deliveries.
extension LineRun {
  // MARK: - Taking

  /// Collects what the next work of an idle station still needs; begins it when complete.
  mutating func collect(_ i: Int) {
    if stations[i].isClosed {
      stations[i].phase = .idle
      return
    }
    let wasWaiting = stations[i].phase == .idle && stations[i].account == Account.starved
    // Not idle while it takes: a part that its own taking lets move must not wake it a second time.
    stations[i].phase = .collecting
    let first = stations[i].firstInput
    if stations[i].partsNeeded <= 1 {
      // The common case, one part or none: the counters of the kit need not move.
      if stations[i].partsNeeded == 0 || take(from: inputBuffers[first], for: i) { startWork(i) } else { starve(i, wasWaiting: wasWaiting) }
      return
    }
    let end = first &+ stations[i].inputCount
    var moved = true
    while moved && stations[i].missing > 0 {
      moved = false
      var slot = first
      while slot < end {
        while needs[slot] > 0 && take(from: inputBuffers[slot], for: i) {
          needs[slot] &-= 1
          stations[i].missing &-= 1
          moved = true
        }
        slot &+= 1
      }
    }
    if stations[i].missing == 0 {
      beginKit(i)
    } else {
      starve(i, wasWaiting: wasWaiting)
    }
  }

  /// Waits for parts, behind those that wait already.
  @inline(__always)
  private mutating func starve(_ i: Int, wasWaiting: Bool) {
    stations[i].phase = .idle
    if !wasWaiting {
      stations[i].ticket = tickets
      tickets &+= 1
      enter(i, Account.starved)
    }
  }

  /// Its kit is complete: resets the needs and works.
  @inline(__always)
  private mutating func beginKit(_ i: Int) {
    stations[i].missing = stations[i].partsNeeded
    var slot = stations[i].firstInput
    let end = slot &+ stations[i].inputCount
    while slot < end {
      needs[slot] = inputCounts[slot]
      slot &+= 1
    }
    startWork(i)
  }

  /// Takes one part that is there, and lets whoever waited for its room move up.
  @inline(__always)
  private mutating func take(from b: Int, for i: Int) -> Bool {
    if buffers[b].level == 0 { return buffers[b].capacity == 0 && takeFromHand(b, for: i) }
    if buffers[b].transit > 0 {
      let arrival = arrivals[buffers[b].ring &+ buffers[b].head]
      if arrival > now {
        if !buffers[b].arrivalIsPending {
          buffers[b].arrivalIsPending = true
          _ = queue.push(arrival, .arrivalOnBuffer, b)
        }
        return false
      }
    }
    if tracksDefects && defects[buffers[b].ring &+ buffers[b].head] { stations[i].isDefective = true }
    buffers[b].area += Double(buffers[b].level) * (now - buffers[b].since)
    buffers[b].since = now
    buffers[b].level &-= 1
    let next = buffers[b].head &+ 1
    buffers[b].head = next == buffers[b].capacity ? 0 : next
    serveProducers(b)
    return true
  }

  /// Takes the part that a blocked producer holds before a buffer of capacity 0.
  private mutating func takeFromHand(_ b: Int, for i: Int) -> Bool {
    guard let producer = firstBlockedProducer(b) else { return false }
    if producer < stationCount {
      if stations[producer].isDefective { stations[i].isDefective = true }
      passedOn(producer)
    } else {
      feeds[producer &- stationCount].left &-= 1
      feeds[producer &- stationCount].delivered &+= 1
      deliver(producer &- stationCount)
    }
    return true
  }

  /// Parts have come into a buffer: lets waiting stations take them, the longest waiting first.
  mutating func serveConsumers(_ b: Int) {
    let sole = soleConsumer[b]
    if sole >= 0 {
      if stations[sole].phase == .idle && !stations[sole].isClosed { collect(sole) }
      return
    }
    while buffers[b].level > 0, let i = firstWaitingConsumer(b) {
      let before = buffers[b].level
      collect(i)
      if buffers[b].level >= before { return }
    }
  }

  private func firstWaitingConsumer(_ b: Int) -> Int? {
    var best: Int?
    for i in compiled.consumers[b] where stations[i].phase == .idle && !stations[i].isClosed && need(of: i, from: b) > 0 {
      if best.map({ stations[i].ticket < stations[$0].ticket }) ?? true { best = i }
    }
    return best
  }

  private func need(of i: Int, from b: Int) -> Int {
    var slot = stations[i].firstInput
    while inputBuffers[slot] != b { slot &+= 1 }
    return needs[slot]
  }

  // MARK: - Handing on

  /// A finished part goes on, or waits in the station.
  @inline(__always)
  mutating func release(_ i: Int) {
    let b = stations[i].output
    if b < 0 {
      leave(isDefective: stations[i].isDefective)
      stations[i].isDefective = false
      collect(i)
    } else if offer(b, isDefective: stations[i].isDefective) {
      stations[i].isDefective = false
      collect(i)
    } else {
      stations[i].phase = .blocked
      stations[i].pending = LineRun.noEvent
      stations[i].ticket = tickets
      tickets &+= 1
      enter(i, Account.blocked)
    }
  }

  /// The part of a blocked station has gone: it looks for the next.
  mutating func passedOn(_ i: Int) {
    stations[i].isDefective = false
    stations[i].phase = .collecting
    collect(i)
  }

  /// Puts a part into a buffer where it has room, or into the hands of a waiting station where its capacity is 0.
  @inline(__always)
  mutating func offer(_ b: Int, isDefective: Bool) -> Bool {
    let level = buffers[b].level
    if level >= buffers[b].capacity { return buffers[b].capacity == 0 && handOver(b, isDefective: isDefective) }
    if buffers[b].transit > 0 || tracksDefects {
      var place = buffers[b].head &+ level
      if place >= buffers[b].capacity { place &-= buffers[b].capacity }
      if buffers[b].transit > 0 { arrivals[buffers[b].ring &+ place] = now + buffers[b].transit }
      if tracksDefects { defects[buffers[b].ring &+ place] = isDefective }
    }
    buffers[b].area += Double(level) * (now - buffers[b].since)
    buffers[b].since = now
    buffers[b].level = level &+ 1
    serveConsumers(b)
    return true
  }

  private mutating func handOver(_ b: Int, isDefective: Bool) -> Bool {
    guard let i = firstWaitingConsumer(b) else { return false }
    if isDefective { stations[i].isDefective = true }
    var slot = stations[i].firstInput
    while inputBuffers[slot] != b { slot &+= 1 }
    needs[slot] &-= 1
    stations[i].missing &-= 1
    if stations[i].missing == 0 { beginKit(i) }
    return true
  }

  /// A part leaves the line.
  @inline(__always)
  private mutating func leave(isDefective: Bool) {
    if now > nextInstant { note(before: now) }
    if isDefective { escapes &+= 1 } else { good &+= 1 }
    if recording.departures { departures.append(now) }
  }

  /// Notes the good parts at the instants before `end`.
  mutating func note(before end: Double) {
    while curve.count < recording.instants.count && recording.instants[curve.count] < end { curve.append(goodBefore + good) }
    nextInstant = curve.count < recording.instants.count ? recording.instants[curve.count] : .infinity
  }

  // MARK: - Making room

  /// A buffer has room: lets blocked stations and sources move up, the longest waiting first.
  @inline(__always)
  mutating func serveProducers(_ b: Int) {
    let sole = soleProducer[b]
    if sole >= 0 && sole < stationCount {
      if stations[sole].phase == .blocked && !stations[sole].isClosed { _ = moveUp(sole) }
    } else {
      serveProducersInTurn(b)
    }
  }

  /// Lets a blocked station hand its part on, if that can be; true where it could.
  mutating func moveUp(_ i: Int) -> Bool {
    // Not blocked while it offers: the taking that its own part sets off must not ask it for the part again.
    stations[i].phase = .collecting
    if offer(stations[i].output, isDefective: stations[i].isDefective) {
      passedOn(i)
      return true
    }
    stations[i].phase = .blocked
    return false
  }

  private mutating func serveProducersInTurn(_ b: Int) {
    while buffers[b].level < buffers[b].capacity, let producer = firstBlockedProducer(b) {
      if producer < stationCount {
        if !moveUp(producer) { return }
      } else {
        deliver(producer &- stationCount)
      }
    }
  }

  private func firstBlockedProducer(_ b: Int) -> Int? {
    var best: Int?
    var bestTicket = UInt64.max
    for p in compiled.producers[b] {
      if p < stationCount {
        if stations[p].phase == .blocked && !stations[p].isClosed && stations[p].ticket < bestTicket { (best, bestTicket) = (p, stations[p].ticket) }
      } else {
        let feed = feeds[p &- stationCount]
        if feed.phase == .blocked && feed.ticket < bestTicket { (best, bestTicket) = (p, feed.ticket) }
      }
    }
    return best
  }

  // MARK: - Sources

  /// A lot comes due: it is put in, or put off to the end of an outage.
  mutating func arrive(_ s: Int) {
    let outages = compiled.line.sources[s].outages
    while feeds[s].outagesDone < outages.count && outages[feeds[s].outagesDone].end <= now { feeds[s].outagesDone &+= 1 }
    if feeds[s].outagesDone < outages.count && outages[feeds[s].outagesDone].start <= now {
      _ = queue.push(outages[feeds[s].outagesDone].end, .delivery, s)
      return
    }
    feeds[s].left = feeds[s].lot
    deliver(s)
  }

  /// Puts in what is left of a lot as far as there is room; when all is in, the next interval begins.
  mutating func deliver(_ s: Int) {
    let wasBlocked = feeds[s].phase == .blocked
    feeds[s].phase = .delivering
    while feeds[s].left > 0 && offer(feeds[s].into, isDefective: false) {
      feeds[s].left &-= 1
      feeds[s].delivered &+= 1
    }
    if feeds[s].left > 0 {
      feeds[s].phase = .blocked
      if !wasBlocked {
        feeds[s].ticket = tickets
        tickets &+= 1
      }
    } else {
      feeds[s].phase = .waiting
      _ = queue.push(now + drawInterval(s), .delivery, s)
    }
  }
}
