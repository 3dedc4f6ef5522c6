import EventKernel
import Probability

/// A source of a run.
struct Feed: BitwiseCopyable {
  /// The next lot is awaited, a lot is being put in, or it waits for room or cards.
  enum Phase: UInt8, BitwiseCopyable { case waiting, delivering, blocked }
  var phase = Phase.waiting
  var isLossy: Bool
  var hasOutages: Bool
  var hasOrders: Bool
  var hasCampaign: Bool
  /// Its dice: the interval's, and the mix's or −1.
  var interval: Int
  var mix: Int
  /// Its supply is interrupted; and a lot that came due meanwhile is owed.
  var isInterrupted = false
  var owes = false
  var hasNext = false
  var into: Int
  var lot: Int
  var left = 0
  /// Parts until it ends, and its orders.
  var remaining: Int
  var order: Int
  var lastOrder: Int
  var ticket: UInt64 = 0
  var cards: UInt32 = 0
  /// The run of the campaign under way, and what is left of it.
  var run = 0
  var runLeft = 0
  /// The part that goes in next.
  var next = Part()
  var delivered = 0
  var lost = 0

  init(_ spec: SourceSpec, _ compiled: CompiledLine, _ s: Int) {
    (isLossy, into, lot, remaining) = (spec.isLossy, spec.into, spec.lot, spec.limit ?? .max)
    (hasOutages, hasOrders, hasCampaign) = (!spec.outages.isEmpty, !spec.orders.isEmpty, !spec.campaign.isEmpty)
    if let first = spec.campaign.first { runLeft = first.quantity - spec.campaignDone }
    (interval, mix) = (compiled.sourceDice[s].interval, compiled.sourceDice[s].mix)
    order = compiled.firstOrder[s]
    lastOrder = order + spec.orders.count
    for (l, loop) in compiled.line.cardLoops.enumerated() where loop.sources.contains(s) { cards |= 1 << UInt32(l) }
  }
}

extension LineRun {
  mutating func startSource(_ s: Int, fresh: Bool) {
    let spec = compiled.line.sources[s]
    let die = compiled.sourceDice[s]
    if spec.orders.isEmpty {
      let first = fresh ? draw(die.interval) : spec.interval.sampleEquilibriumResidual(&dice[die.interval].stream)
      calendar.schedule(sourceSlots + s, at: first, Kind.delivery)
    } else {
      calendar.schedule(sourceSlots + s, at: spec.orders[0].release, Kind.delivery)
    }
    if die.upTime >= 0 { calendar.schedule(compiled.slots.interruptions + s, at: draw(die.upTime), Kind.supplyBreaks) }
  }

  /// A lot comes due: it is put in, or put off to the end of an outage.
  mutating func arrive(_ s: Int) {
    if feeds[s].isInterrupted || feeds[s].hasOutages, isPutOff(s) { return }
    feeds[s].left = min(feeds[s].hasOrders ? order(s).quantity : feeds[s].lot, feeds[s].remaining)
    deliver(s)
  }

  /// Whether a lot has to wait for its supply.
  @inline(never)
  private mutating func isPutOff(_ s: Int) -> Bool {
    if feeds[s].isInterrupted {
      feeds[s].owes = true
      return true
    }
    let end = spanEnd(compiled.line.sources[s].outages, compiled.line.sources[s].outagePeriod)
    if end > now { calendar.schedule(sourceSlots + s, at: end, Kind.delivery) }
    return end > now
  }

  private mutating func order(_ s: Int) -> OrderSpec { compiled.line.sources[s].orders[feeds[s].order - compiled.firstOrder[s]] }

  /// Puts in what is left of a lot as far as there is room; when all is in, the next is awaited.
  @inline(__always)
  mutating func deliver(_ s: Int) {
    let wasBlocked = feeds[s].phase == .blocked
    feeds[s].phase = .delivering
    while feeds[s].left > 0 {
      if feeds[s].cards != 0 && !haveCards(feeds[s].cards) { break }
      var part = nextPart(s)
      part.cards = feeds[s].cards
      if hand(part, to: feeds[s].into) {
        if feeds[s].cards != 0 { takeCards(feeds[s].cards, &part) }
        countDelivery(s)
      } else if feeds[s].isLossy {
        lose(s, part)
      } else {
        break
      }
    }
    if feeds[s].left == 0 { return awaitNext(s) }
    feeds[s].phase = .blocked
    if !wasBlocked {
      feeds[s].ticket = tickets
      tickets &+= 1
    }
  }

  private mutating func lose(_ s: Int, _ part: Part) {
    feeds[s].lost &+= 1
    feeds[s].left &-= 1
    feeds[s].hasNext = false
    if part.order >= 0 { orders[Int(part.order)].end(isGood: false, at: now) }
  }

  @inline(__always)
  private mutating func countDelivery(_ s: Int) {
    feeds[s].left &-= 1
    feeds[s].delivered &+= 1
    feeds[s].remaining &-= 1
    feeds[s].hasNext = false
  }

  /// The lot is in: the next one's time begins to run.
  @inline(__always)
  private mutating func awaitNext(_ s: Int) {
    feeds[s].phase = .waiting
    if feeds[s].remaining <= 0 { return }
    if !feeds[s].hasOrders { return calendar.schedule(sourceSlots &+ s, at: now + draw(feeds[s].interval), Kind.delivery) }
    feeds[s].order += 1
    if feeds[s].order < feeds[s].lastOrder { calendar.schedule(sourceSlots + s, at: max(now, order(s).release), Kind.delivery) }
  }

  /// The part that goes in next.
  @inline(__always)
  private mutating func nextPart(_ s: Int) -> Part {
    if !feeds[s].hasOrders && feeds[s].mix < 0 && !feeds[s].hasCampaign { return Part(entered: now, since: now) }
    if !feeds[s].hasNext { drawNext(s) }
    var part = feeds[s].next
    (part.entered, part.since) = (now, now)
    return part
  }

  /// Draws the product of the next part, once.
  @inline(never)
  private mutating func drawNext(_ s: Int) {
    feeds[s].hasNext = true
    feeds[s].next = Part()
    if feeds[s].hasOrders {
      feeds[s].next.order = Int32(feeds[s].order)
      feeds[s].next.product = UInt16(order(s).product)
    } else if feeds[s].hasCampaign {
      let campaign = compiled.line.sources[s].campaign
      if feeds[s].runLeft == 0 {
        feeds[s].run = (feeds[s].run + 1) % campaign.count
        feeds[s].runLeft = campaign[feeds[s].run].quantity
      }
      feeds[s].runLeft -= 1
      feeds[s].next.product = UInt16(campaign[feeds[s].run].product)
    } else {
      let mix = compiled.line.sources[s].mix
      feeds[s].next.product = UInt16(choice(feeds[s].mix, mix.count) { mix[$0] })
    }
  }

  /// A machine takes the part that a source holds before a buffer of capacity 0.
  mutating func takeFromFeed(_ s: Int) -> Part {
    var part = nextPart(s)
    takeCards(feeds[s].cards, &part)
    countDelivery(s)
    if feeds[s].left == 0 { awaitNext(s) }
    return part
  }

  // MARK: - Interruptions of the supply

  mutating func breakSupply(_ s: Int) {
    feeds[s].isInterrupted = true
    calendar.schedule(compiled.slots.interruptions + s, at: now + draw(compiled.sourceDice[s].downTime), Kind.supplyReturns)
  }

  mutating func returnSupply(_ s: Int) {
    feeds[s].isInterrupted = false
    calendar.schedule(compiled.slots.interruptions + s, at: now + draw(compiled.sourceDice[s].upTime), Kind.supplyBreaks)
    if feeds[s].owes {
      feeds[s].owes = false
      arrive(s)
    }
  }
}
