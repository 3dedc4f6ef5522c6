import EventKernel

/// Finding stations that wait for each other for ever.
extension LineRun {
  /// The machines that can never move again, where one of them is blocked or lacks a card; nil where there are none.
  ///
  /// A machine can move if an event of its own is to come, or if what it waits for can come: room from whoever takes from its output, parts
  /// from whoever feeds what it lacks, a card from anybody who still moves. The least fixed point of this leaves the dead ones. Machines that
  /// only lack parts, because the line has run empty, are no deadlock; a source that can never put in its lot is one.
  func deadlock() -> Deadlock? {
    // Machines, then sources, then transports, as in `CompiledLine.givers`.
    let sources = machineCount + feeds.count
    var alive = [Bool](repeating: false, count: sources + ways.count)
    // What a machine has in work will be done, and what it has shelved, once its hands are free; upkeep and stops bring no part forward.
    for i in 0..<machineCount {
      let hasShelved = machines[i].extra >= 0 && machines[i].phase != .blocked && extras[Int(machines[i].extra)].shelved > 0
      alive[i] = machines[i].holdsPart || hasShelved
    }
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
    let shut = (0..<feeds.count).filter { !alive[machineCount + $0] && feeds[$0].phase == .blocked }
    guard !shut.isEmpty || dead.contains(where: { machines[$0].phase == .blocked || lacksCard($0) }) else { return nil }
    return Deadlock(since: dead.map { machines[$0].enteredAt }.max() ?? 0, waits: dead.map { wait($0) } + shut.map { waitOfSource($0) })
  }

  private func waitOfSource(_ s: Int) -> Deadlock.Wait {
    let lacks = !haveCards(feeds[s].cards)
    let into = feeds[s].into
    return Deadlock.Wait(
      station: compiled.line.sources[s].name, blocked: true, buffers: lacks ? [] : [compiled.line.buffers[into].name],
      on: lacks ? [] : compiled.takers[into].filter { $0 < machineCount }.map { compiled.names[$0] },
      cards: lacks ? missingCards(feeds[s].cards) : [])
  }

  private func missingCards(_ mask: UInt32) -> [String] {
    (0..<cards.count).filter { mask >> UInt32($0) & 1 == 1 && cards[$0].free <= 0 }.map { compiled.line.cardLoops[$0].name }
  }

  private func wait(_ i: Int) -> Deadlock.Wait {
    let isBlocked = machines[i].phase == .blocked
    let awaited = isBlocked ? destinations(i) : lacking(i)
    let others = awaited.flatMap { isBlocked ? compiled.takers[$0] : compiled.givers[$0] }.filter { $0 < machineCount }
    var seen: Set<Int> = []
    return Deadlock.Wait(
      station: compiled.names[i], blocked: isBlocked, buffers: awaited.map { compiled.line.buffers[$0].name },
      on: others.filter { seen.insert($0).inserted }.map { compiled.names[$0] },
      cards: lacksCard(i) ? missingCards(extras[Int(machines[i].extra)].cards) : [])
  }

  private func lacksCard(_ i: Int) -> Bool { machines[i].extra >= 0 && machines[i].phase != .blocked && extras[Int(machines[i].extra)].lacksCard }

  private func canMove(_ node: Int, _ alive: [Bool]) -> Bool {
    let sources = machineCount + feeds.count
    // Who takes from a buffer is a machine or a way; who gives to it is numbered as here.
    func takerMoves(_ b: Int) -> Bool { compiled.takers[b].contains { alive[$0 < machineCount ? $0 : $0 + feeds.count] } }
    // Room may be there already, where who would use it is closed, or come with time on a belt.
    func roomComes(_ b: Int) -> Bool { buffers[b].hasRoom && buffers[b].standsSince < 0 || takerMoves(b) }
    func partsCome(_ b: Int, least: Int = 1) -> Bool {
      buffers[b].queue.count >= least || compiled.givers[b].contains { alive[$0] } || buffers[b].capacity == 0 && isOffered(b)
    }
    // A card comes back from whoever brings parts forward.
    func cardsCome() -> Bool { alive.indices.contains { alive[$0] && !(machineCount..<sources).contains($0) } }
    if node >= sources {
      let way = compiled.line.transports[node - sources]
      let to = buffers[way.to]
      return partsCome(way.from, least: way.least) && (to.capacity - to.queue.count - to.reserved >= way.least || takerMoves(way.to))
    }
    if node >= machineCount {
      let s = node - machineCount
      if feeds[s].phase != .blocked { return false }
      return haveCards(feeds[s].cards) ? roomComes(feeds[s].into) : cardsCome()
    }
    if lacksCard(node) { return cardsCome() || haveCards(extras[Int(machines[node].extra)].cards) }
    if machines[node].phase == .blocked { return destinations(node).contains { roomComes($0) } }
    // Whatever it lacks must be able to come, all of it.
    let least = machines[node].extra < 0 ? 1 : max(1, Int(extras[Int(machines[node].extra)].batchLeast))
    return lacking(node).allSatisfy { partsCome($0, least: least) }
  }

  /// Whether somebody holds a part before a buffer of capacity 0.
  private func isOffered(_ b: Int) -> Bool {
    compiled.givers[b].contains {
      $0 < machineCount
        ? machines[$0].phase == .blocked && waits($0, for: b) : $0 < machineCount + feeds.count && feeds[$0 - machineCount].phase == .blocked
    }
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
