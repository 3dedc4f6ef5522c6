import EventKernel

/// The cards of a loop.
struct Cards: BitwiseCopyable {
  var free: Int32
  var inUse: Int32 = 0
  var since = 0.0
  /// Cards in use, integrated over time up to `since`.
  var area = 0.0

  init(free: Int32) { self.free = free }

  mutating func book(until now: Double) {
    area += Double(inUse) * (now - since)
    since = now
  }
}

extension LineRun {
  /// Whether every loop of a mask has a card to give, those counted in that `ended` will give back.
  func haveCards(_ mask: UInt32, giving ended: UInt32 = 0) -> Bool {
    for l in 0..<cards.count where mask >> UInt32(l) & 1 == 1 {
      if cards[l].free + (ended >> UInt32(l) & 1 == 1 ? 1 : 0) <= 0 { return false }
    }
    return true
  }

  mutating func takeCards(_ mask: UInt32, _ part: inout Part) {
    for l in 0..<cards.count where mask >> UInt32(l) & 1 == 1 {
      cards[l].book(until: now)
      cards[l].free -= 1
      cards[l].inUse += 1
    }
    part.cards |= mask
  }

  mutating func giveBack(_ part: inout Part, _ mask: UInt32) {
    for l in 0..<cards.count where mask >> UInt32(l) & 1 == 1 {
      cards[l].book(until: now)
      cards[l].free += 1
      cards[l].inUse -= 1
      agenda.append(.card(l))
    }
    part.cards &= ~mask
  }

  /// A card is free: lets who lacks one try again, the longest waiting first.
  mutating func serveCardSeekers(_ l: Int) {
    for s in compiled.line.cardLoops[l].sources where cards[l].free > 0 && feeds[s].phase == .blocked { deliver(s) }
    var last = Place.first
    while cards[l].free > 0, let i = nextCardSeeker(l, after: last) {
      last = Place(ticket: machines[i].ticket, index: i)
      seek(i)
    }
  }

  private mutating func nextCardSeeker(_ l: Int, after last: Place) -> Int? {
    var best: Place?
    for s in compiled.line.cardLoops[l].stations {
      for i in compiled.firstMachine[s]..<compiled.firstMachine[s + 1]
      where machines[i].phase == .idle && !machines[i].isHalted && extras[Int(machines[i].extra)].lacksCard {
        let place = Place(ticket: machines[i].ticket, index: i)
        if last < place && best.map({ place < $0 }) ?? true { best = place }
      }
    }
    return best?.index
  }
}
