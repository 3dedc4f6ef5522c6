import Determinism
import EventKernel
import Probability

/// One model and state, simulated forward many times: each replication draws what is believed of the model once, then the luck of each case.
struct CaseRun {
  /// What one replication gave. Instants are seconds since 1970.
  struct Outcome {
    /// For each open case of the state: when it ends; nil where it had ended before.
    var open: [Double?]
    /// For each case that came later, and before the horizon: when its first activity began, and when it ended.
    var new: [(arrived: Double, ended: Double)]
  }

  let model: CaseModel
  let state: CaseState
  /// New cases come until here.
  let horizon: Double
  /// A case that has not ended here is given up at this instant.
  let limit: Double
  private var routing: RoutingTable

  init(_ model: CaseModel, _ state: CaseState, horizon: Double, limit: Double) {
    (self.model, self.state, self.horizon, self.limit) = (model, state, horizon, limit)
    routing = RoutingTable(model.routing)
  }

  /// - Parameter stream: that of the replication.
  mutating func replicate(_ stream: RandomStream) -> Outcome {
    routing.restart()
    var beliefs = stream.split("beliefs")
    var replication = CaseReplication(self, &beliefs)
    return replication.run(stream, &routing)
  }
}

/// The state of one replication.
private struct CaseReplication {
  private struct Live {
    var arrived: Double
    var context: RoutingModel.Context
    var visits: [Int]
    /// The case's own slowness, standard normal.
    var slowness: Double
    /// What it does, or is about to do.
    var activity = -1
    var ended: Double?
    var absent = false
  }
  private static let ready = EventKind(code: 0, priority: 1)
  private static let complete = EventKind(code: 1, priority: 0)

  private let run: CaseRun
  private let waits: WaitDraws
  private let durations: [Law?]
  private let rate: Double
  private var beliefs: RandomStream
  private var lives: [Live] = []
  private var busy: [Int]
  private var queues: [[Int]]
  private var chance: RandomStream

  init(_ run: CaseRun, _ beliefs: inout RandomStream) {
    self.run = run
    waits = WaitDraws(run.model.waits, &beliefs)
    durations = run.model.activities.map { $0.duration?.draw(&beliefs) }
    let cases = Double(max(run.model.arrivals.cases, 1))
    rate = Law.gamma(mean: cases, cv: 1 / cases.squareRoot()).sample(&beliefs) / run.model.arrivals.exposure
    self.beliefs = beliefs.split("routing")
    busy = run.model.pools.map { _ in 0 }
    queues = run.model.pools.map { _ in [] }
    chance = beliefs.split("chance")
  }

  mutating func run(_ stream: RandomStream, _ routing: inout RoutingTable) -> CaseRun.Outcome {
    let now = run.state.now
    chance = stream.split("cases")
    var arrivals = stream.split("arrivals")
    let coming = arrivalTimes(&arrivals)
    var calendar = EventCalendar(slots: run.state.open.count + coming.count)
    for (i, open) in run.state.open.enumerated() { place(open, i, &calendar, &routing) }
    for t in coming {
      let i = lives.count
      lives.append(
        Live(arrived: t, context: .beginning, visits: Array(repeating: 0, count: run.model.activities.count), slowness: chance.normal()))
      let first = pick(routing.drawn(.beginning, &beliefs).dropLast())
      lives[i].activity = first
      calendar.schedule(i, at: t - now, Self.ready)
    }
    while true {
      let event = calendar.next
      let time = event.time + now
      guard time < run.limit else { break }
      calendar.cancel(event.slot)
      if event.code == Self.ready.code { isReady(event.slot, time, &calendar) } else { completes(event.slot, time, &calendar, &routing) }
    }
    let n = run.state.open.count
    return CaseRun.Outcome(
      open: lives[..<n].map { $0.absent ? nil : $0.ended ?? run.limit },
      new: lives[n...].filter { $0.context.last != nil && $0.arrived <= run.horizon }.map { ($0.arrived, $0.ended ?? run.limit) })
  }

  /// The instants at which new cases come, day by operational day.
  private mutating func arrivalTimes(_ stream: inout RandomStream) -> [Double] {
    let model = run.model.arrivals
    var times: [Double] = []
    var day = 0.0
    let whole = model.profile.elapsed(from: run.state.now, to: run.horizon)
    while day < whole {
      let mean = rate * 86_400
      let cv = mean > 0 ? ((model.dispersion - 1) / mean).squareRoot() : 0
      let wavering = cv > 1e-6 ? Law.gamma(mean: 1, cv: cv).sample(&stream) : 1
      var t = 0.0
      while rate * wavering > 0 {
        t += stream.exponential() / (rate * wavering)
        guard t < 86_400, day + t < whole else { break }
        times.append(model.profile.advance(run.state.now, by: day + t))
      }
      day += 86_400
    }
    return times
  }

  private mutating func pick(_ weights: some Collection<Double>) -> Int {
    var left = chance.uniform() * weights.reduce(0, +)
    for (i, weight) in weights.enumerated() {
      left -= weight
      if left <= 0, weight > 0 { return i }
    }
    return weights.count - 1
  }

  // MARK: The start

  /// Takes an open case over as it stands now.
  private mutating func place(_ open: CaseState.OpenCase, _ i: Int, _ calendar: inout EventCalendar, _ routing: inout RoutingTable) {
    let now = run.state.now
    lives.append(Live(arrived: open.arrived, context: open.context, visits: open.visits, slowness: 0))
    let r = waits.correlation
    let n = Double(open.scoreCount)
    let (mean, deviation) = (r.squareRoot() * open.scoreSum / (1 - r + n * r), ((1 - r) / (1 - r + n * r)).squareRoot())
    lives[i].slowness = mean + deviation * chance.normal()
    if let activity = open.underway {
      lives[i].activity = activity
      if let pool = run.model.activities[activity].pool { busy[pool] += 1 }
      let left = durations[activity]?.sampleResidual(after: now - open.underwaySince, &chance) ?? 0
      calendar.schedule(i, at: left, Self.complete)
      return
    }
    if chance.uniform() < open.chanceOfEnd {
      lives[i].absent = true
      return
    }
    // What comes next, given that the wait for it is longer than the silence so far.
    let chances = routing.drawn(open.context, &beliefs).dropLast()
    var (scores, queued) = (Array(repeating: 0.0, count: chances.count), Array(repeating: 0.0, count: chances.count))
    var weights = Array(chances)
    for b in weights.indices where weights[b] > 0 {
      let drawn = waits[open.context.last, b]
      let idle = run.model.activities[b].profile.elapsed(from: open.idleSince, to: now)
      if let law = drawn.law { scores[b] = max(law.normalScore(idle), -8) }
      let alone = (scores[b] - r.squareRoot() * lives[i].slowness) / (1 - r).squareRoot()
      let longer = drawn.law == nil ? 0 : Normal.survival(alone) * (1 - drawn.immediateShare)
      queued[b] = isFull(b) ? drawn.immediateShare : 0
      weights[b] *= longer + queued[b] + 1e-9
      queued[b] /= longer + queued[b] + 1e-9
    }
    guard weights.contains(where: { $0 > 0 }) else {
      lives[i].absent = true
      return
    }
    let b = pick(weights)
    lives[i].activity = b
    if chance.uniform() < queued[b] { return calendar.schedule(i, at: 0, Self.ready) }
    // The rest of the score, drawn above what has passed.
    let alone = (scores[b] - r.squareRoot() * lives[i].slowness) / (1 - r).squareRoot()
    let tail = max(Normal.survival(alone) * chance.uniform(), 1e-12)
    let score = r.squareRoot() * lives[i].slowness - (1 - r).squareRoot() * Normal.quantile(tail)
    let profile = run.model.activities[b].profile
    let start = waits[open.context.last, b].law.map { profile.advance(open.idleSince, by: $0.value(atScore: score)) } ?? now
    calendar.schedule(i, at: max(start - now, 0), Self.ready)
  }

  private func isFull(_ activity: Int) -> Bool {
    guard let pool = run.model.activities[activity].pool, run.model.pools[pool].isBottleneck else { return false }
    return busy[pool] >= run.model.pools[pool].capacity
  }

  // MARK: Events

  private mutating func isReady(_ i: Int, _ time: Double, _ calendar: inout EventCalendar) {
    let activity = lives[i].activity
    if isFull(activity) {
      queues[run.model.activities[activity].pool!].append(i)
    } else {
      begin(i, time, time, &calendar)
    }
  }

  /// Begins work that may have begun before now: an overlap.
  private mutating func begin(_ i: Int, _ start: Double, _ time: Double, _ calendar: inout EventCalendar) {
    let activity = lives[i].activity
    if let pool = run.model.activities[activity].pool { busy[pool] += 1 }
    // A log sees a case from its first start on, not from when it began to queue.
    if lives[i].context.last == nil { lives[i].arrived = start }
    lives[i].visits[activity] += 1
    lives[i].context = lives[i].context.after(activity, visits: lives[i].visits[activity])
    let length = durations[activity]?.sample(&chance) ?? 0
    calendar.schedule(i, at: max(start + length, time) - run.state.now, Self.complete)
  }

  private mutating func completes(_ i: Int, _ time: Double, _ calendar: inout EventCalendar, _ routing: inout RoutingTable) {
    if let pool = run.model.activities[lives[i].activity].pool {
      busy[pool] -= 1
      if run.model.pools[pool].isBottleneck, !queues[pool].isEmpty { begin(queues[pool].removeFirst(), time, time, &calendar) }
    }
    let from = lives[i].context.last
    let next = pick(routing.drawn(lives[i].context, &beliefs))
    if next == run.model.routing.end {
      lives[i].ended = time
      return
    }
    lives[i].activity = next
    let drawn = waits[from, next]
    let immediate = chance.uniform()
    let score = waits.correlation.squareRoot() * lives[i].slowness + (1 - waits.correlation).squareRoot() * chance.normal()
    guard immediate >= drawn.immediateShare, let law = drawn.law else {
      let gap = drawn.immediate.isEmpty ? 0 : drawn.immediate[chance.integer(below: drawn.immediate.count)]
      if isFull(next) || run.model.activities[next].pool.map({ run.model.pools[$0].isBottleneck }) == true {
        calendar.schedule(i, at: time - run.state.now, Self.ready)
      } else {
        begin(i, time + gap, time, &calendar)
      }
      return
    }
    let start = run.model.activities[next].profile.advance(time, by: law.value(atScore: score))
    calendar.schedule(i, at: start - run.state.now, Self.ready)
  }
}
