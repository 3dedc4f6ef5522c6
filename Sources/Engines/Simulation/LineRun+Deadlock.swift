import EventKernel

/// Finding stations that wait for each other for ever.
extension LineRun {
  /// The machines that can never move again, where one of them is blocked or lacks a card; nil where there are none.
  ///
  /// A machine can move if an event of its own is to come, or if what it waits for can come: room from whoever takes from its output, parts
  /// from whoever feeds what it lacks, a card from anybody who still moves. The least fixed point of this leaves the dead ones. Machines that
  /// only lack parts, because the line has run empty, are no deadlock.
  func deadlock() -> Deadlock? {
    // Machines, then sources, then transports, as in `CompiledLine.givers`.
    let sources = machineCount + feeds.count
    var alive = [Bool](repeating: false, count: sources + ways.count)
    for i in 0..<machineCount { alive[i] = machines[i].phase != .idle && machines[i].phase != .blocked || machines[i].isHalted }
    for s in 0..<feeds.count {
      alive[machineCount + s] = feeds[s].phase == .waiting && calendar.isPending(compiled.slots.sources + s) || feeds[s].owes
    }
    for t in 0..<ways.count {
      alive[sources + t] = (0..<vehicles.count).contains {
        Int(vehicles[$0].fleet) == compiled.line.transports[t].fleet && vehicles[$0].phase != .idle
      }
    }
    var changed = true
    while changed {
      changed = false
      for node in alive.indices where !alive[node] && canMove(node, alive) { (alive[node], changed) = (true, true) }
    }
    let dead = (0..<machineCount).filter { !alive[$0] }
    guard dead.contains(where: { machines[$0].phase == .blocked || lacksCard($0) }) else { return nil }
    return Deadlock(since: dead.map { machines[$0].enteredAt }.max() ?? 0, waits: dead.map { wait($0) })
  }

  private func wait(_ i: Int) -> Deadlock.Wait {
    let isBlocked = machines[i].phase == .blocked
    let awaited = isBlocked ? destinations(i) : lacking(i)
    let others = awaited.flatMap { isBlocked ? compiled.takers[$0] : compiled.givers[$0] }.filter { $0 < machineCount }
    var seen: Set<Int> = []
    return Deadlock.Wait(
      station: compiled.names[i], blocked: isBlocked, buffers: awaited.map { compiled.line.buffers[$0].name },
      on: others.filter { seen.insert($0).inserted }.map { compiled.names[$0] },
      cards: lacksCard(i)
        ? compiled.line.cardLoops.indices.filter { extras[Int(machines[i].extra)].cards >> UInt32($0) & 1 == 1 && cards[$0].free <= 0 }
          .map { compiled.line.cardLoops[$0].name } : [])
  }

  private func lacksCard(_ i: Int) -> Bool { machines[i].extra >= 0 && machines[i].phase == .idle && extras[Int(machines[i].extra)].lacksCard }

  private func canMove(_ node: Int, _ alive: [Bool]) -> Bool {
    let sources = machineCount + feeds.count
    // Who takes from a buffer is a machine or a way; who gives to it is numbered as here.
    func takerMoves(_ b: Int) -> Bool { compiled.takers[b].contains { alive[$0 < machineCount ? $0 : $0 + feeds.count] } }
    func partsCome(_ b: Int) -> Bool { buffers[b].queue.count > 0 || compiled.givers[b].contains { alive[$0] } }
    if node >= sources {
      let way = compiled.line.transports[node - sources]
      return partsCome(way.from) && (buffers[way.to].hasRoom || takerMoves(way.to))
    }
    if node >= machineCount {
      let s = node - machineCount
      if feeds[s].phase != .blocked { return false }
      return haveCards(feeds[s].cards) ? takerMoves(feeds[s].into) : alive.contains(true)
    }
    if lacksCard(node) { return alive.contains(true) }
    if machines[node].phase == .blocked { return destinations(node).contains { takerMoves($0) } }
    // Whatever it lacks must be able to come, all of it.
    return lacking(node).allSatisfy { partsCome($0) }
  }

  /// Buffers that a blocked machine waits for.
  private func destinations(_ i: Int) -> [Int] {
    if machines[i].isPlain { return [Int(machines[i].output)] }
    return compiled.givers.indices.filter { waits(i, for: $0) }
  }

  /// Buffers from which a machine still needs parts.
  private func lacking(_ i: Int) -> [Int] {
    let machine = machines[i]
    if machine.isPlain || extras[Int(machine.extra)].batchMost > 0 { return machine.input < 0 ? [] : [Int(machine.input)] }
    let first = Int(extras[Int(machine.extra)].firstInput)
    return (first..<first + Int(extras[Int(machine.extra)].inputCount)).filter { missing[$0] > 0 }.map { compiled.inputs[$0].buffer }
  }
}
