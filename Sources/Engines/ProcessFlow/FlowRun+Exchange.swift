import EventKernel

extension FlowRun {
  /// Puts into or takes from a store or level, or waits for a signal or condition. Returns where the process goes on, or −1 where it waits.
  @inline(never) mutating func exchange(_ i: Int, _ pc: Int) -> Int {
    let at = code[pc]
    let a = Int(at.a)
    var value = 0.0
    if at.op != .takeItem && at.op != .waitSignal && at.op != .waitCondition { value = evaluate(Int(at.b), i) }
    let priority = at.c < 0 ? at.x : evaluate(Int(at.c), i)
    let patience = at.d < 0 ? Double.infinity : evaluate(Int(at.d), i)
    guard !value.isNaN && !priority.isNaN && patience >= 0 else {
      fail(.badNumber(program.places[pc], value: value.isNaN ? value : priority.isNaN ? priority : patience, at: now))
      return -1
    }
    instances[i].lastWait = 0
    let line: Int
    switch at.op {
    case .putItem:
      let items = Int(stores[a].items)
      if lines.count(items) < stores[a].capacity && lines.head(Int(stores[a].puts)) < 0 {
        stores[a].putWaits.count &+= 1
        _ = lines.join(items, owner: -1, value: value, priority: priority, ticket: nextTicket(), at: now)
        if lines.head(Int(stores[a].takes)) >= 0 { serve(store: a) }
        stores[a].level.set(Double(lines.count(items)), at: now)
        return pc &+ 1
      }
      line = Int(stores[a].puts)
    case .takeItem:
      if lines.head(Int(stores[a].items)) >= 0 && lines.head(Int(stores[a].takes)) < 0 {
        stores[a].takeWaits.count &+= 1
        takeItem(i, a, at.b)
        if lines.head(Int(stores[a].puts)) >= 0 { serve(store: a) }
        stores[a].level.set(Double(lines.count(Int(stores[a].items))), at: now)
        return pc &+ 1
      }
      line = Int(stores[a].takes)
    case .putAmount, .takeAmount:
      guard value >= 0 && value <= levels[a].capacity else {
        fail(.badNumber(program.places[pc], value: value, at: now))
        return -1
      }
      let isPut = at.op == .putAmount
      line = Int(isPut ? levels[a].puts : levels[a].takes)
      if lines.head(line) < 0 && fits(level: a, value, isPut) {
        if isPut { levels[a].putWaits.count &+= 1 } else { levels[a].takeWaits.count &+= 1 }
        change(level: a, by: isPut ? value : -value)
        serve(level: a)
        return pc &+ 1
      }
      instances[i].amount = value
    case .waitSignal: line = firstSignalLine &+ a
    default:
      if evaluate(a, i) != 0 { return pc &+ 1 }
      line = conditionLine
    }
    if patience == 0 {
      countRenege(at)
      return Int(at.e)
    }
    queue(i, pc, line, value: value, priority: priority, ticket: nextTicket(), patience: patience)
    return -1
  }

  // MARK: - Stores

  private mutating func takeItem(_ i: Int, _ s: Int, _ attribute: Int32) {
    let node = lines.head(Int(stores[s].items))
    if attribute >= 0 { attributes[i &* attributeCount &+ Int(attribute)] = lines[node].value }
    stores[s].stay.add(now - lines[node].since)
    lines.remove(node)
  }

  /// Hands items on between those that wait, until nothing moves.
  @inline(never) mutating func serve(store s: Int) {
    let (items, puts, takes) = (Int(stores[s].items), Int(stores[s].puts), Int(stores[s].takes))
    var moved = true
    while moved {
      moved = false
      let taker = lines.head(takes)
      if taker >= 0 && lines.head(items) >= 0 {
        let i = Int(lines[taker].owner)
        takeItem(i, s, code[Int(instances[i].pc)].b)
        stores[s].takeWaits.add(leaveLine(i))
        wake(i)
        moved = true
      }
      let putter = lines.head(puts)
      if putter >= 0 && lines.count(items) < stores[s].capacity {
        let i = Int(lines[putter].owner)
        // The priority of the item was kept with the process's own node.
        let node = lines[putter]
        stores[s].putWaits.add(leaveLine(i))
        _ = lines.join(items, owner: -1, value: node.value, priority: node.priority, ticket: nextTicket(), at: now)
        wake(i)
        moved = true
      }
    }
    stores[s].level.set(Double(lines.count(items)), at: now)
  }

  // MARK: - Levels

  private func fits(level l: Int, _ amount: Double, _ isPut: Bool) -> Bool {
    isPut ? levels[l].level.value + amount <= levels[l].capacity : amount <= levels[l].level.value
  }

  private mutating func change(level l: Int, by amount: Double) { levels[l].level.set(levels[l].level.value + amount, at: now) }

  @inline(never) mutating func serve(level l: Int) {
    var moved = true
    while moved {
      let taken = serve(level: l, puts: false)
      let put = serve(level: l, puts: true)
      moved = taken || put
    }
  }

  /// Lets the first of a level's line have its turn, where it fits.
  private mutating func serve(level l: Int, puts isPut: Bool) -> Bool {
    let head = lines.head(Int(isPut ? levels[l].puts : levels[l].takes))
    if head < 0 { return false }
    let i = Int(lines[head].owner)
    let amount = instances[i].amount
    if !fits(level: l, amount, isPut) { return false }
    let wait = leaveLine(i)
    if isPut { levels[l].putWaits.add(wait) } else { levels[l].takeWaits.add(wait) }
    change(level: l, by: isPut ? amount : -amount)
    wake(i)
    return true
  }

  // MARK: - Signals

  mutating func broadcast(_ s: Int) {
    let line = firstSignalLine &+ s
    while lines.head(line) >= 0 {
      let i = Int(lines[lines.head(line)].owner)
      leaveLine(i)
      wake(i)
    }
  }

  // MARK: - Giving up

  /// A process loses patience.
  @inline(never) mutating func renege(_ i: Int) {
    let at = code[Int(instances[i].pc)]
    countRenege(at)
    leaveLine(i)
    instances[i].pc = at.e
    makeReady(i)
    serveBehind(at)
  }

  private mutating func countRenege(_ at: Instruction) {
    let a = Int(at.a)
    switch at.op {
    case .seize: resources[a].waits.reneged &+= 1
    case .putItem: stores[a].putWaits.reneged &+= 1
    case .takeItem: stores[a].takeWaits.reneged &+= 1
    case .putAmount: levels[a].putWaits.reneged &+= 1
    case .takeAmount: levels[a].takeWaits.reneged &+= 1
    default: break
    }
  }

  /// Somebody went out of line: whoever stood behind may now have its turn.
  private mutating func serveBehind(_ at: Instruction) {
    let a = Int(at.a)
    switch at.op {
    case .seize:
      resources[a].length.set(Double(lines.count(Int(resources[a].line))), at: now)
      serve(resource: a)
    case .putItem, .takeItem: serve(store: a)
    case .putAmount, .takeAmount: serve(level: a)
    default: break
    }
  }

  /// Interrupts a process, where it waits at a statement that can be.
  mutating func interrupt(_ i: Int) {
    let pc = Int(instances[i].pc)
    if handlers[pc] < 0 { return }
    switch instances[i].phase {
    case .delayed:
      instances[i].remaining = max(calendar[Int(instances[i].slot)].time - now, 0)
      stopTimer(i)
    case .waiting:
      instances[i].remaining = 0
      leaveLine(i)
      serveBehind(code[pc])
    default: return
    }
    instances[i].pc = handlers[pc]
    makeReady(i)
  }
}
