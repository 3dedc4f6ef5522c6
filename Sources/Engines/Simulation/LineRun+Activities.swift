import EventKernel
import Probability

/// What a machine that is not plain does with its parts: set-up, work, upkeep.
extension LineRun {
  /// The kit is complete: sets the machine up for it where it must, and works.
  mutating func prepare(_ i: Int, _ e: Int) {
    machines[i].holdsPart = true
    if extras[e].setup >= 0, let law = setupLaw(i, e) {
      machines[i].activity = .setup
      machines[i].work = draw(law, Int(extras[e].setupDie))
      extras[e].activeNeed = extras[e].setupNeed
      return begin(i, e)
    }
    startKit(i, e)
  }

  /// The law of the set-up that the part in hand asks for; nil: none.
  private mutating func setupLaw(_ i: Int, _ e: Int) -> Law? {
    let product = Int(machines[i].part.product)
    let last = Int(extras[e].lastProduct)
    extras[e].lastProduct = Int32(product)
    if last < 0 || last == product { return nil }
    return compiled.line.stations[Int(machines[i].station)].setup!.matrix[last][product]
  }

  private mutating func startKit(_ i: Int, _ e: Int) {
    machines[i].activity = .work
    let work =
      extras[e].variesByProduct ? draw(cycleLaw(of: machines[i].part, at: i), Int(machines[i].cycle)) : draw(Int(machines[i].cycle))
    (machines[i].work, machines[i].partWork) = (work, work)
    extras[e].activeNeed = extras[e].workNeed
    begin(i, e)
  }

  /// The law of the work on a part: of its route's step, else of its product, else the station's own.
  mutating func cycleLaw(of part: Part, at i: Int) -> Law {
    let station = compiled.line.stations[Int(machines[i].station)]
    if !compiled.line.products.isEmpty {
      let route = compiled.line.products[Int(part.product)].route
      if Int(part.step) < route.count, station.inputs.contains(where: { $0.buffer == route[Int(part.step)].buffer }),
        let law = route[Int(part.step)].cycle
      {
        return law
      }
    }
    if Int(part.product) < station.productCycles.count, let law = station.productCycles[Int(part.product)] { return law }
    return station.cycle
  }

  /// Begins an activity, once whoever it needs is there.
  mutating func begin(_ i: Int, _ e: Int) {
    let need = Int(extras[e].activeNeed)
    if need >= 0 && !ask(.machine, i, need: need) {
      machines[i].phase = .waiting
      enter(i, machines[i].activity == .breakage ? Account.failed : Account.waiting)
      return
    }
    goOn(i)
  }

  /// Goes on after a stop, once whoever it needs is there again.
  mutating func resume(_ i: Int) {
    let e = Int(machines[i].extra)
    if e >= 0, extras[e].activeNeed >= 0, needs[Int(extras[e].activeNeed)].grants == 0 { begin(i, e) } else { goOn(i) }
  }

  /// Whoever was waited for has come.
  mutating func isServed(_ i: Int) {
    if machines[i].isHalted { machines[i].phase = .working } else { goOn(i) }
  }

  private mutating func endActivity(_ i: Int, _ e: Int) {
    let need = Int(extras[e].activeNeed)
    extras[e].activeNeed = -1
    release(need: need)
  }

  /// An activity has ended.
  mutating func completeKit(_ i: Int) {
    let e = Int(machines[i].extra)
    machines[i].phase = .moving
    endActivity(i, e)
    switch machines[i].activity {
    case .work: finishKit(i, e)
    case .setup:
      extras[e].setups += 1
      startKit(i, e)
    case .maintenance, .replacement, .breakage:
      endDuty(i, e)
      seekKit(i)
    }
  }

  private mutating func finishKit(_ i: Int, _ e: Int) {
    machines[i].holdsPart = false
    let count = extras[e].batchMost > 0 ? Int(extras[e].held) : 1
    machines[i].produced += count
    if traces { note(.produced, i, machines[i].produced) }
    if extras[e].batchMost == 0 {
      wearDown(i, e)
      finish(machines[i].part, i, e)
    } else {
      for k in 0..<count {
        wearDown(i, e)
        finish(held[Int(extras[e].firstHeld) + k], i, e)
      }
      extras[e].held = 0
    }
    emit(i, e)
  }

  /// Judges one finished part and says where it goes.
  private mutating func finish(_ part: Part, _ i: Int, _ e: Int) {
    var part = part
    if machines[i].judges && isRejected(i, &part) {
      machines[i].rejected += 1
      if traces { note(.rejected, i, machines[i].rejected) }
      if extras[e].reworkInto >= 0 && part.attempts < extras[e].attempts {
        part.attempts += 1
        part.isDefective = false
        extras[e].reworked += 1
        addOut(part, extras[e].reworkInto, e)
      } else {
        scrap(part)
      }
      return
    }
    let first = Int(extras[e].firstBranch)
    let count = Int(extras[e].branchCount)
    switch extras[e].routing {
    case Extras.byChance:
      let branches = compiled.branches
      addOut(part, branches[first + choice(Int(extras[e].routingDie), count) { branches[first + $0].share }].buffer, e)
    case Extras.toEmptiest: addOut(part, Out.toEmptiest, e)
    case Extras.byRoute:
      part.step += 1
      let route = compiled.line.products[Int(part.product)].route
      addOut(part, Int(part.step) < route.count ? Int32(route[Int(part.step)].buffer) : Out.leaves, e)
    case Extras.takesApart: takeApart(part, first, count, e)
    default: addOut(part, machines[i].output, e)
    }
  }

  /// One part becomes many. The first keeps its order and cards.
  private mutating func takeApart(_ part: Part, _ first: Int, _ count: Int, _ e: Int) {
    var piece = part
    flow.split -= 1
    for branch in first..<first + count {
      for _ in 0..<compiled.branches[branch].count {
        let product = compiled.branches[branch].product
        // Another product begins its own route.
        (piece.product, piece.step) = product >= 0 ? (UInt16(product), 0) : (part.product, part.step)
        addOut(piece, compiled.branches[branch].buffer, e)
        flow.split += 1
        (piece.order, piece.cards) = (-1, 0)
      }
    }
  }

  private mutating func addOut(_ part: Part, _ buffer: Int32, _ e: Int) {
    outs[Int(extras[e].firstOut + extras[e].outs)] = Out(part: part, buffer: buffer)
    extras[e].outs += 1
  }

  // MARK: - Handing on

  /// Hands on what is finished, as far as there is room; then looks for more work, or is blocked.
  mutating func emit(_ i: Int, _ e: Int) {
    let wasBlocked = machines[i].account == Account.blocked
    machines[i].phase = .moving
    let first = Int(extras[e].firstOut)
    var kept = 0
    for k in 0..<Int(extras[e].outs) {
      let out = outs[first + k]
      if !goesOn(out, e) {
        outs[first + kept] = out
        kept += 1
      }
    }
    extras[e].outs = Int32(kept)
    if kept == 0 { return seekKit(i) }
    machines[i].phase = .blocked
    if !wasBlocked {
      machines[i].ticket = tickets
      tickets &+= 1
      enter(i, Account.blocked)
    }
  }

  private mutating func goesOn(_ out: Out, _ e: Int) -> Bool {
    switch out.buffer {
    case Out.leaves:
      leave(out.part)
      return true
    case Out.toEmptiest:
      guard let b = emptiest(e) else { return false }
      return hand(out.part, to: b)
    default: return hand(out.part, to: Int(out.buffer))
    }
  }

  private mutating func emptiest(_ e: Int) -> Int? {
    var best: Int?
    let first = Int(extras[e].firstBranch)
    for branch in first..<first + Int(extras[e].branchCount) {
      let b = Int(compiled.branches[branch].buffer)
      if buffers[b].hasRoom && buffers[b].standsSince < 0 && best.map({ buffers[b].queue.count < buffers[$0].queue.count }) ?? true { best = b }
    }
    return best
  }

  /// A blocked machine tries again.
  mutating func moveOn(_ i: Int) {
    if !machines[i].isPlain { return emit(i, Int(machines[i].extra)) }
    // Not blocked while it offers: the taking that its own part sets off must not ask it for the part again.
    machines[i].phase = .moving
    if hand(machines[i].part, to: Int(machines[i].output)) { seek(i) } else { machines[i].phase = .blocked }
  }

  /// Whether a blocked machine waits for room in buffer `b`.
  func waits(_ i: Int, for b: Int) -> Bool {
    if machines[i].isPlain { return Int(machines[i].output) == b }
    let e = Int(machines[i].extra)
    for k in 0..<Int(extras[e].outs) {
      let buffer = outs[Int(extras[e].firstOut) + k].buffer
      if Int(buffer) == b { return true }
      if buffer == Out.toEmptiest {
        let first = Int(extras[e].firstBranch)
        for branch in first..<first + Int(extras[e].branchCount) where Int(compiled.branches[branch].buffer) == b { return true }
      }
    }
    return false
  }

  /// Takes a finished part for buffer `b` out of a blocked machine's hands.
  mutating func takeOut(_ i: Int, for b: Int) -> Part {
    let e = Int(machines[i].extra)
    let place = place(of: b, inHandsOf: i)
    let part = outs[place].part
    let end = Int(extras[e].firstOut + extras[e].outs)
    for later in place + 1..<max(place + 1, end) { outs[later - 1] = outs[later] }
    extras[e].outs -= 1
    if extras[e].outs == 0 { free(i) }
    return part
  }

  /// Where the first part for buffer `b` stands that a blocked machine holds. There must be one.
  func place(of b: Int, inHandsOf i: Int) -> Int {
    var place = Int(extras[Int(machines[i].extra)].firstOut)
    while Int(outs[place].buffer) != b { place += 1 }
    return place
  }

  /// Puts a part into a buffer that is not between two plain machines; false where it has no room.
  mutating func offer(_ part: Part, to b: Int) -> Bool {
    if buffers[b].capacity == 0 { return handOver(part, before: b) }
    guard buffers[b].hasRoom else { return false }
    if buffers[b].isBelt {
      guard beltTakes(b) else { return false }
      put(part, into: b)
      enterBelt(b)
    } else {
      put(part, into: b)
    }
    agenda.append(.parts(b))
    return true
  }
}
