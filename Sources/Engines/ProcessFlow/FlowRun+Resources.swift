import EventKernel

extension FlowRun {
  /// Gives units to a process.
  @inline(__always) mutating func take(_ i: Int, _ r: Int, _ units: Int) {
    resources[r].inUse &+= units
    resources[r].busy.set(Double(resources[r].inUse), at: now)
    held[i &* resourceCount &+ r] &+= Int32(truncatingIfNeeded: units)
    instances[i].heldTotal &+= Int32(truncatingIfNeeded: units)
  }

  /// Seizes with all that may come with it. Returns where the process goes on, or −1 where it waits.
  @inline(never) mutating func seize(_ i: Int, _ pc: Int) -> Int {
    let at = code[pc]
    let (r, units) = (Int(at.a), Int(at.b))
    let priority = at.c < 0 ? at.x : evaluate(Int(at.c), i)
    let patience = at.d < 0 ? Double.infinity : evaluate(Int(at.d), i)
    guard !priority.isNaN && patience >= 0 else {
      fail(.badNumber(program.places[pc], value: priority.isNaN ? priority : patience, at: now))
      return -1
    }
    let ticket = nextTicket()
    let line = Int(resources[r].line)
    if lines.wouldLead(line, priority, ticket),
      resources[r].inUse + units <= resources[r].capacity || (at.flag && preempt(r, units, priority))
    {
      resources[r].waits.count &+= 1
      instances[i].lastWait = 0
      grant(i, r, units, priority, ticket)
      return pc &+ 1
    }
    if patience == 0 {
      resources[r].waits.reneged &+= 1
      return Int(at.e)
    }
    instances[i].units = Int32(truncatingIfNeeded: units)
    queue(i, pc, line, priority: priority, ticket: ticket, patience: patience)
    resources[r].length.set(Double(lines.count(line)), at: now)
    return -1
  }

  /// Puts a process in a line.
  @inline(__always) mutating func queue(
    _ i: Int, _ pc: Int, _ line: Int, value: Double = 0, priority: Double = 0, ticket: UInt64 = 0, patience: Double
  ) {
    instances[i].pc = Int32(truncatingIfNeeded: pc)
    instances[i].phase = .waiting
    instances[i].node = lines.join(
      line, owner: Int32(truncatingIfNeeded: i), value: value, priority: priority, ticket: ticket, at: now)
    if patience < .infinity { startTimer(i, at: now + patience, FlowRun.renegeEvent) }
  }

  /// Takes a process out of its line, and its timer back; returns how long it waited.
  @inline(__always) @discardableResult mutating func leaveLine(_ i: Int) -> Double {
    let node = Int(instances[i].node)
    let wait = now - lines[node].since
    lines.remove(node)
    instances[i].node = -1
    instances[i].lastWait = wait
    stopTimer(i)
    return wait
  }

  private mutating func grant(_ i: Int, _ r: Int, _ units: Int, _ priority: Double, _ ticket: UInt64) {
    take(i, r, units)
    if resources[r].isTracked {
      uses[Int(resources[r].firstUse &+ resources[r].useCount)] = Use(
        instance: Int32(truncatingIfNeeded: i), units: Int32(truncatingIfNeeded: units), priority: priority, ticket: ticket)
      resources[r].useCount &+= 1
    }
  }

  /// Gives units back; false where the process does not hold so many.
  @inline(__always) mutating func release(_ i: Int, _ r: Int, _ units: Int) -> Bool {
    let k = i &* resourceCount &+ r
    if Int(held[k]) < units { return false }
    held[k] &-= Int32(truncatingIfNeeded: units)
    instances[i].heldTotal &-= Int32(truncatingIfNeeded: units)
    resources[r].inUse &-= units
    if resources[r].isTracked { forgetUse(i, r, units) }
    if lines.head(Int(resources[r].line)) >= 0 { serve(resource: r) }
    resources[r].busy.set(Double(resources[r].inUse), at: now)
    return true
  }

  private mutating func forgetUse(_ i: Int, _ r: Int, _ units: Int) {
    // The latest seizing is given back first.
    let first = Int(resources[r].firstUse)
    var left = Int32(units)
    var k = Int(resources[r].useCount) - 1
    while left > 0 {
      if Int(uses[first + k].instance) == i {
        let part = min(left, uses[first + k].units)
        uses[first + k].units -= part
        left -= part
        if uses[first + k].units == 0 { removeUse(r, k) }
      }
      k -= 1
    }
  }

  private mutating func removeUse(_ r: Int, _ k: Int) {
    let first = Int(resources[r].firstUse)
    let count = Int(resources[r].useCount)
    for m in k..<count - 1 { uses[first + m] = uses[first + m + 1] }
    resources[r].useCount -= 1
  }

  /// Gives what is free to the first in line, as far as it goes.
  @inline(never) mutating func serve(resource r: Int) {
    let line = Int(resources[r].line)
    var node = lines.head(line)
    while node >= 0 {
      let i = Int(lines[node].owner)
      let units = Int(instances[i].units)
      if resources[r].inUse &+ units > resources[r].capacity { break }
      let (priority, ticket) = (lines[node].priority, lines[node].ticket)
      let isBack = instances[i].phase == .preempted
      let lastWait = instances[i].lastWait
      let wait = leaveLine(i)
      resources[r].length.set(Double(lines.count(line)), at: now)
      grant(i, r, units, priority, ticket)
      if isBack {
        instances[i].lastWait = lastWait
        instances[i].phase = .delayed
        startTimer(i, at: now + instances[i].remaining, FlowRun.delayEvent)
      } else {
        resources[r].waits.add(wait)
        wake(i)
      }
      node = lines.head(line)
    }
  }

  /// Makes room for somebody of this priority, if those that it may disturb hold enough.
  private mutating func preempt(_ r: Int, _ units: Int, _ priority: Double) -> Bool {
    let first = Int(resources[r].firstUse)
    var within = resources[r].capacity - resources[r].inUse
    for k in 0..<Int(resources[r].useCount) where mayPreempt(uses[first + k], priority) { within += Int(uses[first + k].units) }
    if within < units { return false }
    while resources[r].inUse + units > resources[r].capacity {
      var victim = -1
      for k in 0..<Int(resources[r].useCount) where mayPreempt(uses[first + k], priority) {
        if victim < 0 || uses[first + k].priority > uses[first + victim].priority
          || (uses[first + k].priority == uses[first + victim].priority && uses[first + k].ticket > uses[first + victim].ticket)
        {
          victim = k
        }
      }
      suspend(uses[first + victim], r)
      removeUse(r, victim)
    }
    return true
  }

  private func mayPreempt(_ use: Use, _ priority: Double) -> Bool {
    use.priority > priority && instances[Int(use.instance)].phase == .delayed
  }

  private mutating func suspend(_ use: Use, _ r: Int) {
    let i = Int(use.instance)
    instances[i].remaining = max(calendar[Int(instances[i].slot)].time - now, 0)
    stopTimer(i)
    held[i * resourceCount + r] -= use.units
    instances[i].heldTotal -= use.units
    resources[r].inUse -= Int(use.units)
    resources[r].busy.set(Double(resources[r].inUse), at: now)
    resources[r].preemptions += 1
    instances[i].units = use.units
    instances[i].phase = .preempted
    let line = Int(resources[r].line)
    instances[i].node = lines.join(line, owner: use.instance, value: 0, priority: use.priority, ticket: use.ticket, at: now)
    resources[r].length.set(Double(lines.count(line)), at: now)
  }
}
