import EventKernel
import Probability

/// Upkeep between two parts, wear, and interrupted work.
extension LineRun {
  /// Begins what upkeep is due, if any is.
  mutating func beginDuty(_ i: Int, _ e: Int) -> Bool {
    guard let duty = dueDuty(i, e) else { return false }
    extras[e].duty = Int32(duty)
    let last = Int(extras[e].firstDuty + extras[e].dutyCount)
    machines[i].activity = duty == last - 1 ? .breakage : duty == last - 2 ? .replacement : .maintenance
    machines[i].work = draw(Int(duties[duty].length))
    extras[e].activeNeed = duties[duty].need
    begin(i, e)
    return true
  }

  func hasDuty(_ i: Int, _ e: Int) -> Bool { dueDuty(i, e) != nil }

  private func dueDuty(_ i: Int, _ e: Int) -> Int? {
    let first = Int(extras[e].firstDuty)
    let last = first + Int(extras[e].dutyCount)
    if extras[e].wears {
      if extras[e].isBroken { return last - 1 }
      if extras[e].wear >= qualities[Int(machines[i].station)].replaceAt { return last - 2 }
    }
    for duty in first..<max(first, last - 2) {
      switch duties[duty].basis {
      case CompiledLine.Duty.calendar: if duties[duty].isDue { return duty }
      case CompiledLine.Duty.operating: if machines[i].operated - duties[duty].from >= duties[duty].every { return duty }
      default: if extras[e].finished - duties[duty].from >= duties[duty].every { return duty }
      }
    }
    return nil
  }

  mutating func endDuty(_ i: Int, _ e: Int) {
    let duty = Int(extras[e].duty)
    switch duties[duty].basis {
    case CompiledLine.Duty.calendar:
      duties[duty].isDue = false
      calendar.schedule(Int(duties[duty].slot), at: now + duties[duty].every, Kind.dutyIsDue)
    case CompiledLine.Duty.operating: duties[duty].from = machines[i].operated
    default: duties[duty].from = extras[e].finished
    }
    if machines[i].activity != .maintenance {
      extras[e].wear = 0
      extras[e].isBroken = false
    }
  }

  mutating func dutyFallsDue(_ slot: Int) {
    let duty = compiled.calendarDuties[slot - compiled.slots.duties]
    duties[duty].isDue = true
    agenda.append(.machine(Int(duties[duty].machine)))
  }

  /// A part wears the tool, which may break under it.
  mutating func wearDown(_ i: Int, _ e: Int) {
    extras[e].finished += 1
    guard extras[e].wears else { return }
    extras[e].wear += draw(Int(extras[e].wearDie))
    if extras[e].wear >= qualities[Int(machines[i].station)].breaksAt { extras[e].isBroken = true }
  }

  // MARK: - Urgent parts

  /// Parts have come that nobody idle takes: a machine that works on something less urgent shelves it.
  mutating func preempt(_ b: Int) {
    for i in compiled.takers[b] where i < machineCount && !machines[i].isPlain {
      let e = Int(machines[i].extra)
      guard extras[e].preempts && machines[i].phase == .working && machines[i].activity == .work && !machines[i].isHalted,
        let waiting = mostUrgent(b), waiting > priority(of: machines[i].part)
      else { continue }
      suspend(i)
      shelf[Int(extras[e].firstShelved + extras[e].shelved)] = Shelved(
        part: machines[i].part, work: machines[i].work, partWork: machines[i].partWork)
      extras[e].shelved += 1
      machines[i].holdsPart = false
      machines[i].phase = .idle
      seekKit(i)
    }
  }

  /// More urgent parts may have come while a machine stood with its work.
  mutating func yieldToUrgent(_ i: Int) {
    if machines[i].extra >= 0 && extras[Int(machines[i].extra)].preempts { preempt(Int(machines[i].input)) }
  }

  /// Takes up interrupted work again, unless something more urgent waits.
  mutating func takeUpShelved(_ i: Int, _ e: Int) -> Bool {
    let shelved = shelf[Int(extras[e].firstShelved + extras[e].shelved) - 1]
    if let waiting = mostUrgent(Int(machines[i].input)), waiting > priority(of: shelved.part) { return false }
    takeUpLast(i, e)
    return true
  }

  mutating func takeUpLast(_ i: Int, _ e: Int) {
    extras[e].shelved -= 1
    let shelved = shelf[Int(extras[e].firstShelved + extras[e].shelved)]
    (machines[i].part, machines[i].work, machines[i].partWork) = (shelved.part, shelved.work, shelved.partWork)
    machines[i].holdsPart = true
    machines[i].activity = .work
    run(i)
  }

  private mutating func mostUrgent(_ b: Int) -> Int? {
    var most: Int?
    for k in 0..<buffers[b].queue.count { most = max(most ?? .min, priority(of: buffers[b].queue[k])) }
    return most
  }
}
