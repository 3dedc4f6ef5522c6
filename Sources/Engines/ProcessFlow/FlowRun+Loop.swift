import EventKernel

extension FlowRun {
  /// Lets everything happen up to `end`, or until the goal is reached, or something is wrong.
  ///
  /// - Returns: false where nothing can happen any more and `end` is not a time.
  mutating func advance(to end: Double, departures goal: Int, eventBudget: Int) -> Bool {
    goalReached = false
    drain()
    settle()
    while !failed && departures < goal && !goalReached {
      let event = calendar.next
      if event.time > end || event.time == .infinity {
        if end < .infinity { now = max(now, end) }
        return end < .infinity
      }
      if event.time > now { restless = 0 }
      now = event.time
      events &+= 1
      happen(event.slot, event.code)
      drain()
      settle()
      if events & 0xf_ffff == 0 {
        if let waits = stuck() { fail(.deadlock(waits, at: now)) }
        if events >= eventBudget || calendar.isExhausted { fail(.tooManyEvents(budget: eventBudget, at: now)) }
      }
    }
    return true
  }

  @inline(__always) private mutating func happen(_ slot: Int, _ code: UInt8) {
    switch code {
    case 1:
      let i = Int(owners[slot])
      spareSlot = Int32(truncatingIfNeeded: slot)
      instances[i].slot = -1
      instances[i].phase = .ready
      instances[i].pc &+= 1
      run(i)
    case 2: arrive(slot)
    case 3:
      let i = Int(owners[slot])
      spareSlot = Int32(truncatingIfNeeded: slot)
      instances[i].slot = -1
      renege(i)
    default: changeShift(slot)
    }
  }

  /// Runs all that goes on at this instant.
  @inline(__always) mutating func drain() {
    while readyHead != readyTail && !failed {
      let i = Int(ready[readyHead & (ready.count &- 1)])
      readyHead &+= 1
      run(i)
    }
  }

  /// Gives the slot back that nobody took, and looks at the conditions that processes wait for.
  @inline(__always) private mutating func settle() {
    if spareSlot >= 0 {
      freeTimer(slot: spareSlot)
      spareSlot = -1
    }
    if lines.count(conditionLine) > 0 { lookAtConditions() }
  }

  /// Wakes the first whose condition holds, lets everything follow from that, and looks again from the beginning.
  @inline(never) private mutating func lookAtConditions() {
    var node = lines.head(conditionLine)
    while node >= 0 && !failed {
      let i = Int(lines[node].owner)
      if evaluate(Int(code[Int(instances[i].pc)].a), i) != 0 {
        leaveLine(i)
        wake(i)
        drain()
        node = lines.head(conditionLine)
      } else {
        node = lines.next(node)
      }
    }
    if spareSlot >= 0 {
      freeTimer(slot: spareSlot)
      spareSlot = -1
    }
  }

  /// Lets a process that waited go on behind its statement, at this instant.
  @inline(__always) mutating func wake(_ i: Int) {
    instances[i].pc &+= 1
    makeReady(i)
  }

  @inline(__always) mutating func makeReady(_ i: Int) {
    instances[i].phase = .ready
    if readyTail &- readyHead == ready.count { growReady() }
    ready[readyTail & (ready.count &- 1)] = Int32(truncatingIfNeeded: i)
    readyTail &+= 1
  }

  @inline(never) private mutating func growReady() {
    var ring: [Int32] = []
    for k in readyHead..<readyTail { ring.append(ready[k & (ready.count - 1)]) }
    (readyHead, readyTail) = (0, ring.count)
    ring += Array(repeating: -1, count: ring.count)
    ready = Slab(ring)
  }

  // MARK: - Timers

  @inline(__always) mutating func startTimer(_ i: Int, at time: Double, _ kind: EventKind) {
    var slot = spareSlot
    if slot >= 0 { spareSlot = -1 } else { slot = takeSlot() }
    owners[Int(slot)] = Int32(truncatingIfNeeded: i)
    instances[i].slot = slot
    calendar.schedule(Int(slot), at: time, kind)
  }

  @inline(__always) private mutating func takeSlot() -> Int32 {
    if freeSlot < 0 { growCalendar() }
    let slot = freeSlot
    freeSlot = owners[Int(slot)]
    return slot
  }

  @inline(never) private mutating func growCalendar() {
    let old = calendar.slots
    // The limit on processes keeps the slots below the calendar's own.
    let new = min(2 * old, Event.slotLimit)
    calendar.grow(to: new)
    owners = owners.grown(to: new, repeating: -1)
    for slot in stride(from: new - 1, through: old, by: -1) {
      owners[slot] = freeSlot
      freeSlot = Int32(slot)
    }
  }

  @inline(__always) mutating func freeTimer(slot: Int32) {
    calendar.cancel(Int(slot))
    owners[Int(slot)] = freeSlot
    freeSlot = slot
  }

  /// Takes a process's timer back, where it has one.
  @inline(__always) mutating func stopTimer(_ i: Int) {
    let slot = instances[i].slot
    if slot >= 0 {
      freeTimer(slot: slot)
      instances[i].slot = -1
    }
  }

  // MARK: - Arrivals and shifts

  private mutating func arrive(_ s: Int) {
    sources[s].arrivals &+= 1
    let source = sources[s]
    var lot = 1
    if source.lot >= 0 {
      let size = evaluate(Int(source.lot), -1)
      guard size >= 0 && size <= Double(FlowRun.instanceLimit) else { return fail(.badNumber(arrivalPlace(s), value: size, at: now)) }
      lot = Int(size)
    }
    if source.arrivals < source.limit {
      var time = now
      if source.interval < 0 {
        time = scheduled[source.firstTime + source.arrivals]
      } else {
        let interval = evaluate(Int(source.interval), -1)
        guard interval >= 0 && interval < .infinity else { return fail(.badNumber(arrivalPlace(s), value: interval, at: now)) }
        time += interval
        restless &+= 1
        if restless > FlowRun.restlessLimit &+ 100 &* alive { return fail(.endlessInstant(arrivalPlace(s), at: now)) }
      }
      calendar.schedule(s, at: time, FlowRun.arrivalEvent)
    } else {
      calendar.cancel(s)
    }
    for _ in 0..<lot where !failed { start(Int(source.kind), parent: -1) }
  }

  private mutating func changeShift(_ slot: Int) {
    let r = slot - sources.count
    let spec = program.resources[r]
    var next = Int(resources[r].shift) + 1
    // The index counts on over cycles, so that no rounding gathers.
    resources[r].shift = Int32(next)
    let capacity = spec.shifts[next % spec.shifts.count].capacity
    resources[r].capacity = capacity
    resources[r].offered.set(Double(capacity), at: now)
    next += 1
    let time = Double(next / spec.shifts.count) * spec.cycle + spec.shifts[next % spec.shifts.count].start
    calendar.schedule(slot, at: time, FlowRun.shiftEvent)
    serve(resource: r)
  }
}
