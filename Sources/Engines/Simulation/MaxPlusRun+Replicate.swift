import EventKernel

/// A whole replication by the recursion, with the same figures as `LineRun` gives.
extension MaxPlusRun {
  static func replicate(
    _ compiled: CompiledLine, _ plan: MaxPlusLine, seed: UInt64, replication: Int, horizon: Double, parts: Int?, warmUp: Double,
    recording: Recording, sampling: Sampling, eventBudget: Int
  ) throws(SimulationError) -> LineResult {
    var run = MaxPlusRun(
      compiled, plan, seed: seed, replication: replication, recording: recording, sampling: sampling, warmUp: warmUp, end: horizon)
    var start = Totals(stages: run.stages.count)
    var warm = Beyond(warmUp, stages: run.stages.count)
    var isWarm = warmUp == 0
    var hasForgotten = isWarm
    var last: Beyond?
    repeat {
      let leave = run.advance()
      if !isWarm {
        if leave > warmUp {
          if !hasForgotten { run.tally.forget() }
          hasForgotten = true
          run.note(&warm)
        }
        if run.isBeyond(warmUp) {
          isWarm = true
          start = run.totals(without: warm)
          run.raiseLevels(to: warm.levels)
        }
      }
      if leave <= run.end && last == nil {
        run.count(leavingAt: leave)
        if leave > warmUp && run.tally.good == parts ?? .max { (run.end, last) = (leave, Beyond(leave, stages: run.stages.count)) }
      } else {
        if last == nil { last = Beyond(run.end, stages: run.stages.count) }
        run.note(&last!)
      }
      if run.part > eventBudget / run.stages.count { throw .tooManyEvents(budget: eventBudget, at: leave) }
    } while !run.isBeyond(run.end)
    return run.finish(last ?? Beyond(run.end, stages: run.stages.count), start, warmUp: warmUp, seed: seed, replication: replication)
  }

  /// Whether all that later parts do lies beyond an instant.
  private func isBeyond(_ instant: Double) -> Bool { stages[0].departed > instant && (!hasSource || entered > instant) }

  /// A part leaves the line within the span.
  private mutating func count(leavingAt instant: Double) {
    while curve.count < recording.instants.count && recording.instants[curve.count] < instant { curve.append(tally.goodSoFar) }
    tally.leave(Part(entered: hasSource ? entered : visit(0).started), at: instant)
    if recording.departures { noted.append(instant) }
  }

  /// What has been summed up to an instant.
  struct Totals {
    var sums: [StageSums]
    var delivered = 0
    var lots = 0
    /// Stations that were in a spell of activity, which goes on after the instant.
    var active: [Bool] = []
    /// Parts in buffers and stations at the instant.
    var inLine = 0
    init(stages: Int) { sums = [StageSums](repeating: StageSums(), count: stages) }
  }

  private func totals(without beyond: Beyond) -> Totals {
    var totals = Totals(stages: stages.count)
    for k in 0..<stages.count {
      var sums = stages[k].sums
      (sums.taken, sums.produced, sums.stopsEnded, sums.waitsOfTaken) = (part, part, sums.stops, sums.waits)
      totals.sums[k] = sums - beyond.sums[k]
    }
    totals.active = beyond.states.map {
      switch $0?.condition {
      case .working, .failed, .microstopped: true
      default: false
      }
    }
    totals.inLine = beyond.levels.reduce(0, +) + beyond.states.count { $0.map { $0.condition != .idle } ?? false }
    totals.delivered = part - beyond.entered
    totals.lots = lots - beyond.lots + (hasSource && lotLeft == 0 && lotDue <= beyond.instant ? 1 : 0)
    return totals
  }

  private mutating func finish(_ beyond: Beyond, _ start: Totals, warmUp: Double, seed: UInt64, replication: Int) -> LineResult {
    while curve.count < recording.instants.count { curve.append(tally.goodSoFar) }
    let span = beyond.instant - warmUp
    let all = totals(without: beyond)
    let line = compiled.line
    var balance = PartBalance()
    (balance.before, balance.after) = (start.inLine, all.inLine)
    if hasSource { balance.delivered = all.delivered - start.delivered } else { balance.made = all.sums[0].taken - start.sums[0].taken }
    balance.left = tally.good
    var stations = [StationResult?](repeating: nil, count: line.stations.count)
    var buffers: [BufferResult] = line.buffers.map { BufferResult(name: $0.name, meanLevel: 0, mostParts: 0, taken: 0, waited: 0, meanWait: 0) }
    var final = LineState.empty(line)
    var events = all.lots
    for (k, s) in plan.stations.enumerated() {
      let sums = all.sums[k] - start.sums[k]
      let times = StateTimes(
        working: sums.working, starved: sums.starved, blocked: sums.blocked, failed: sums.failed, microstopped: sums.microstopped, closed: 0)
      let wasActive = warmUp > 0 && start.active[k]
      stations[s] = StationResult(
        name: line.stations[s].name, produced: sums.produced, rejected: 0, times: times, activePeriods: sums.starts + (wasActive ? 1 : 0),
        energy: line.stations[s].power.map { $0.energy(of: times) })
      final.stations[s] = beyond.states[k] ?? StationState(condition: .idle)
      events += all.sums[k].produced + all.sums[k].stops + all.sums[k].stopsEnded
      let b = plan.buffers[k]
      guard b >= 0 else { continue }
      final.levels[b] = beyond.levels[k]
      buffers[b] = BufferResult(
        name: line.buffers[b].name, meanLevel: sums.waits / span, mostParts: stages[k].peak, taken: sums.taken, waited: sums.waited,
        meanWait: sums.taken > 0 ? sums.waitsOfTaken / Double(sums.taken) : 0)
    }
    return LineResult(
      seed: seed, replication: replication, span: span, good: tally.good, scrapped: 0, escapes: 0, stations: stations.map { $0! }, buffers: buffers,
      sources: line.sources.map { SourceResult(name: $0.name, delivered: all.delivered - start.delivered, lost: 0) },
      leadTime: tally.leadTime.spread, products: [], orders: [], crews: line.crews.map { CrewResult(name: $0.name, utilisation: 0) }, transports: [],
      cardLoops: [], curve: curve, departures: noted, final: final, balance: balance, deadlock: nil, events: events,
      memory: stages.bytes + modes.bytes + dice.bytes + works.bytes + departures.bytes, trace: nil, engine: .maxPlus)
  }
}
