import EventKernel

/// Conveyors: parts that travel, keep their distance, and on a belt stand when the first of them does.
extension LineRun {
  /// Whether a part may come onto the belt now; where not, givers are told when it may.
  mutating func beltTakes(_ b: Int) -> Bool {
    if buffers[b].standsSince >= 0 { return false }
    let earliest = buffers[b].lastEntry + buffers[b].headway + buffers[b].stood
    if !(earliest > now) { return true }
    calendar.schedule(compiled.slots.belts + 2 * b + 1, at: earliest, Kind.beltRoom)
    return false
  }

  mutating func enterBelt(_ b: Int) {
    let time = buffers[b].beltTime(now)
    buffers[b].entries.append(time)
    buffers[b].lastEntry = time
    if !buffers[b].accumulates && buffers[b].queue.count == 1 { scheduleEnd(b) }
  }

  /// Puts the arrival of the first part into the calendar. Where parts accumulate, only for somebody who waits for it.
  mutating func scheduleEnd(_ b: Int) {
    calendar.schedule(compiled.slots.belts + 2 * b, at: max(now, buffers[b].arrivalOfFirst), Kind.beltEnd)
  }

  /// The first part reaches the end: it is taken, or a belt that cannot accumulate stands.
  mutating func reachEnd(of b: Int) {
    serveTakers(b)
    if !buffers[b].accumulates && buffers[b].queue.count > 0 && buffers[b].arrivalOfFirst <= now && buffers[b].standsSince < 0 {
      buffers[b].standsSince = now
    }
  }

  /// The first part has been taken off.
  mutating func leaveBelt(_ b: Int) {
    _ = buffers[b].entries.takeFirst()
    if buffers[b].standsSince >= 0 {
      buffers[b].stood += now - buffers[b].standsSince
      buffers[b].standsSince = -1
    }
    if !buffers[b].accumulates && buffers[b].queue.count > 0 { scheduleEnd(b) }
  }
}
