import Determinism
import Estimation
import Probability

/// Mines a `CaseModel` and the state of the open cases from what was known at an instant.
struct CaseMiner {
  let log: TracedLog
  /// Seconds since 1970 up to which the log was seen.
  let now: Double
  let overall: WeeklyProfile
  let profiles: [WeeklyProfile]
  let pools: [Pool]
  let poolOf: [Int?]
  private let quantities: [QuantityEffect?]
  /// Events going on now, by pool.
  private let underway: [Int]

  init(_ events: EventLog, now: Double) throws(MiningError) {
    let log = try TracedLog(events)
    (self.log, self.now) = (log, now)
    guard log.traces.count >= 3 else { throw .tooFewCases(log.traces.count, needed: 3) }
    var starts = Array(repeating: [Double](), count: log.activities.count)
    for trace in log.traces { for step in trace.steps { starts[step.activity].append(step.start) } }
    // A log shorter than two weeks says little about the hours of a week; one shorter than a day, nothing.
    let days = (now - log.start) / 86_400
    let strength = days < 7 ? Double.infinity : 168
    let whole = strength.isInfinite ? WeeklyProfile.uniform : WeeklyProfile(of: starts.flatMap(\.self), strength: strength / 2)
    overall = whole
    profiles = starts.map { strength.isInfinite ? .uniform : WeeklyProfile(of: $0, prior: whole, strength: strength / 2) }
    let (pools, poolOf) = Self.minePools(log)
    (self.pools, self.poolOf) = (pools, poolOf)
    var underway = pools.map { _ in 0 }
    for step in log.traces.flatMap(\.steps) where step.complete == nil { if let pool = poolOf[step.activity] { underway[pool] += 1 } }
    self.underway = underway
    quantities = Self.mineQuantities(events, log)
  }

  func mine() -> CaseModel {
    let gaps = gaps()
    let activities = log.activities.indices.map { i in
      CaseModel.Activity(
        name: log.activities[i], duration: log.hasDurations ? LawChoice.choose(durations(i)) : nil, profile: profiles[i], pool: poolOf[i],
        quantity: quantities[i])
    }
    var ended = log.traces.map { _ in 0.5 }
    var model = CaseModel(
      activities: activities, routing: routing(ended), waits: waits(gaps), arrivals: arrivals(), pools: pools, cases: log.traces.count,
      events: log.traces.reduce(0) { $0 + $1.steps.count })
    // Whether a silent case has ended depends on the waits, and the waits on which cases are open: a few rounds of expectation and fit.
    for round in 0..<5 {
      if round > 0 {
        ended = log.traces.map { chanceOfEnd($0, model) }
        model.routing = routing(ended)
      }
      model.waits.sources = waitsFrom(gaps, ended)
    }
    return model
  }

  private func routing(_ ended: [Double]) -> RoutingModel {
    var steps: [RoutingModel.Step] = []
    for (trace, end) in zip(log.traces, ended) {
      var walk = CaseWalk(log.activities.count)
      for step in trace.steps {
        steps.append(.init(context: walk.context, next: step.activity, weight: 1))
        walk.do(step.activity)
      }
      if trace.steps.allSatisfy({ $0.complete != nil }) { steps.append(.init(context: walk.context, next: log.activities.count, weight: end)) }
    }
    return RoutingModel(activityCount: log.activities.count, steps: steps)
  }

  /// The lengths of an activity; what was still going on is cut off now.
  private func durations(_ activity: Int) -> [LifetimeFit.Observation] {
    log.traces.flatMap(\.steps).filter { $0.activity == activity }.map { step in
      step.complete.map { LifetimeFit.Observation($0 - step.start) } ?? LifetimeFit.Observation(max(now - step.start, 1), complete: false)
    }
  }

  /// P(the case has ended | its silence) = p/(p + (1 − p)·S), p its chance to end after what it has done, S the chance of so long a wait.
  func chanceOfEnd(_ trace: CaseTrace, _ model: CaseModel) -> Double {
    guard let last = trace.steps.last, trace.steps.allSatisfy({ $0.complete != nil }) else { return 0 }
    var walk = CaseWalk(log.activities.count)
    for step in trace.steps { walk.do(step.activity) }
    let chances = model.routing.chances(walk.context)
    let p = chances[model.routing.end]
    let since = trace.steps.reduce(0) { max($0, $1.complete ?? 0) }
    let idle = overall.elapsed(from: since, to: now)
    let kind = model.waits.sources[last.activity]
    // A case may stand in the queue of a pool that is fully busy, however long it has been silent.
    let queued = chances.indices.dropLast().reduce(0.0) { $0 + (isFull(poolOf[$1]) ? chances[$1] : 0) } / max(1 - p, 1e-12)
    let longer = (1 - kind.immediateShare) * (kind.law?.law.survival(idle) ?? 0) + queued * kind.immediateShare
    return p <= 0 ? 0 : p / (p + (1 - p) * longer)
  }

  /// Whether cases queue for a pool, and all of it is at work now.
  func isFull(_ pool: Int?) -> Bool {
    guard let pool, pools[pool].isBottleneck else { return false }
    return underway[pool] >= pools[pool].capacity
  }

  private func arrivals() -> ArrivalModel {
    let first = log.traces.map { $0.steps[0].start }
    // A case that was already under way shows up within a usual wait: leave out as long as nine in ten gaps within cases last.
    var gaps: [Double] = []
    for trace in log.traces { for (a, b) in zip(trace.steps, trace.steps.dropFirst()) { gaps.append(b.start - (a.complete ?? a.start)) } }
    gaps.sort()
    let usual = gaps.isEmpty ? 0 : gaps[gaps.count * 9 / 10]
    let from = log.start + min(max(usual, 0), (now - log.start) / 4)
    let counted = first.filter { $0 > from }
    let profile = now - log.start < 7 * 86_400 ? WeeklyProfile.uniform : WeeklyProfile(of: first, prior: overall, strength: 84)
    let exposure = max(profile.elapsed(from: from, to: now), 1)
    // Windows of one operational day where the log has some, else a twentieth of it.
    let window = exposure > 10 * 86_400 ? 86_400 : exposure / 20
    var counts = Array(repeating: 0.0, count: max(Int(exposure / window), 1))
    for t in counted {
      let i = Int(profile.elapsed(from: from, to: t) / window)
      if i < counts.count { counts[i] += 1 }
    }
    let mean = counts.reduce(0, +) / Double(counts.count)
    let variance = counts.count > 1 ? counts.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(counts.count - 1) : mean
    return ArrivalModel(
      profile: profile, cases: counted.count, exposure: exposure, dispersion: mean > 0 && window == 86_400 ? max(variance / mean, 1) : 1,
      countedFrom: from)
  }
}

/// What a case has behind it while one walks along its steps.
struct CaseWalk {
  private(set) var context = RoutingModel.Context.beginning
  private var visits: [Int]

  init(_ activityCount: Int) { visits = Array(repeating: 0, count: activityCount) }

  mutating func `do`(_ activity: Int) {
    visits[activity] += 1
    context = context.after(activity, visits: visits[activity])
  }
}
