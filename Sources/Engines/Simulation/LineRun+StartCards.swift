import EventKernel

/// The cards that parts hold which are in the line when a replication begins.
extension LineRun {
  /// Gives every part inside a loop one of its cards, as far as there are cards: what is in the line counts against the limit at once.
  mutating func dealCards() {
    for l in 0..<cards.count {
      let (inBuffers, inMachines) = inside(l)
      for b in inBuffers.indices where inBuffers[b] {
        for k in 0..<buffers[b].queue.count where deal(l) { buffers[b].queue[k].cards |= 1 << UInt32(l) }
      }
      for i in inMachines.indices where inMachines[i] && holdsSomething(i) && deal(l) { mark(i, l) }
    }
  }

  private mutating func deal(_ l: Int) -> Bool {
    if cards[l].free <= 0 { return false }
    cards[l].free -= 1
    cards[l].inUse += 1
    return true
  }

  private func holdsSomething(_ i: Int) -> Bool { machines[i].holdsPart || machines[i].phase == .blocked }

  private mutating func mark(_ i: Int, _ l: Int) {
    machines[i].part.cards |= 1 << UInt32(l)
    let e = Int(machines[i].extra)
    if e < 0 { return }
    if extras[e].held > 0 { held[Int(extras[e].firstHeld)].cards |= 1 << UInt32(l) }
    if extras[e].outs > 0 { outs[Int(extras[e].firstOut)].part.cards |= 1 << UInt32(l) }
  }

  /// The buffers and machines in which a part holds a card of the loop: from where it is taken on, to where it is given back.
  private func inside(_ l: Int) -> (buffers: [Bool], machines: [Bool]) {
    let loop = compiled.line.cardLoops[l]
    var inBuffers = [Bool](repeating: false, count: buffers.count)
    var inMachines = [Bool](repeating: false, count: machineCount)
    var reached = loop.sources.map { compiled.line.sources[$0].into }
    func enter(_ s: Int) {
      for i in compiled.firstMachine[s]..<compiled.firstMachine[s + 1] { inMachines[i] = true }
      reached += compiled.line.stations[s].destinations(compiled.line)
    }
    for s in loop.stations { enter(s) }
    while let b = reached.popLast() {
      if inBuffers[b] { continue }
      inBuffers[b] = true
      if b == loop.until { continue }
      for taker in compiled.takers[b] {
        if taker >= machineCount {
          reached.append(compiled.line.transports[taker - machineCount].to)
        } else if !inMachines[taker] {
          enter(Int(machines[taker].station))
        }
      }
    }
    return (inBuffers, inMachines)
  }
}
