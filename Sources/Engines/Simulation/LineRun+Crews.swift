import EventKernel

/// People or tools of one kind.
struct Crew: BitwiseCopyable {
  /// Not busy; whether they are there says `isAbsent`.
  var free: Int32
  var isAbsent = false
  var busy: Int32 = 0
  var since = 0.0
  /// Person seconds busy and present, up to `since`.
  var busyTime = 0.0
  var presentTime = 0.0

  init(free: Int32) { self.free = free }

  mutating func book(until now: Double) {
    busyTime += Double(busy) * (now - since)
    presentTime += Double(isAbsent ? busy : busy + free) * (now - since)
    since = now
  }
}

/// Somebody waits for people.
struct Request: BitwiseCopyable {
  enum Purpose: UInt8, BitwiseCopyable { case machine, stop }
  var purpose: Purpose
  /// The machine, or the mode of the stop.
  var index: Int
  var need: Int
}

/// Who gets the people. A request is served as a whole or not at all; who asked first goes first, and nobody behind takes a skill for which
/// somebody before waits.
extension LineRun {
  /// Asks for everybody of a need. True: they are there; false: whoever asked will be told.
  mutating func ask(_ purpose: Request.Purpose, _ index: Int, need: Int) -> Bool {
    let isAwaited = requests.contains { skills(of: $0.need) & skills(of: need) != 0 }
    if !isAwaited && grant(need) { return true }
    requests.append(Request(purpose: purpose, index: index, need: need))
    return false
  }

  /// They are free again.
  mutating func release(need first: Int) {
    if first < 0 { return }
    var n = first
    while true {
      for g in 0..<Int(needs[n].grants) {
        let crew = Int(grants[Int(needs[n].firstGrant) + g])
        crews[crew].book(until: now)
        crews[crew].free += 1
        crews[crew].busy -= 1
      }
      needs[n].grants = 0
      if !needs[n].more { break }
      n += 1
    }
    serveRequests()
  }

  private mutating func serveRequests() {
    var awaited: UInt64 = 0
    var k = 0
    while k < requests.count {
      let request = requests[k]
      let skills = skills(of: request.need)
      if skills & awaited == 0 && grant(request.need) {
        requests.remove(at: k)
        switch request.purpose {
        case .machine: isServed(request.index)
        case .stop: startRepair(request.index)
        }
      } else {
        awaited |= skills
        k += 1
      }
    }
  }

  private mutating func skills(of first: Int) -> UInt64 {
    var mask: UInt64 = 0
    var n = first
    while true {
      mask |= 1 << UInt64(needs[n].skill)
      if !needs[n].more { return mask }
      n += 1
    }
  }

  /// Gives everybody of a need, or nobody.
  private mutating func grant(_ first: Int) -> Bool {
    var n = first
    var given = 0
    while true {
      for _ in 0..<Int(needs[n].count) {
        guard let crew = freeCrew(needs[n].skill) ?? crewByMoving(needs[n].skill, first, given) else {
          for g in 0..<given { crews[Int(grants[Int(needs[first].firstGrant) + g])].free += 1 }
          var undone = first
          while undone <= n {
            needs[undone].grants = 0
            undone += 1
          }
          return false
        }
        crews[crew].free -= 1
        grants[Int(needs[first].firstGrant) + given] = Int32(crew)
        given += 1
        needs[n].grants += 1
      }
      if !needs[n].more { break }
      needs[n + 1].firstGrant = needs[first].firstGrant + Int32(given)
      n += 1
    }
    for g in 0..<given {
      let crew = Int(grants[Int(needs[first].firstGrant) + g])
      // Booked as free until now.
      crews[crew].free += 1
      crews[crew].book(until: now)
      crews[crew].free -= 1
      crews[crew].busy += 1
    }
    return true
  }

  /// The least versatile crew with the skill and somebody free.
  private func freeCrew(_ skill: Int32) -> Int? {
    compiled.skills.crews[Int(skill)].first { !crews[$0].isAbsent && crews[$0].free > 0 }
  }

  /// The crew of somebody who has been chosen for another skill of the same need, and whom others can stand in for there.
  private mutating func crewByMoving(_ skill: Int32, _ first: Int, _ given: Int) -> Int? {
    var tried: Set<Int> = []
    return given > 0 ? crewByMoving(skill, first, given, &tried) : nil
  }

  /// An augmenting path of the assignment of people to skills (H. W. Kuhn 1955, doi:10.1002/nav.3800020109).
  private mutating func crewByMoving(_ skill: Int32, _ first: Int, _ given: Int, _ tried: inout Set<Int>) -> Int? {
    for crew in compiled.skills.crews[Int(skill)] where !crews[crew].isAbsent && tried.insert(crew).inserted {
      if crews[crew].free > 0 { return crew }
      for g in 0..<given where Int(grants[Int(needs[first].firstGrant) + g]) == crew {
        guard let other = crewByMoving(skillOfGrant(first, g), first, given, &tried) else { continue }
        crews[other].free -= 1
        crews[crew].free += 1
        grants[Int(needs[first].firstGrant) + g] = Int32(other)
        return crew
      }
    }
    return nil
  }

  /// The skill for which the `g`-th person of a need has been chosen.
  private func skillOfGrant(_ first: Int, _ g: Int) -> Int32 {
    var (n, before) = (first, Int(needs[first].grants))
    while g >= before {
      n += 1
      before += Int(needs[n].grants)
    }
    return needs[n].skill
  }

  // MARK: - Shifts

  mutating func leaveCrew(_ c: Int) {
    let spec = compiled.line.crews[c]
    crews[c].book(until: now)
    crews[c].isAbsent = true
    calendar.schedule(compiled.slots.shifts + c, at: max(now, spanEnd(spec.absences, spec.absencePeriod)), Kind.crewReturns)
  }

  mutating func returnCrew(_ c: Int) {
    let spec = compiled.line.crews[c]
    if let next = nextSpanStart(spec.absences, spec.absencePeriod), next <= now {
      calendar.schedule(compiled.slots.shifts + c, at: max(now, spanEnd(spec.absences, spec.absencePeriod)), Kind.crewReturns)
      return
    }
    crews[c].book(until: now)
    crews[c].isAbsent = false
    scheduleShift(c)
    serveRequests()
  }

  mutating func scheduleShift(_ c: Int) {
    let spec = compiled.line.crews[c]
    if let start = nextSpanStart(spec.absences, spec.absencePeriod) {
      calendar.schedule(compiled.slots.shifts + c, at: max(start, now), Kind.crewLeaves)
    }
  }
}
