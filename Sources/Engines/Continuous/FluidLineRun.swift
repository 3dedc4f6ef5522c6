import Determinism
import Probability

extension FluidLine {
  /// Runs the line from its start levels, all machines up and as new: rates change at events alone and levels are straight in between, so the run
  /// is exact but for rounding.
  ///
  /// Machine `name` draws its up times from `RandomStream(seed:).split("replication").split(r).split("station").split(name).split("failure")` and its
  /// repairs from `….split("repair")`: what happens to one machine does not depend on the others' laws.
  ///
  /// - Parameters:
  ///   - warmUp: time before the observation; `horizon`: time observed.
  ///   - eventLimit: more events than that are taken for a mistake.
  /// - Throws: `invalid` with all faults; `tooManyEvents`.
  public func run(seed: UInt64, replication: Int = 0, warmUp: Double = 0, horizon: Double, eventLimit: Int = 1_000_000_000)
    throws(ContinuousError) -> FluidLineResult
  {
    var faults = self.faults
    if !(warmUp.isFinite && warmUp >= 0) { faults.append("the warm-up \(warmUp) must be finite and not negative") }
    if !(horizon.isFinite && horizon > 0) { faults.append("the horizon \(horizon) must be finite and positive") }
    if !faults.isEmpty { throw .invalid(faults) }
    var run = FluidLineRun(self, stream: RandomStream(seed: seed).split("replication").split(replication).split("station"))
    if warmUp > 0 {
      try run.advance(by: warmUp, eventLimit: eventLimit)
      run.forget()
    }
    try run.advance(by: horizon, eventLimit: eventLimit)
    return run.result()
  }
}

/// One replication: the part that moves.
struct FluidLineRun {
  private struct Unit {
    let rate: Double
    var failure: Failure?
    var isUp = true
    /// To the next failure on its clock, or to the end of the repair.
    var remaining = Double.infinity
    var speed = 0.0
    var activity = Activity.working
  }
  /// The laws of a failing machine, ready to draw.
  private struct Failure {
    let isCalendar: Bool
    let up: LawSampler
    let down: LawSampler
    let upValues: [Double]
    let downValues: [Double]
    var failures: RandomStream
    var repairs: RandomStream

    mutating func drawUp() -> Double { up.sample(&failures) { upValues[$0] } }
    mutating func drawDown() -> Double { down.sample(&repairs) { downValues[$0] } }
  }
  private enum Activity { case working, slowed, starved, blocked, failed }

  private var units: [Unit] = []
  private let capacities: [Double]
  private let source: Double
  private let sink: Double
  private var levels: [Double]
  private var areas: [Double]
  private var totals: FluidLineResult

  init(_ line: FluidLine, stream: RandomStream) {
    capacities = line.tanks.map(\.capacity)
    levels = line.tanks.map(\.level)
    areas = Array(repeating: 0, count: line.tanks.count)
    (source, sink) = (line.sourceRate ?? .infinity, line.sinkRate ?? .infinity)
    let n = line.machines.count
    totals = FluidLineResult(
      produced: Array(repeating: 0, count: n), times: Array(repeating: .init(), count: n), failures: Array(repeating: 0, count: n),
      meanLevels: areas, finalLevels: levels)
    for machine in line.machines {
      let own = stream.split(machine.name)
      let failure = machine.failure.map {
        Failure(
          isCalendar: $0.clock == .calendar, up: LawSampler($0.up), down: LawSampler($0.down), upValues: FluidLineRun.values($0.up),
          downValues: FluidLineRun.values($0.down), failures: own.split("failure"), repairs: own.split("repair"))
      }
      units.append(Unit(rate: machine.rate, failure: failure))
      renew(units.count - 1)
    }
    assignSpeeds()
  }

  /// Begins the observation anew from where the line stands.
  mutating func forget() {
    let events = totals.eventCount
    for i in areas.indices { areas[i] = 0 }
    totals = FluidLineResult(
      produced: units.map { _ in 0 }, times: units.map { _ in .init() }, failures: units.map { _ in 0 }, meanLevels: areas, finalLevels: levels)
    totals.eventCount = events
  }

  /// From event to event until the interval is over.
  mutating func advance(by interval: Double, eventLimit: Int) throws(ContinuousError) {
    var left = interval
    while left > 0 {
      let wait = min(timeToNextEvent(), left)
      move(by: wait)
      left -= wait
      if left > 0 {
        totals.eventCount += 1
        if totals.eventCount > eventLimit { throw .tooManyEvents(limit: eventLimit, at: totals.duration) }
      }
    }
  }

  func result() -> FluidLineResult {
    var result = totals
    result.finalLevels = levels
    for i in areas.indices { result.meanLevels[i] = areas[i] / totals.duration }
    return result
  }

  // MARK: - Time

  private func timeToEvent(ofUnit i: Int) -> Double {
    let unit = units[i]
    guard unit.isUp, let failure = unit.failure, !failure.isCalendar else { return unit.remaining }
    return unit.speed > 0 ? unit.remaining * (unit.rate / unit.speed) : .infinity
  }

  private func timeToEvent(ofTank i: Int) -> Double {
    let net = units[i].speed - units[i + 1].speed
    if net > 0 { return (capacities[i] - levels[i]) / net }
    return net < 0 ? levels[i] / -net : .infinity
  }

  private func timeToNextEvent() -> Double {
    var wait = Double.infinity
    for i in units.indices { wait = min(wait, timeToEvent(ofUnit: i)) }
    for i in levels.indices { wait = min(wait, timeToEvent(ofTank: i)) }
    return wait
  }

  /// Lets `wait` pass, at most the time to the next event, and handles what happens then.
  private mutating func move(by wait: Double) {
    for i in levels.indices {
      let net = units[i].speed - units[i + 1].speed
      let before = levels[i]
      // A tank that is due ends on its limit exactly: "full" and "empty" are equalities from here on.
      if net != 0 && timeToEvent(ofTank: i) <= wait {
        levels[i] = net > 0 ? capacities[i] : 0
      } else {
        levels[i] = min(max(before + net * wait, 0), capacities[i])
      }
      areas[i] += 0.5 * (before + levels[i]) * wait
    }
    totals.duration += wait
    for i in units.indices {
      count(i, wait)
      let due = timeToEvent(ofUnit: i)
      if due <= wait {
        units[i].isUp.toggle()
        if units[i].isUp { renew(i) } else { fail(i) }
      } else if due < .infinity {
        let isCalendar = !units[i].isUp || units[i].failure?.isCalendar == true
        units[i].remaining = max(units[i].remaining - (isCalendar ? wait : wait * (units[i].speed / units[i].rate)), 0)
      }
    }
    assignSpeeds()
  }

  private mutating func count(_ i: Int, _ wait: Double) {
    totals.produced[i] += units[i].speed * wait
    switch units[i].activity {
    case .working: totals.times[i].working += wait
    case .slowed: totals.times[i].slowed += wait
    case .starved: totals.times[i].starved += wait
    case .blocked: totals.times[i].blocked += wait
    case .failed: totals.times[i].failed += wait
    }
  }

  // MARK: - Failures

  /// As new: the next failure is drawn.
  private mutating func renew(_ i: Int) {
    if let duration = units[i].failure?.drawUp() { units[i].remaining = duration }
  }

  private mutating func fail(_ i: Int) {
    if let duration = units[i].failure?.drawDown() { units[i].remaining = duration }
    totals.failures[i] += 1
  }

  private static func values(_ law: Law) -> [Double] {
    if case .empirical(let values) = law { values } else { [] }
  }

  // MARK: - Speeds

  /// The greatest speeds that the tanks allow: vᵢ ≤ rᵢ, vᵢ ≤ vᵢ₋₁ behind an empty tank, vᵢ ≤ vᵢ₊₁ before a full one.
  ///
  /// One pass down and one up find them: what the way up lowers cannot starve anyone who is not lowered as well.
  private mutating func assignSpeeds() {
    var inflow = source
    for i in units.indices {
      let own = units[i].isUp ? units[i].rate : 0
      units[i].speed = min(own, inflow)
      units[i].activity = !units[i].isUp ? .failed : units[i].speed == 0 ? .starved : .working
      inflow = i < levels.count && levels[i] <= 0 ? units[i].speed : .infinity
    }
    var outflow = sink
    for i in units.indices.reversed() {
      if outflow < units[i].speed {
        units[i].speed = outflow
        if outflow == 0 { units[i].activity = .blocked }
      }
      if units[i].activity == .working && units[i].speed < units[i].rate { units[i].activity = .slowed }
      outflow = i > 0 && levels[i - 1] >= capacities[i - 1] ? units[i].speed : .infinity
    }
  }
}
