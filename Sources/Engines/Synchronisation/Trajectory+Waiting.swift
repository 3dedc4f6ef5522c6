import Determinism

/// What a machine says of a history by waiting, and by going on.
extension Trajectory {
  mutating func readState(_ s: Int, _ evidence: Evidence, _ others: inout [Trajectory]) {
    defer { planState(s, evidence) }
    guard flow.machines[s] == 1 else { return }
    if stations[s].inWork > 0, evidence.isHesitating(s, at: clock) { return putRight(waiting: s, evidence, &others) }
    guard evidence.states[s].state(at: clock)?.isWaiting ?? false else { return goOn(s, evidence) }
    if stations[s].inWork > 0 {
      let began = starts[flow.firstMachine[s]]
      guard evidence.states[s].worked(from: began, to: clock) > 1 else { return }
      return putRight(waiting: s, evidence, &others)
    }
    if evidence.states[s].repeatedOffBeat(at: clock).map({ stations[s].lastFinish < $0 }) ?? false {
      // It has told so before: it must have worked since, or it would not have told so again.
      weight -= Trajectory.surprise
    }
    if contradictsDelay(s, evidence) { weight -= Trajectory.surprise }
    // What it waits for is now known.
    if stations[s].held > 0 {
      if let b = flow.output[s] { buffers[b].isAnchored = true }
    } else if let b = missingInput(s) {
      buffers[b].isAnchored = true
      // What it waits for, it will be told to have got.
      for p in flow.producers[b] where stations[p].open != nil { plan(p, evidence) }
    }
  }

  /// Whether the machine, which always tells so the same time after its last piece, tells now that it waits though it finished none then.
  private func contradictsDelay(_ s: Int, _ evidence: Evidence) -> Bool {
    let states = evidence.states[s]
    guard let delay = evidence.hesitations[s].seconds, states.heartbeats.contains(clock) == false,
      let began = states.begin(ofStateBefore: clock), stations[s].lastFinish > began
    else { return false }
    return abs(clock - delay - stations[s].lastFinish) > 0.01
  }

  /// Who is told to wait, and begins a piece, tells that it goes on, if the message comes through. Who waits already, though it has not told so yet,
  /// begins none.
  mutating func begins(_ s: Int, _ evidence: Evidence) {
    if evidence.isHesitating(s, at: clock) { agenda[slot(.state, s)] = clock }
    guard flow.machines[s] == 1, evidence.states[s].state(at: clock - 0.01)?.isWaiting == true,
      evidence.states[s].waits(from: clock - 0.01, through: clock + slack(s, evidence), horizon: evidence.horizon)
    else { return }
    weight += Portable.log(evidence.path.silence(age: max(evidence.horizon - clock, 0)))
  }

  /// Seconds by which the instant may be off at which a neighbour lets a machine go on.
  private func slack(_ s: Int, _ evidence: Evidence) -> Double {
    var most = 0.0
    for k in flow.inputs(of: s) { for p in flow.producers[flow.inputBuffer[k]] { most = max(most, evidence.cycles[p].deviation) } }
    if let b = flow.output[s] { for c in flow.consumers[b] { most = max(most, evidence.cycles[c].deviation) } }
    return 0.5 * most + 0.01
  }

  /// A machine that waited is told to go on: it begins a piece now.
  private mutating func goOn(_ s: Int, _ evidence: Evidence) {
    if flow.machines[s] == 1, stations[s].inWork > 0, evidence.states[s].heartbeats.contains(clock) == false,
      clock - starts[flow.firstMachine[s]] > slack(s, evidence)
    {
      // It would have told so then.
      weight -= Trajectory.surprise / 2
      return
    }
    // What is told on the beat may be told again, and the piece be done already.
    guard stations[s].inWork == 0, stations[s].held == 0, evidence.states[s].heartbeats.contains(clock) == false, let b = missingInput(s) else {
      return
    }
    if flow.isUncounted[b] {
      queue.append(s)
      return settle(evidence)
    }
    // Lots come when they come.
    guard flow.source[b] == nil else { return }
    let arrival = travels.next(b)
    if arrival < .infinity {
      if arrival - clock > nearby(b, evidence) { weight -= Trajectory.surprise / 2 }
      // Now, it is known when.
      buffers[b].blurredPut = Blur()
      arrive(b, evidence)
    } else {
      weight -= Trajectory.surprise
    }
  }

  /// Seconds by which the middle of a part of the law of an arrival may be off.
  private func nearby(_ b: Int, _ evidence: Evidence) -> Double {
    0.5 * flow.producers[b].reduce(0.0) { max($0, evidence.cycles[$1].deviation) }
  }

  /// Who waits for the part that arrives now is told to go on only a moment later: then it arrives, by what is told.
  func awaited(_ b: Int, _ evidence: Evidence) -> Double? {
    guard flow.consumers[b].count == 1, let c = flow.consumers[b].first, flow.machines[c] == 1, stations[c].inWork == 0, stations[c].held == 0,
      missingInput(c) == b, let told = evidence.states[c].resumption(after: clock, upTo: evidence.horizon),
      told - clock < nearby(b, evidence), evidence.states[c].heartbeats.contains(told) == false
    else { return nil }
    return told
  }

  func missingInput(_ s: Int) -> Int? {
    for k in flow.inputs(of: s) where kit[k] < flow.inputCount[k] { return flow.inputBuffer[k] }
    return nil
  }

  /// The machine waits, yet has a piece by what is counted: its input is empty, or its output full. The fewer parts have to be put in or taken out
  /// for it, and the less is known of that buffer, the likelier; the other explanation is followed too.
  private mutating func putRight(waiting s: Int, _ evidence: Evidence, _ others: inout [Trajectory]) {
    func cost(_ b: Int, _ parts: Int) -> Double {
      // What a source fills uncounted may be empty at any time.
      if flow.isUncounted[b] { return Trajectory.surprise + 1.5 }
      return buffers[b].isAnchored ? Trajectory.surprise + 1.5 * Double(parts + (flow.isMeasured[b] ? 3 : 0)) : 2
    }
    func emptying(_ b: Int) -> Double { cost(b, max(buffers[b].ready, 0) + flow.parts(of: b, in: s)) }
    let input = flow.inputBuffer[flow.inputs(of: s)].min { emptying($0) < emptying($1) }!
    let starved = emptying(input)
    // The piece last put away would still be in the machine.
    guard let b = flow.output[s], stations[s].finished > 0 else { return starve(s, of: input, cost: starved, evidence) }
    let blocked = cost(b, flow.capacity[b] - buffers[b].level + 1)
    var other = self
    if starved <= blocked {
      starve(s, of: input, cost: starved, evidence)
      other.block(s, by: b, cost: blocked, evidence)
    } else {
      block(s, by: b, cost: blocked, evidence)
      other.starve(s, of: input, cost: starved, evidence)
    }
    if other.weight > evidence.floor { others.append(other) }
  }

  private mutating func starve(_ s: Int, of b: Int, cost: Double, _ evidence: Evidence) {
    weight -= cost
    apply(.unstart(station: s), evidence)
    let surplus = max(buffers[b].ready, 0)
    notes.append(.init(law: .starvedOrBlocked, place: .buffer(b), parts: -surplus, from: clock, to: clock))
    buffers[b].isAnchored = true
    apply(.parts(buffer: b, -surplus), evidence)
    queue.append(s)
    settle(evidence)
    plan(s, evidence)
  }

  private mutating func block(_ s: Int, by b: Int, cost: Double, _ evidence: Evidence) {
    weight -= cost
    apply(.unstart(station: s), evidence)
    apply(.unput(station: s), evidence)
    let missing = flow.capacity[b] - buffers[b].level
    notes.append(.init(law: .starvedOrBlocked, place: .buffer(b), parts: missing, from: clock, to: clock))
    buffers[b].isAnchored = true
    apply(.parts(buffer: b, missing), evidence)
    settle(evidence)
    plan(s, evidence)
  }
}
