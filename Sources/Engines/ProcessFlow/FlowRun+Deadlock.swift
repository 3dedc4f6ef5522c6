import EventKernel

extension FlowRun {
  /// The processes that can never go on, or nil where there are none.
  ///
  /// Who waits for time can go on. Who waits for units can go on if one that holds some of them can, or a shift may bring more. Who may be
  /// interrupted, or waits for items, signals or members, can go on while anything at all is pending. What is left waits for itself.
  ///
  /// - Parameter isQuiet: whether those that wait for items, signals or members at the end of everything are as they should be.
  func stuck(isQuiet: Bool = false) -> [WaitingProcess]? {
    let nothingPending = calendar.next.time == .infinity
    var canGoOn = [Bool](repeating: false, count: used)
    var isUnits = [Bool](repeating: false, count: used)
    var open: [Int] = []
    for i in 0..<used {
      let phase = instances[i].phase
      isUnits[i] = phase == .preempted || (phase == .waiting && code[Int(instances[i].pc)].op == .seize)
      switch phase {
      case .absent, .ready, .delayed, .member: canGoOn[i] = true
      default:
        if instances[i].slot >= 0 || (!nothingPending && (!isUnits[i] || handlers[Int(instances[i].pc)] >= 0)) {
          canGoOn[i] = true
        } else {
          open.append(i)
        }
      }
    }
    if open.isEmpty { return nil }
    // A resource gives units once one of its holders can go on.
    var gives = [Bool](repeating: false, count: resourceCount)
    for r in 0..<resourceCount { gives[r] = program.resources[r].shifts.count > 1 }
    var moved = true
    while moved {
      moved = false
      for i in 0..<used where canGoOn[i] && instances[i].phase != .absent && instances[i].heldTotal > 0 {
        for r in 0..<resourceCount where held[i &* resourceCount &+ r] > 0 { gives[r] = true }
      }
      var left: [Int] = []
      for i in open {
        if isUnits[i] && gives[resource(awaitedBy: i)] { (canGoOn[i], moved) = (true, true) } else { left.append(i) }
      }
      open = left
    }
    var waits: [WaitingProcess] = []
    for i in open where (!isQuiet || isUnits[i]) && waits.count < 100 { waits.append(describe(i)) }
    return waits.isEmpty ? nil : waits
  }

  /// All processes that wait, at most a thousand.
  func waiting() -> [WaitingProcess] {
    var waits: [WaitingProcess] = []
    for i in 0..<used where waits.count < 1000 {
      switch instances[i].phase {
      case .waiting, .preempted, .batching: waits.append(describe(i))
      default: break
      }
    }
    return waits
  }

  /// A process that was preempted waits in a line that its own statement does not tell.
  private func resource(awaitedBy i: Int) -> Int {
    if instances[i].phase == .waiting { return Int(code[Int(instances[i].pc)].a) }
    let line = lines[Int(instances[i].node)].queue
    for r in 0..<resourceCount where resources[r].line == line { return r }
    preconditionFailure("a preempted process waits for no resource")
  }

  private func describe(_ i: Int) -> WaitingProcess {
    var holders: [String] = []
    if instances[i].phase == .preempted || code[Int(instances[i].pc)].op == .seize {
      let r = resource(awaitedBy: i)
      for k in 0..<used where instances[k].phase != .absent && held[k &* resourceCount &+ r] > 0 && holders.count < 10 { holders.append(name(of: k)) }
    }
    return WaitingProcess(process: name(of: i), place: place(of: i), heldBy: holders)
  }
}
