import EventKernel

extension FlowRun {
  /// Lets process `i` go on from its program counter until it waits or leaves.
  mutating func run(_ i: Int) {
    var pc = Int(instances[i].pc)
    restless &+= 1
    if restless > FlowRun.restlessLimit { if isRestless(pc) { return } }
    while true {
      let at = code[pc]
      switch at.op {
      case .delay:
        let time = evaluate(Int(at.a), i)
        guard time >= 0 && time < .infinity else { return fail(.badNumber(program.places[pc], value: time, at: now)) }
        delay(i, pc, time)
        return
      case .delayRemaining:
        delay(i, pc, attributes[i &* attributeCount &+ Int(at.a)])
        return
      case .saveRemaining: attributes[i &* attributeCount &+ Int(at.a)] = instances[i].remaining
      case .seize:
        let r = Int(at.a)
        if !resources[r].isTracked && at.d < 0 && lines.head(Int(resources[r].line)) < 0 && resources[r].inUse &+ Int(at.b) <= resources[r].capacity {
          // Straight through: as most go in most models. A priority that is drawn is drawn in any case.
          if at.c >= 0 { _ = evaluate(Int(at.c), i) }
          resources[r].waits.count &+= 1
          instances[i].lastWait = 0
          take(i, r, Int(at.b))
        } else {
          let next = seize(i, pc)
          if next < 0 { return }
          pc = next
          continue
        }
      case .release:
        if !release(i, Int(at.a), Int(at.b)) {
          let holds = Int(held[i &* resourceCount &+ Int(at.a)])
          return fail(.releasedWithoutSeize(program.places[pc], resource: program.resources[Int(at.a)].name, holds: holds, at: now))
        }
      case .putItem, .takeItem, .putAmount, .takeAmount, .waitSignal, .waitCondition:
        let next = exchange(i, pc)
        if next < 0 { return }
        pc = next
        continue
      case .broadcast: broadcast(Int(at.a))
      case .jump:
        let target = Int(at.a)
        if target <= pc {
          restless &+= 1
          if restless > FlowRun.restlessLimit { if isRestless(pc) { return } }
        }
        pc = target
        continue
      case .jumpUnless:
        if evaluate(Int(at.a), i) == 0 {
          pc = Int(at.b)
          continue
        }
      case .jumpUnlessChance:
        let p = evaluate(Int(at.a), i)
        guard p >= 0 && p <= 1 else { return fail(.badNumber(program.places[pc], value: p, at: now)) }
        if !(uniform(Int(at.c)) < p) {
          pc = Int(at.b)
          continue
        }
      case .branch:
        let u = uniform(Int(at.c))
        pc = Int(at.e)
        for k in Int(at.a)..<Int(at.a) &+ Int(at.b) where u < ways[k].cumulative {
          pc = Int(ways[k].target)
          break
        }
        continue
      case .beginTurns:
        let count = evaluate(Int(at.b), i)
        guard count < .infinity else { return fail(.badNumber(program.places[pc], value: count, at: now)) }
        attributes[i &* attributeCount &+ Int(at.a)] = count.rounded(.down)
      case .nextTurn:
        let k = i &* attributeCount &+ Int(at.a)
        if attributes[k] < 1 {
          pc = Int(at.b)
          continue
        }
        attributes[k] -= 1
      case .tally: tallies[Int(at.a)].add(evaluate(Int(at.b), i))
      case .leave:
        instances[i].pc = Int32(truncatingIfNeeded: pc)
        leave(i)
        return
      default:
        let next = perform(i, pc)
        if next < 0 { return }
        pc = next
        continue
      }
      pc &+= 1
    }
  }

  @inline(__always) private mutating func delay(_ i: Int, _ pc: Int, _ time: Double) {
    instances[i].pc = Int32(truncatingIfNeeded: pc)
    instances[i].phase = .delayed
    startTimer(i, at: now + time, FlowRun.delayEvent)
  }

  /// Whether more has happened at this instant than a model does that ever ends it.
  @inline(never) private mutating func isRestless(_ pc: Int) -> Bool {
    if restless <= FlowRun.restlessLimit &+ 100 &* alive { return false }
    fail(.endlessInstant(program.places[pc], at: now))
    return true
  }

  /// The statements that models use now and then. Returns where the process goes on, or −1 where it does not.
  @inline(never) private mutating func perform(_ i: Int, _ pc: Int) -> Int {
    let at = code[pc]
    let a = Int(at.a)
    switch at.op {
    case .assign: attributes[i &* attributeCount &+ a] = evaluate(Int(at.b), i)
    case .assignVariable: variables[a] = evaluate(Int(at.b), i)
    case .count:
      counters[a] += evaluate(Int(at.b), i)
      if a == goalCounter && counters[a] >= goalCount { goalReached = true }
    case .spawn:
      let count = evaluate(Int(at.b), i)
      guard count >= 0 && count < Double(FlowRun.instanceLimit) else {
        fail(.badNumber(program.places[pc], value: count, at: now))
        return -1
      }
      for _ in 0..<Int(count) where !failed { start(a, parent: i) }
      if failed { return -1 }
    case .batch: return batch(i, pc)
    case .separate: separate(i, pc)
    case .interruptUsers:
      // An interruption runs nothing at once, so the list of users stays as it is meanwhile.
      for k in 0..<Int(resources[a].useCount) { interrupt(Int(uses[Int(resources[a].firstUse) + k].instance)) }
    case .interruptAll:
      for k in 0..<used where Int(instances[k].kind) == a && instances[k].phase != .absent && k != i { interrupt(k) }
    case .interruptOne:
      let other = instance(of: evaluate(a, i))
      if other >= 0 { interrupt(other) }
    case .run: callOut(i, at)
    default: preconditionFailure("an instruction that is performed elsewhere")
    }
    return failed ? -1 : pc &+ 1
  }

  /// Calls a closure with copies of what it may see, and takes back what it may change.
  @inline(never) private mutating func callOut(_ i: Int, _ at: Instruction) {
    let own = i &* attributeCount
    var context = FlowContext(
      program: program, attributes: [], variables: [], queueLengths: [], unitsInUse: [], itemCounts: [], amounts: [], populations: [],
      stream: sites[Int(at.c)].stream, isAntithetic: draws == .antithetic, time: now, age: now - instances[i].born)
    for k in 0..<program.declaredAttributes { context.attributes.append(attributes[own + k]) }
    for k in 0..<variables.count { context.variables.append(variables[k]) }
    for r in 0..<resourceCount {
      context.queueLengths.append(lines.count(Int(resources[r].line)))
      context.unitsInUse.append(resources[r].inUse)
    }
    for s in 0..<stores.count { context.itemCounts.append(lines.count(Int(stores[s].items))) }
    for l in 0..<levels.count { context.amounts.append(levels[l].level.value) }
    for k in 0..<kinds.count { context.populations.append(Int(kinds[k].population.value)) }
    program.closures[Int(at.a)](&context)
    sites[Int(at.c)].stream = context.stream
    for k in 0..<program.declaredAttributes { attributes[own + k] = context.attributes[k] }
    for k in 0..<variables.count { variables[k] = context.variables[k] }
  }
}
