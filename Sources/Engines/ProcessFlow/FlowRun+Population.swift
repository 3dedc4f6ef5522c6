import EventKernel

extension FlowRun {
  /// Brings a process into the model, ready to go on at this instant.
  ///
  /// - Parameter parent: whose attributes it carries, or −1.
  @discardableResult mutating func start(_ kind: Int, parent: Int) -> Int {
    let i = takeInstance()
    if failed { return i }
    let generation = instances[i].generation &+ 1
    kinds[kind].serial &+= 1
    kinds[kind].started &+= 1
    kinds[kind].population.set(kinds[kind].population.value + 1, at: now)
    instances[i] = Instance(
      pc: entries[kind], kind: Int32(truncatingIfNeeded: kind), generation: generation, serial: kinds[kind].serial, born: now)
    let own = i &* attributeCount
    if parent >= 0 {
      let other = parent &* attributeCount
      for k in 0..<attributeCount { attributes[own &+ k] = attributes[other &+ k] }
    } else {
      for k in 0..<attributeCount { attributes[own &+ k] = initialAttributes[k] }
    }
    alive &+= 1
    makeReady(i)
    return i
  }

  @inline(__always) private mutating func takeInstance() -> Int {
    if freeInstance >= 0 {
      let i = Int(freeInstance)
      freeInstance = instances[i].next
      return i
    }
    if used == instances.count { growInstances() }
    if failed { return 0 }
    used &+= 1
    return used &- 1
  }

  @inline(never) private mutating func growInstances() {
    let old = instances.count
    // Sources and shift calendars have slots of the calendar, too.
    let limit = FlowRun.instanceLimit - sources.count - resourceCount - 1
    if old >= limit { return fail(.tooManyProcesses(limit: limit, at: now)) }
    let new = min(2 * old, limit)
    instances = instances.grown(to: new, repeating: Instance())
    attributes = attributes.grown(to: new * attributeCount, repeating: 0)
    held = held.grown(to: new * resourceCount, repeating: 0)
  }

  /// Lets a process leave, with the members of its batch.
  mutating func leave(_ i: Int) {
    if instances[i].heldTotal != 0 { return failHolding(i) }
    let kind = Int(instances[i].kind)
    if goalKind < 0 || goalKind == kind { departures &+= 1 }
    kinds[kind].departed &+= 1
    kinds[kind].stay.add(now - instances[i].born)
    let member = instances[i].firstMember
    remove(i)
    if member >= 0 { leaveMembers(member) }
  }

  @inline(never) private mutating func leaveMembers(_ first: Int32) {
    var member = first
    while member >= 0 && !failed {
      let next = instances[Int(member)].next
      leave(Int(member))
      member = next
    }
  }

  @inline(never) private mutating func failHolding(_ i: Int) {
    for r in 0..<resourceCount where held[i * resourceCount + r] != 0 {
      let units = Int(held[i * resourceCount + r])
      return fail(.leftHolding(process: name(of: i), resource: program.resources[r].name, units: units, at: now))
    }
  }

  @inline(__always) private mutating func remove(_ i: Int) {
    let kind = Int(instances[i].kind)
    kinds[kind].population.set(kinds[kind].population.value - 1, at: now)
    instances[i].phase = .absent
    instances[i].next = freeInstance
    freeInstance = Int32(truncatingIfNeeded: i)
    alive &-= 1
  }

  // MARK: - Batches

  /// Comes to a batch. Whoever completes it wakes the first that came, which goes on for all.
  mutating func batch(_ i: Int, _ pc: Int) -> Int {
    let at = code[pc]
    let line = conditionLine &+ 1 &+ Int(at.a)
    if at.b <= 1 { return pc &+ 1 }
    queue(i, pc, line, patience: .infinity)
    instances[i].phase = .batching
    if lines.count(line) < Int(at.b) { return -1 }
    let leader = Int(lines[lines.head(line)].owner)
    leaveLine(leader)
    var last: Int32 = -1
    if !at.flag {
      // It may lead a batch already: the new members come behind those.
      last = instances[leader].firstMember
      while last >= 0 && instances[Int(last)].next >= 0 { last = instances[Int(last)].next }
    }
    while lines.head(line) >= 0 {
      let m = Int(lines[lines.head(line)].owner)
      leaveLine(m)
      if at.flag {
        if instances[m].heldTotal != 0 {
          failHolding(m)
          return -1
        }
        let inner = instances[m].firstMember
        remove(m)
        if inner >= 0 { leaveMembers(inner) }
        continue
      }
      instances[m].phase = .member
      instances[m].next = -1
      if last < 0 { instances[leader].firstMember = Int32(m) } else { instances[Int(last)].next = Int32(m) }
      last = Int32(m)
    }
    wake(leader)
    return -1
  }

  /// Lets the members of a batch go on behind this statement.
  mutating func separate(_ i: Int, _ pc: Int) {
    var member = instances[i].firstMember
    instances[i].firstMember = -1
    while member >= 0 {
      let m = Int(member)
      member = instances[m].next
      instances[m].next = -1
      instances[m].pc = Int32(truncatingIfNeeded: pc &+ 1)
      makeReady(m)
    }
  }
}
