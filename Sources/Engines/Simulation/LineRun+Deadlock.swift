/// Finding stations that wait for each other for ever.
extension LineRun {
  /// The stations that can never move again, where one of them is blocked; nil where there are none.
  ///
  /// A station can move if an event of its own is to come, or if what it waits for can come: room from a station that takes from its
  /// output, parts from a station or source that feeds what it lacks. The least fixed point of this leaves the dead ones. Stations that
  /// only lack parts, because the line has run empty, are no deadlock.
  func deadlock() -> Deadlock? {
    var alive = (0..<stationCount).map { stations[$0].phase != .idle && stations[$0].phase != .blocked || stations[$0].isClosed }
    var feedAlive = (0..<feeds.count).map { feeds[$0].phase == .waiting }
    var changed = true
    while changed {
      changed = false
      for i in 0..<stationCount where !alive[i] {
        if canMove(i, alive, feedAlive) { (alive[i], changed) = (true, true) }
      }
      for s in 0..<feeds.count where !feedAlive[s] {
        if compiled.consumers[feeds[s].into].contains(where: { alive[$0] }) { (feedAlive[s], changed) = (true, true) }
      }
    }
    let dead = (0..<stationCount).filter { !alive[$0] }
    guard dead.contains(where: { stations[$0].phase == .blocked }) else { return nil }
    let line = compiled.line
    return Deadlock(
      since: dead.map { stations[$0].enteredAt }.max() ?? 0,
      waits: dead.map { i in
        let isBlocked = stations[i].phase == .blocked
        let awaited = isBlocked ? [stations[i].output] : lacking(i)
        let others = awaited.flatMap { isBlocked ? compiled.consumers[$0] : compiled.producers[$0].filter { $0 < stationCount } }
        var seen: Set<Int> = []
        return Deadlock.Wait(
          station: line.stations[i].name, blocked: isBlocked, buffers: awaited.map { line.buffers[$0].name },
          on: others.filter { seen.insert($0).inserted }.map { line.stations[$0].name })
      })
  }

  private func canMove(_ i: Int, _ alive: [Bool], _ feedAlive: [Bool]) -> Bool {
    if stations[i].phase == .blocked { return compiled.consumers[stations[i].output].contains { alive[$0] } }
    // Whatever it lacks must be able to come, all of it.
    return lacking(i).allSatisfy { b in
      buffers[b].level > 0 || compiled.producers[b].contains { $0 < stationCount ? alive[$0] : feedAlive[$0 - stationCount] }
    }
  }

  /// Buffers from which a station still needs parts.
  private func lacking(_ i: Int) -> [Int] {
    (stations[i].firstInput..<stations[i].firstInput + stations[i].inputCount).filter { needs[$0] > 0 }.map { inputBuffers[$0] }
  }
}
