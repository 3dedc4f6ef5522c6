/// Which histories have become the same.
extension Trajectory {
  /// The same for two histories of which all that is to come is the same; different, practically always, for others. What has been counted
  /// already does not matter any more: when a piece was begun whose finish is told, nor when a part arrives that nobody will wait for.
  var future: UInt64 {
    var mark = Mark()
    for s in stations.indices {
      let state = stations[s]
      mark.add(state.finished)
      mark.add(state.rejected)
      mark.add(state.inWork &* 64 &+ state.held)
      mark.add(agenda[slot(.finish, s)])
      if let open = state.open { mark.add(open.cell) }
      if flow.competes[s] { mark.add(state.lastFinish) }
      // A waiting machine's next piece, or a piece whose finish is not told, is reckoned from here.
      if state.inWork == 0 {
        mark.add(state.credit)
      } else if !state.isDueKnown {
        for machine in flow.firstMachine[s]..<flow.firstMachine[s + 1] { mark.add(starts[machine]) }
      }
    }
    for k in kit { mark.add(k) }
    for b in buffers.indices {
      let buffer = buffers[b]
      mark.add(buffer.ready)
      mark.add(buffer.level)
      mark.add(buffer.takes)
      mark.add(buffer.waiting &* 4 &+ (buffer.lotIsUntold ? 2 : 0) &+ (buffer.isAnchored ? 1 : 0))
      mark.add(buffer.seen)
      if flow.source[b] != nil {
        mark.add(agenda[slot(.lot, b)])
        if !flow.isMeasured[b] { mark.add(buffer.lotEnd) }
      }
      // Those that travel are the level's rest.
      var rank = buffer.ready
      travels.forEach(b) { time in
        if mostTaken(from: b, before: time) > rank { mark.add(time) }
        rank += 1
      }
    }
    return mark.value
  }

  /// Says the same of where parts are.
  func isLike(_ other: Trajectory) -> Bool {
    for b in buffers.indices where buffers[b].level != other.buffers[b].level || buffers[b].isAnchored != other.buffers[b].isAnchored { return false }
    for s in stations.indices {
      let (a, b) = (stations[s], other.stations[s])
      guard a.finished == b.finished, a.rejected == b.rejected, a.inWork == b.inWork, a.held == b.held else { return false }
    }
    return kit == other.kit
  }

  /// More parts than this nobody can take before `time`: those who stand there take their next one when they have finished what they have, and
  /// then one in half a cycle.
  private func mostTaken(from b: Int, before time: Double) -> Int {
    var parts = 0
    for s in flow.consumers[b] {
      let next = stations[s].inWork > 0 && flow.machines[s] == 1 ? agenda[slot(.finish, s)] : clock
      guard next <= time else { continue }
      let pieces = Int((flow.fastest[s] * (time - next) + 1).rounded(.up))
      parts += pieces * flow.parts(of: b, in: s)
    }
    return parts
  }

  /// FNV-1a over whole words, stirred.
  private struct Mark {
    var value: UInt64 = 0xcbf2_9ce4_8422_2325
    mutating func add(_ word: Int) {
      value = (value ^ UInt64(bitPattern: Int64(word))) &* 0x0000_0100_0000_01b3
      value ^= value >> 29
    }
    mutating func add(_ time: Double) {
      value = (value ^ time.bitPattern) &* 0x9e37_79b9_7f4a_7c15
      value ^= value >> 32
    }
  }
}
