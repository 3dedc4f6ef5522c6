import Determinism
import Probability
import Simulation
import Testing

/// A random row of stations, with a source before it in half of the cases.
private func randomRow(_ dice: inout RandomStream, ties: Bool = false) -> LineSpec {
  let laws: [Law] =
    ties
    ? [.constant(1), .constant(2)]
    : [
      .exponential(mean: 1), .gamma(mean: 1, cv: 0.3), .gamma(mean: 1.1, cv: 1.5), .lognormal(mean: 0.9, cv: 0.6), .weibull(mean: 1, shape: 2),
      .uniform(low: 0.5, high: 1.5), .triangular(low: 0.2, mode: 1, high: 1.5),
    ]
  let machines = 1 + dice.integer(below: 6)
  var line = serial(
    (0..<machines).map { _ in laws[dice.integer(below: laws.count)] }, capacities: (0..<machines - 1).map { _ in dice.integer(below: 5) })
  for i in 0..<machines where !ties {
    if dice.chance(0.6) { line.stations[i].failure = StoppageSpec(interval: .weibull(mean: 20, shape: 1.5), length: .lognormal(mean: 4, cv: 1)) }
    if dice.chance(0.4) { line.stations[i].microstop = StoppageSpec(interval: .exponential(mean: 7), length: .gamma(mean: 0.6, cv: 0.5)) }
    if dice.chance(0.2) {
      var stop = StoppageSpec(interval: .exponential(mean: 30), length: .exponential(mean: 2))
      stop.name = "jam"
      line.stations[i].stoppages = [stop]
    }
  }
  if dice.chance(0.5) {
    let capacity = [0, 1, 7, 100_000, BufferSpec.unlimited][dice.integer(below: 5)]
    line.stations[0].inputs = [InputSpec(buffer: line.buffers.count, count: 1)]
    line.buffers.append(BufferSpec(name: "In", capacity: capacity, transit: 0))
    line.sources = [
      SourceSpec(
        name: "Depot", into: line.buffers.count - 1, lot: 1 + dice.integer(below: 4), interval: ties ? .constant(3) : .gamma(mean: 2, cv: 0.7))
    ]
  }
  return line
}

/// A figure that says where two results differ, all times within rounding; nil where they do not.
private func difference(_ a: LineResult, _ b: LineResult, scale: Double) -> String? {
  func close(_ x: Double, _ y: Double) -> Bool { (x - y).magnitude <= 1e-9 * scale }
  if a.good != b.good || a.events != b.events || a.curve != b.curve { return "good \(a.good) \(b.good), events \(a.events) \(b.events)" }
  if !zip(a.departures, b.departures).allSatisfy(close) { return "departures" }
  if !close(a.span, b.span) || !close(a.leadTime.mean, b.leadTime.mean) || !close(a.leadTime.most, b.leadTime.most) { return "lead time" }
  if a.balance != b.balance { return "balance \(a.balance) \(b.balance)" }
  if a.sources != b.sources { return "sources \(a.sources) \(b.sources)" }
  for (x, y) in zip(a.stations, b.stations) {
    if x.produced != y.produced || x.activePeriods != y.activePeriods { return "\(x) and \(y)" }
    for path in [\StateTimes.working, \.starved, \.blocked, \.failed, \.microstopped, \.closed]
    where !close(x.times[keyPath: path], y.times[keyPath: path]) {
      return "\(x) and \(y)"
    }
  }
  for (x, y) in zip(a.buffers, b.buffers) {
    if x.mostParts != y.mostParts || x.taken != y.taken || x.waited != y.waited { return "\(x) and \(y)" }
    if !close(x.meanLevel * a.span, y.meanLevel * a.span) || !close(x.meanWait, y.meanWait) { return "\(x) and \(y)" }
  }
  if a.final.levels != b.final.levels { return "levels \(a.final.levels) \(b.final.levels)" }
  for (x, y) in zip(a.final.stations, b.final.stations) {
    if !close(x.sinceFailure, y.sinceFailure) || !close(x.sinceMicrostop, y.sinceMicrostop) { return "\(x) and \(y)" }
    switch (x.condition, y.condition) {
    case (.idle, .idle), (.blocked, .blocked): break
    case (.working(let s), .working(let t)): if !close(s, t) { return "\(x) and \(y)" }
    case (.failed(let s, let p), .failed(let t, let q)), (.microstopped(let s, let p), .microstopped(let t, let q)):
      if !close(s, t) || p != q { return "\(x) and \(y)" }
    default: return "\(x) and \(y)"
    }
  }
  return nil
}

@Test func theMaxPlusPathGivesTheFiguresOfTheEvents() throws {
  for seed in 0..<150 as Range<UInt64> {
    var dice = RandomStream(seed: seed, "max-plus path")
    let line = randomRow(&dice)
    let simulation = try LineSimulation(line)
    #expect(simulation.obeysMaxPlus, "seed \(seed)")
    let warmUp = dice.chance(0.5) ? dice.uniform(5, 60) : 0
    let parts: Int? = dice.chance(0.4) ? 1 + dice.integer(below: 80) : nil
    let sampling: Sampling = dice.chance(0.2) ? .inverse(antithetic: dice.chance(0.5)) : .direct
    let recording = Recording(instants: [20, 50.5, 90], departures: true)
    func run(_ engine: LineSimulation.Choice) throws -> LineResult {
      try simulation.replicate(
        seed: seed, replication: 2, horizon: parts == nil ? 150 : 2000, parts: parts, warmUp: warmUp, recording: recording, engine: engine,
        sampling: sampling)
    }
    let events = try run(.events)
    let fast = try run(.maxPlus)
    #expect(fast.engine == .maxPlus && events.engine == .events)
    #expect(difference(events, fast, scale: 1000) == nil, "seed \(seed), warm-up \(warmUp), parts \(parts ?? 0)")
    #expect(try run(.automatic) == fast)
  }
}

/// With equal times everywhere the order of what happens at one instant is free; throughput and state times are not.
@Test func bothPathsAgreeWhereMuchHappensAtOnce() throws {
  for seed in 0..<40 as Range<UInt64> {
    var dice = RandomStream(seed: seed, "max-plus ties")
    let simulation = try LineSimulation(randomRow(&dice, ties: true))
    let recording = Recording(departures: true)
    let events = try simulation.replicate(seed: seed, horizon: 99.5, warmUp: 10.5, recording: recording, engine: .events)
    let fast = try simulation.replicate(seed: seed, horizon: 99.5, warmUp: 10.5, recording: recording, engine: .maxPlus)
    #expect(events.departures == fast.departures && events.good == fast.good && events.leadTime.mean == fast.leadTime.mean, "seed \(seed)")
    for (x, y) in zip(events.stations, fast.stations) { #expect(x.times == y.times, "seed \(seed)") }
    #expect(events.meanLevels == fast.meanLevels, "seed \(seed)")
  }
}

@Test func linesThatDoNotObeyAreRunByEvents() throws {
  let changes: [(inout LineSpec) -> Void] = [
    { $0.stations[0].scrap = 0.1 }, { $0.stations[0].closures = [ClosureSpec(start: 3, end: 4)] }, { $0.stations[1].machines = 2 },
    { $0.buffers[0].transit = 2 }, { $0.stations[1].inputs[0].count = 2 }, { $0.stations[0].batch = BatchSpec(least: 1, most: 2) },
    { $0.stations[1].routing = .chance([BranchSpec(buffer: nil, share: 1)]) },
    {
      $0.stations[1].failure = StoppageSpec(interval: .constant(9), length: .constant(1))
      $0.stations[1].failure!.clock = .calendar
    },
  ]
  for (k, change) in changes.enumerated() {
    var line = serial([.constant(1), .constant(1), .constant(2)], capacities: [2, 3])
    change(&line)
    if k == 5 {
      line.stations[0].inputs = [InputSpec(buffer: 2, count: 1)]
      line.buffers.append(BufferSpec(name: "In", capacity: 9, transit: 0))
      line.sources = [SourceSpec(name: "D", into: 2, lot: 1, interval: .constant(1))]
    }
    let simulation = try LineSimulation(line)
    #expect(!simulation.obeysMaxPlus, "change \(k)")
    #expect(try simulation.replicate(seed: 1, horizon: 50).engine == .events)
    #expect { try simulation.replicate(seed: 1, horizon: 50, engine: .maxPlus) } throws: {
      if case .noMaxPlus(let reasons) = $0 as? SimulationError { !reasons.isEmpty } else { false }
    }
  }
}
