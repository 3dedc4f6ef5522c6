import EventKernel
import Probability

/// A finished part on its way out of a machine.
struct Out: BitwiseCopyable {
  var part = Part()
  /// The buffer it goes to, or one of the two below.
  var buffer: Int32 = 0
  static let leaves: Int32 = -1, toEmptiest: Int32 = -2
}

/// Work that a more urgent part has interrupted.
struct Shelved: BitwiseCopyable {
  var part = Part()
  var work = 0.0
  var partWork = 0.0
}

/// How machines that are not plain take: kits, batches, by dispatch laws, with cards.
extension LineRun {
  /// Looks for the next thing to do: upkeep that is due, interrupted work, a whole kit.
  mutating func seekKit(_ i: Int) {
    let waitsAlready = machines[i].phase == .idle && machines[i].account != Account.closed
    if machines[i].isHalted {
      machines[i].phase = .idle
      return
    }
    let e = Int(machines[i].extra)
    // Not idle while it takes: what its taking sets off must not wake it a second time.
    machines[i].phase = .moving
    if beginDuty(i, e) { return }
    if extras[e].shelved > 0 && takeUpShelved(i, e) { return }
    extras[e].lacksCard = false
    let isComplete =
      if extras[e].batchMost > 0 { gatherBatch(i, e) } else if extras[e].needed == 0 { makePart(i, e) } else { gatherKit(i, e) }
    if isComplete {
      extras[e].missing = extras[e].needed
      prepare(i, e)
    } else if extras[e].shelved > 0 {
      // Nothing more urgent can be had yet, for want of a card.
      takeUpLast(i, e)
    } else {
      machines[i].phase = .idle
      if !waitsAlready {
        machines[i].ticket = tickets
        tickets &+= 1
      }
      enter(i, idleAccount(i))
    }
  }

  /// A machine without parts is starved; one that lacks but a card waits.
  mutating func idleAccount(_ i: Int) -> UInt8 {
    machines[i].extra >= 0 && extras[Int(machines[i].extra)].lacksCard ? Account.waiting : Account.starved
  }

  /// A station without inputs makes its parts from nothing, if it has the cards.
  private mutating func makePart(_ i: Int, _ e: Int) -> Bool {
    guard haveCards(extras[e].cards) else {
      extras[e].lacksCard = true
      return false
    }
    var part = Part(entered: now, since: now)
    takeCards(extras[e].cards, &part)
    machines[i].part = part
    flow.made += 1
    return true
  }

  private mutating func gatherKit(_ i: Int, _ e: Int) -> Bool {
    let first = Int(extras[e].firstInput)
    let end = first + Int(extras[e].inputCount)
    var moved = true
    while moved && extras[e].missing > 0 {
      moved = false
      for slot in first..<end {
        let b = compiled.inputs[slot].buffer
        while missing[slot] > 0, let part = take(from: b, i, e) {
          receive(part, i, e, slot)
          moved = true
        }
      }
    }
    guard extras[e].missing == 0 else { return false }
    for slot in first..<end { missing[slot] = Int32(compiled.inputs[slot].count) }
    return true
  }

  /// Adds a part to the kit. The kit is the part of its first input, with the defects and cards of all.
  private mutating func receive(_ part: Part, _ i: Int, _ e: Int, _ slot: Int) {
    let isFirst = extras[e].missing == extras[e].needed
    let isMain = slot == Int(extras[e].firstInput) && missing[slot] == Int32(compiled.inputs[slot].count)
    missing[slot] -= 1
    extras[e].missing -= 1
    if isFirst {
      machines[i].part = part
      return
    }
    flow.merged += 1
    var (kept, merged) = isMain ? (part, machines[i].part) : (machines[i].part, part)
    kept.isDefective = kept.isDefective || merged.isDefective
    // One card of a loop is enough for a kit.
    let twice = kept.cards & merged.cards
    if twice != 0 { giveBack(&merged, twice) }
    kept.cards |= merged.cards
    if merged.order >= 0 { orders[Int(merged.order)].end(isGood: true, at: now) }
    machines[i].part = kept
  }

  private mutating func gatherBatch(_ i: Int, _ e: Int) -> Bool {
    let b = Int(machines[i].input)
    guard buffers[b].queue.count >= extras[e].batchLeast, haveCardsForBatch(e, b) else { return false }
    extras[e].held = 0
    while extras[e].held < extras[e].batchMost, let part = take(from: b, i, e) {
      held[Int(extras[e].firstHeld + extras[e].held)] = part
      extras[e].held += 1
    }
    if extras[e].held == 0 { return false }
    machines[i].part = held[Int(extras[e].firstHeld)]
    return true
  }

  /// Whether there are cards for the least batch; a part in the buffer may bring its own.
  private mutating func haveCardsForBatch(_ e: Int, _ b: Int) -> Bool {
    for l in 0..<cards.count where extras[e].cards >> UInt32(l) & 1 == 1 {
      var missing = extras[e].batchLeast - cards[l].free
      for k in 0..<buffers[b].queue.count where missing > 0 && buffers[b].queue[k].cards >> UInt32(l) & 1 == 1 { missing -= 1 }
      if missing > 0 {
        extras[e].lacksCard = true
        return false
      }
    }
    return true
  }

  /// The cards that a further part of a machine's kit needs no more.
  private func cardsOfKit(_ i: Int, _ e: Int) -> UInt32 {
    extras[e].batchMost == 0 && extras[e].missing < extras[e].needed ? machines[i].part.cards : 0
  }

  /// Takes the part of buffer `b` that the machine's dispatch law chooses, if it is there and its cards are.
  private mutating func take(from b: Int, _ i: Int, _ e: Int) -> Part? {
    if buffers[b].queue.count == 0 { return buffers[b].capacity == 0 ? takeFromHands(b, extras[e].cards & ~cardsOfKit(i, e), e) : nil }
    if buffers[b].isBelt && buffers[b].arrivalOfFirst > now {
      scheduleEnd(b)
      return nil
    }
    let place = extras[e].dispatch == 0 ? 0 : choose(i, e, b)
    let asked = buffers[b].queue[place]
    let wanted = extras[e].cards & ~(asked.cards & ~buffers[b].endsCards) & ~cardsOfKit(i, e)
    let ended = asked.cards & buffers[b].endsCards
    if wanted != 0 && !haveCards(wanted, giving: ended) {
      extras[e].lacksCard = true
      return nil
    }
    var part = place == 0 ? buffers[b].queue.takeFirst() : buffers[b].queue.take(at: place)
    book(taken: part, from: b)
    if traces { note(.level, b, buffers[b].queue.count) }
    if ended != 0 { giveBack(&part, ended) }
    if wanted != 0 { takeCards(wanted, &part) }
    if buffers[b].isBelt { leaveBelt(b) }
    agenda.append(.room(b))
    return part
  }

  /// The place in the queue of the part to take next; those of equal rank in their order.
  private mutating func choose(_ i: Int, _ e: Int, _ b: Int) -> Int {
    let law = DispatchLaw.allCases[Int(extras[e].dispatch)]
    if law == .lastInFirstOut { return buffers[b].queue.count - 1 }
    var best = 0
    var bestRank = rank(buffers[b].queue[0], law, i, e)
    for k in 1..<max(1, buffers[b].queue.count) {
      let rank = rank(buffers[b].queue[k], law, i, e)
      if rank < bestRank { (best, bestRank) = (k, rank) }
    }
    return best
  }

  /// Least goes first.
  private mutating func rank(_ part: Part, _ law: DispatchLaw, _ i: Int, _ e: Int) -> Double {
    switch law {
    case .firstInFirstOut, .lastInFirstOut: 0
    case .priority: -Double(priority(of: part))
    case .shortestWork: cycleLaw(of: part, at: i).mean
    case .earliestDue: part.order >= 0 ? compiled.due[Int(part.order)] : .infinity
    case .leastSetup: Int32(part.product) == extras[e].lastProduct ? 0 : 1
    }
  }

  mutating func priority(of part: Part) -> Int { compiled.line.products.isEmpty ? 0 : compiled.line.products[Int(part.product)].priority }

  // MARK: - Handing over where there is no buffer

  /// Takes the part that somebody holds before a buffer of capacity 0, the longest waiting first.
  private mutating func takeFromHands(_ b: Int, _ wanted: UInt32 = 0, _ e: Int = -1) -> Part? {
    var last = Place.first
    while let (giver, place) = nextBlockedGiver(b, after: last) {
      last = place
      let isFeed = giver >= machineCount
      // What a source offers has no cards yet.
      let own = isFeed ? feeds[giver - machineCount].cards : 0
      if own != 0 && !haveCards(own) { continue }
      let held = isFeed ? own : cardsInHand(giver, for: b)
      let ended = held & buffers[b].endsCards
      let missing = wanted & ~(held & ~ended)
      if missing != 0 && !haveCards(missing & ~own, giving: ended) {
        extras[e].lacksCard = true
        continue
      }
      var part: Part
      if isFeed {
        part = takeFromFeed(giver - machineCount)
      } else if machines[giver].isPlain {
        part = machines[giver].part
        free(giver)
      } else {
        part = takeOut(giver, for: b)
      }
      buffers[b].taken &+= 1
      if ended != 0 { giveBack(&part, ended) }
      if missing != 0 { takeCards(missing, &part) }
      return part
    }
    return nil
  }

  /// The cards of the part that a blocked machine holds before a buffer of capacity 0.
  private func cardsInHand(_ i: Int, for b: Int) -> UInt32 {
    machines[i].isPlain ? machines[i].part.cards : outs[place(of: b, inHandsOf: i)].part.cards
  }

  /// A plain machine takes from somebody's hands.
  mutating func takeFromSomebody(_ b: Int, for i: Int) -> Bool {
    guard let part = takeFromHands(b) else { return false }
    machines[i].part = part
    startWork(i)
    return true
  }

  /// The machine's hands are empty: it will look for work in its turn.
  mutating func free(_ i: Int) {
    machines[i].phase = .idle
    enter(i, idleAccount(i))
    machines[i].ticket = tickets
    tickets &+= 1
    agenda.append(.machine(i))
  }

  /// Gives a part to the machine that has waited longest before a buffer of capacity 0, of those that can take it; false where none can.
  mutating func handOver(_ part: Part, before b: Int) -> Bool {
    var last = Place.first
    while let i = nextIdleTaker(b, after: last) {
      last = Place(ticket: machines[i].ticket, index: i)
      if hand(part, over: b, to: i) { return true }
    }
    return false
  }

  private mutating func hand(_ part: Part, over b: Int, to i: Int) -> Bool {
    var part = part
    if machines[i].isPlain {
      machines[i].part = part
      buffers[b].taken &+= 1
      startWork(i)
      return true
    }
    let e = Int(machines[i].extra)
    if extras[e].shelved > 0 || hasDuty(i, e) { return false }
    let ended = part.cards & buffers[b].endsCards
    let wanted = extras[e].cards & ~(part.cards & ~ended) & ~cardsOfKit(i, e)
    if wanted != 0 && !haveCards(wanted, giving: ended) {
      extras[e].lacksCard = true
      return false
    }
    extras[e].lacksCard = false
    if ended != 0 { giveBack(&part, ended) }
    if wanted != 0 { takeCards(wanted, &part) }
    buffers[b].taken &+= 1
    var slot = Int(extras[e].firstInput)
    while compiled.inputs[slot].buffer != b { slot += 1 }
    machines[i].phase = .moving
    receive(part, i, e, slot)
    if extras[e].missing == 0 {
      for slot in Int(extras[e].firstInput)..<Int(extras[e].firstInput + extras[e].inputCount) { missing[slot] = Int32(compiled.inputs[slot].count) }
      extras[e].missing = extras[e].needed
      prepare(i, e)
    } else {
      machines[i].phase = .idle
    }
    return true
  }

  /// Whether an idle machine could use a part of buffer `b`.
  mutating func wants(_ i: Int, from b: Int) -> Bool {
    if machines[i].isPlain { return true }
    let e = Int(machines[i].extra)
    if extras[e].batchMost > 0 { return buffers[b].queue.count >= extras[e].batchLeast }
    var slot = Int(extras[e].firstInput)
    while compiled.inputs[slot].buffer != b { slot += 1 }
    return missing[slot] > 0
  }
}
