/// How parts move.
extension Trajectory {
  func isFull(_ b: Int) -> Bool { buffers[b].level >= flow.capacity[b] }

  mutating func put(_ b: Int) {
    buffers[b].puts += 1
    move(b, 1)
    if flow.transit[b] > 0 {
      if blur > Trajectory.resolution { buffers[b].blurredPut = Blur(at: clock, half: blur, step: 1) }
      let arrival = clock + flow.transit[b]
      travels.append(to: b, arrival: arrival)
      if agenda[slot(.arrival, b)] == .infinity { agenda[slot(.arrival, b)] = arrival }
    } else {
      buffers[b].ready += 1
      wake(flow.consumers[b])
    }
  }

  mutating func arrive(_ b: Int, _ evidence: Evidence) {
    // What was put off to when a neighbour tells of it is known by that.
    blur = clock > travels.next(b) + 1e-6 ? Trajectory.resolution : arrivalBlur(b, travels.next(b))
    if blur > Trajectory.resolution, let later = awaited(b, evidence) {
      agenda[slot(.arrival, b)] = later
      return
    }
    travels.removeFirst(b)
    buffers[b].ready += 1
    buffers[b].arrived = Blur(at: clock, half: blur, step: 1)
    agenda[slot(.arrival, b)] = travels.next(b)
    wake(flow.consumers[b])
    settle(evidence)
  }

  mutating func take(_ b: Int, _ evidence: Evidence) {
    buffers[b].ready -= 1
    buffers[b].takes += 1
    moveOut(b)
    fillUp(b, evidence)
    wake(flow.producers[b])
  }

  /// A source's waiting parts go in while there is room.
  mutating func fillUp(_ b: Int, _ evidence: Evidence) {
    guard buffers[b].waiting > 0 else { return }
    while buffers[b].waiting > 0, !isFull(b) {
      buffers[b].waiting -= 1
      put(b)
    }
    if buffers[b].waiting == 0 {
      buffers[b].lotEnd = clock
      planLot(b, evidence)
    }
  }

  /// Of several stations at one buffer, the one that has waited longest is served first.
  mutating func wake(_ waiting: [Int]) {
    let from = queue.count
    for s in waiting {
      var k = queue.count
      queue.append(s)
      while k > from, stations[queue[k - 1]].lastFinish > stations[s].lastFinish {
        queue.swapAt(k - 1, k)
        k -= 1
      }
    }
  }

  /// Everything that can move, moves: in the order in which it became possible.
  mutating func settle(_ evidence: Evidence) {
    var next = 0
    while next < queue.count {
      settle(queue[next], evidence)
      next += 1
    }
    queue.removeAll(keepingCapacity: true)
  }

  private mutating func settle(_ s: Int, _ evidence: Evidence) {
    if let b = flow.output[s] {
      while stations[s].held > 0, !isFull(b) {
        stations[s].held -= 1
        put(b)
      }
    }
    var began = false
    while stations[s].inWork + stations[s].held < flow.machines[s], collect(s, evidence) {
      start(s)
      begins(s, evidence)
      began = true
    }
    if began { plan(s, evidence) } else if stations[s].inWork == 0 { planAlarm(s, evidence) }
  }

  /// Takes what has arrived for the next piece; true when it is complete.
  private mutating func collect(_ s: Int, _ evidence: Evidence) -> Bool {
    let inputs = flow.inputs(of: s)
    for k in inputs {
      while kit[k] < flow.inputCount[k] {
        let b = flow.inputBuffer[k]
        if buffers[b].ready <= 0 {
          guard flow.isUncounted[b], goesOn(s, evidence) else { return false }
          buffers[b].ready += 1
          buffers[b].adjusted += 1
        }
        kit[k] += 1
        take(b, evidence)
      }
    }
    return !inputs.isEmpty
  }

  /// Whether the machine, which needs parts of which nobody tells, is not told to wait: then it has got them.
  private mutating func goesOn(_ s: Int, _ evidence: Evidence) -> Bool {
    let states = evidence.states[s]
    guard states.state(at: clock)?.isWaiting != true else { return false }
    let end = min(clock + 1.5 * (evidence.hesitations[s].seconds ?? 0) + 0.5, evidence.horizon)
    return states.firstWait(after: clock, upTo: end, evenIfUntold: false) == nil
  }

  mutating func start(_ s: Int) {
    for k in flow.inputs(of: s) { kit[k] = 0 }
    starts[flow.firstMachine[s] + stations[s].inWork] = clock
    stations[s].inWork += 1
    stations[s].isStartKnown = stations[s].lastFinish == clock ? stations[s].wasDated : true
  }

  /// The oldest piece in work is finished.
  mutating func complete(_ s: Int, isRejected: Bool, isKept: Bool, _ evidence: Evidence) {
    let first = flow.firstMachine[s]
    if evidence.learns, stations[s].isDueKnown, stations[s].isStartKnown, flow.machines[s] == 1 {
      cycles.append((s, evidence.states[s].worked(from: starts[first], to: clock)))
    }
    for k in 1..<max(stations[s].inWork, 1) { starts[first + k - 1] = starts[first + k] }
    starts[first + max(stations[s].inWork, 1) - 1] = 0
    stations[s].inWork -= 1
    stations[s].finished += 1
    stations[s].wasDated = stations[s].isDueKnown
    stations[s].open = nil
    stations[s].lastFinish = clock
    if isRejected {
      stations[s].rejected += 1
      stations[s].lastReject = clock
      if let b = flow.rejects[s], isKept, !isFull(b) { put(b) }
    } else if flow.output[s] != nil {
      stations[s].held += 1
    }
    plan(s, evidence)
    queue.append(s)
    settle(evidence)
  }

  /// A count that came since says less than was taken for finished without a message: that piece is still in work.
  mutating func takeBack(_ s: Int, _ evidence: Evidence) {
    let counts = evidence.counts[s]
    let i = counts.raw.firstIndex(after: clock) - 1
    guard i >= 0, flow.machines[s] == 1, counts.totals[i] < stations[s].finished, counts.time(i) > stations[s].lastFinish
    else { return }
    weight -= Trajectory.surprise
    let last = stations[s].lastFinish
    while stations[s].finished > counts.totals[i] {
      if stations[s].inWork > 0 { apply(.unstart(station: s), evidence) }
      stations[s].finished -= 1
      if stations[s].held > 0 {
        stations[s].held -= 1
      } else if let b = flow.output[s] {
        apply(.unput(station: s), evidence)
        stations[s].held = 0
        fillUp(b, evidence)
      }
      stations[s].inWork = 1
    }
    starts[flow.firstMachine[s]] = last - evidence.cycles[s].mean
    (stations[s].wasDated, stations[s].isStartKnown, stations[s].credit) = (true, false, 0)
    notes.append(.init(law: .takenBack, place: .station(s), parts: -1, from: last, to: counts.time(i)))
    for k in flow.inputs(of: s) { wake(flow.consumers[flow.inputBuffer[k]]) }
    settle(evidence)
  }

  mutating func bringLot(_ b: Int, _ evidence: Evidence) {
    agenda[slot(.lot, b)] = .infinity
    guard let source = flow.source[b] else { return }
    buffers[b].waiting += flow.layout.sources[source].lot
    buffers[b].lotIsUntold = true
    fillUp(b, evidence)
    settle(evidence)
  }

  /// Changes of contents for which no rule of motion accounts.
  enum Change {
    case parts(buffer: Int, Int)
    /// The piece in work was not taken yet.
    case unstart(station: Int)
    /// The piece last put away is still in the machine.
    case unput(station: Int)
  }

  mutating func apply(_ change: Change, _ evidence: Evidence) {
    switch change {
    case .parts(let b, let n):
      buffers[b].adjusted += n
      if n > 0 {
        buffers[b].ready += n
      } else {
        // Those that have arrived go first: what is still travelling was counted a moment ago.
        let arrived = min(-n, max(buffers[b].ready, 0))
        buffers[b].ready -= arrived
        let rest = travels.removeLast(-n - arrived, b)
        agenda[slot(.arrival, b)] = travels.next(b)
        buffers[b].ready -= -n - arrived - rest
      }
      wake(n > 0 ? flow.consumers[b] : flow.producers[b])
      if n < 0 { fillUp(b, evidence) }
      settle(evidence)
    case .unstart(let s):
      guard stations[s].inWork > 0 else { return }
      stations[s].inWork -= 1
      for k in flow.inputs(of: s) {
        buffers[flow.inputBuffer[k]].ready += flow.inputCount[k]
        buffers[flow.inputBuffer[k]].takes -= flow.inputCount[k]
      }
      starts[flow.firstMachine[s] + stations[s].inWork] = 0
      (stations[s].open, stations[s].credit) = (nil, 0)
      agenda[slot(.finish, s)] = .infinity
    case .unput(let s):
      guard let b = flow.output[s], buffers[b].level > 0 else { return }
      buffers[b].puts -= 1
      if travels.removeLast(1, b) == 0 { buffers[b].ready -= 1 }
      agenda[slot(.arrival, b)] = travels.next(b)
      stations[s].held += 1
    }
  }
}
