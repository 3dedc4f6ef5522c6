import EventKernel

/// What the last parts add beyond an instant.
struct Beyond {
  let instant: Double
  /// By station, what lies after the instant.
  var sums: [StageSums]
  /// What each station is doing at the instant, with its part.
  var states: [StationState?]
  var levels: [Int]
  /// Parts and lots that come from the source after it.
  var entered = 0
  var lots = 0

  init(_ instant: Double, stages: Int) {
    self.instant = instant
    sums = [StageSums](repeating: StageSums(), count: stages)
    states = [StationState?](repeating: nil, count: stages)
    levels = [Int](repeating: 0, count: stages)
  }

  /// Of the span from `a` to `b`, the seconds after the instant.
  func after(_ a: Double, _ b: Double) -> Double { max(0, b - max(a, instant)) }

  func holds(_ a: Double, _ b: Double) -> Bool { a <= instant && instant < b }
}

extension MaxPlusRun {
  /// Adds what the part just sent through did after an instant.
  mutating func note(_ beyond: inout Beyond) {
    if hasSource && entered > beyond.instant { beyond.entered += 1 }
    if lotBegan > beyond.instant { beyond.lots += 1 }
    var stop = 0
    for k in 0..<stages.count {
      let stage = visit(k)
      beyond.sums[k].starved += beyond.after(stage.free, stage.started)
      beyond.sums[k].blocked += beyond.after(stage.finished, stage.departed)
      beyond.sums[k].waits += beyond.after(stage.arrived, stage.started)
      if stage.started > beyond.instant {
        beyond.sums[k].taken += 1
        beyond.sums[k].waitsOfTaken += stage.started - stage.arrived
        if stage.started > stage.arrived { beyond.sums[k].waited += 1 }
        if stage.started > stage.finishedBefore { beyond.sums[k].starts += 1 }
      }
      if stage.finished > beyond.instant { beyond.sums[k].produced += 1 }
      if beyond.holds(stage.arrived, stage.started) { beyond.levels[k] += 1 }
      noteWork(k, stage, &stop, &beyond)
    }
  }

  /// When the last part was where at a station.
  struct Visit {
    var arrived: Double
    var started: Double
    var finished: Double
    var departed: Double
    /// When the station was free for it, and had finished the part before.
    var free: Double
    var finishedBefore: Double
  }

  func visit(_ k: Int) -> Visit {
    let free = part > 1 ? departure(of: part - 2, from: k) : 0
    let arrived = k > 0 ? stages[k - 1].departed : hasSource ? entered : free
    return Visit(
      arrived: arrived, started: max(arrived, free), finished: stages[k].finished, departed: stages[k].departed, free: free,
      finishedBefore: stages[k].finishedBefore)
  }

  /// Walks through what the station did about the part: waits for it, works, stops, holds it.
  private mutating func noteWork(_ k: Int, _ stage: Visit, _ stop: inout Int, _ beyond: inout Beyond) {
    var worked = 0.0
    var now = stage.started
    var operated = stages[k].operated
    let firstStop = stop
    while stop < stops.count && stops[stop].stage == k { stop += 1 }
    let own = stops[firstStop..<stop]
    // Operating seconds when the part was begun.
    if let first = own.first { operated = first.operated - first.after } else { operated -= stage.finished - stage.started }
    if beyond.holds(stage.free, stage.started) { beyond.states[k] = state(.idle, k, operated, own) }
    for s in own {
      let from = now + s.after - worked
      noteSpell(now, from, k, operated + worked, worked, own, &beyond)
      let isFailure = modes[s.mode].account == Machine.Account.failed
      let after = beyond.after(from, from + s.length)
      if isFailure { beyond.sums[k].failed += after } else { beyond.sums[k].microstopped += after }
      if from > beyond.instant { beyond.sums[k].stops += 1 }
      if from + s.length > beyond.instant { beyond.sums[k].stopsEnded += 1 }
      if beyond.holds(from, from + s.length) {
        let elapsed = beyond.instant - from
        var state = state(
          isFailure ? .failed(elapsed: elapsed, holdsPart: true) : .microstopped(elapsed: elapsed, holdsPart: true), k, operated + s.after, own)
        if s.mode == stages[k].firstMode { state.sinceFailure = 0 }
        if s.mode == stages[k].firstMode + 1 { state.sinceMicrostop = 0 }
        beyond.states[k] = state
      }
      worked = s.after
      now = from + s.length
    }
    noteSpell(now, stage.finished, k, operated + worked, worked, own, &beyond)
    if beyond.holds(stage.finished, stage.departed) { beyond.states[k] = state(.blocked, k, operated + worked + stage.finished - now, own) }
  }

  /// A spell of work from `a` to `b`, begun after `worked` seconds on the part and `operated` of the machine.
  private mutating func noteSpell(
    _ a: Double, _ b: Double, _ k: Int, _ operated: Double, _ worked: Double, _ own: ArraySlice<Stop>, _ beyond: inout Beyond
  ) {
    beyond.sums[k].working += beyond.after(a, b)
    guard beyond.holds(a, b) else { return }
    let ahead = beyond.instant - a
    beyond.states[k] = state(.working(elapsed: worked + ahead), k, operated + ahead, own)
  }

  private mutating func state(_ condition: StationState.Condition, _ k: Int, _ operated: Double, _ own: ArraySlice<Stop>) -> StationState {
    StationState(condition: condition, sinceFailure: age(0, k, operated, own), sinceMicrostop: age(1, k, operated, own))
  }

  /// Operating seconds since the last stop of a kind, when the machine had operated for so long.
  private mutating func age(_ kind: Int, _ k: Int, _ operated: Double, _ own: ArraySlice<Stop>) -> Double {
    let mode = stages[k].firstMode + kind
    guard modes[mode].interval >= 0 else { return 0 }
    let from = own.first { $0.mode == mode && $0.operated > operated }?.from ?? modes[mode].from
    return max(0, operated - from)
  }
}
