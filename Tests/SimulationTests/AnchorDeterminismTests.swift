import Determinism
import OutputAnalysis
import Probability
import Simulation
import Testing

/// A number for a whole result: any bit of any time or count that differs gives another.
func fingerprint(_ result: LineResult) -> UInt64 {
  var hash: UInt64 = 0xcbf2_9ce4_8422_2325
  func add(_ word: UInt64) { hash = StableHash.mix(hash ^ word) }
  func add(_ x: Double) { add(x.bitPattern) }
  func add(_ n: Int) { add(UInt64(bitPattern: Int64(n))) }
  for n in [result.good, result.scrapped, result.escapes, result.events, result.balance.after, result.balance.merged, result.balance.split] { add(n) }
  for x in [result.span, result.leadTime.mean, result.leadTime.deviation, result.leadTime.least, result.leadTime.most] { add(x) }
  for station in result.stations {
    let t = station.times
    for x in [t.working, t.starved, t.blocked, t.failed, t.microstopped, t.closed, t.setup, t.maintenance, t.waiting] { add(x) }
    for n in [station.produced, station.rejected, station.reworked, station.setups, station.activePeriods] { add(n) }
  }
  for buffer in result.buffers {
    for x in [buffer.meanLevel, buffer.meanWait] { add(x) }
    for n in [buffer.mostParts, buffer.taken, buffer.waited] { add(n) }
  }
  for source in result.sources { add(source.delivered * 1_000_003 + source.lost) }
  for order in result.orders { add(order.completed ?? -1) }
  for crew in result.crews { add(crew.utilisation) }
  for way in result.transports { add(way.busy) }
  for loop in result.cardLoops { add(loop.meanInUse) }
  for time in result.departures { add(time) }
  return hash
}

private let tenMachines = exponentialLine(10, capacity: 10, mttf: 100)

private func unreliable(_ laws: [Law]) -> LineSpec {
  serial(
    laws, capacities: laws.dropFirst().map { _ in 3 },
    failure: StoppageSpec(interval: .weibull(mean: 60, shape: 1.5), length: .lognormal(mean: 5, cv: 1)),
    microstop: StoppageSpec(interval: .gamma(mean: 9, cv: 0.7), length: .triangular(low: 0.1, mode: 0.3, high: 1)))
}

private let everyLaw: [Law] = [
  .constant(1), .exponential(mean: 1), .gamma(mean: 1, cv: 0.3), .gamma(mean: 1.1, cv: 1.5), .lognormal(mean: 0.9, cv: 0.6),
  .weibull(mean: 1, shape: 2), .uniform(low: 0.5, high: 1.5), .triangular(low: 0.2, mode: 1, high: 1.5), .empirical([0.5, 1, 1, 2]),
]

/// Recorded once. They are the same in debug and in release, on one core and on two; a change of any of them is a change of the model.
@Test func recordedTrajectoriesComeAgainToTheBit() throws {
  func run(_ line: LineSpec, _ engine: LineSimulation.Choice, _ sampling: Sampling = .direct) throws -> UInt64 {
    fingerprint(
      try LineSimulation(line).replicate(
        seed: 7, replication: 2, horizon: 1500, warmUp: 100, recording: Recording(departures: true), engine: engine, sampling: sampling))
  }
  let runs = [
    try run(tenMachines, .events), try run(tenMachines, .maxPlus), try run(unreliable(everyLaw), .events), try run(unreliable(everyLaw), .maxPlus),
    try run(unreliable(everyLaw), .events, .inverse(antithetic: true)),
  ]
  #expect(
    runs == [18_886_421_219_548_089, 5_863_781_438_965_852_626, 291_989_924_964_330_009, 14_988_609_709_239_460_278, 7_116_920_311_726_188_376])
  // Every feature is on in one or the other of these.
  var all: UInt64 = 0
  var count = 0
  for seed in 0..<80 as Range<UInt64> {
    var random = RandomLines(seed: seed)
    guard let simulation = try? LineSimulation(random.line()) else { continue }
    count += 1
    all = StableHash.mix(all ^ fingerprint(try simulation.replicate(seed: seed, horizon: 100, recording: Recording(departures: true))))
  }
  #expect(count > 50)
  #expect(all == 7_903_874_244_361_691_908)
}

@Test func twoThreadsGiveTheResultsOfOne() throws {
  for line in [tenMachines, unreliable(everyLaw)] {
    let simulation = try LineSimulation(line)
    for engine in [LineSimulation.Choice.events, .maxPlus] {
      let one = try Replications.run(simulation, seed: 5, count: 9, horizon: 400, warmUp: 50, engine: engine)
      let two = try Replications.run(simulation, seed: 5, count: 9, horizon: 400, warmUp: 50, engine: engine, spreading: TwoThreads())
      #expect(one == two)
    }
  }
  let one = try Replications.run(tenMachines, until: .relative(0.03), of: { $0.throughput }, minimum: 5, maximum: 30, seed: 5, horizon: 400)
  let two = try Replications.run(
    tenMachines, until: .relative(0.03), of: { $0.throughput }, minimum: 5, maximum: 30, seed: 5, horizon: 400, spreading: TwoThreads())
  #expect(one.replications == two.replications && one.isPrecise == two.isPrecise)
}

/// Each purpose of each station has its own stream, addressed by name: what is added to a line leaves the luck of all the rest as it was.
@Test func whatIsAddedLeavesTheLuckOfTheRest() throws {
  var base = unreliable([.gamma(mean: 1, cv: 0.4), .lognormal(mean: 0.8, cv: 0.5), .exponential(mean: 0.7)])
  for b in base.buffers.indices { base.buffers[b].capacity = BufferSpec.unlimited }
  for s in base.stations.indices { base.stations[s].scrap = 0.1 }
  base.products = [ProductSpec(name: "One")]
  base.stations[0].inputs = [InputSpec(buffer: 2, count: 1)]
  base.buffers.append(BufferSpec(name: "In", capacity: BufferSpec.unlimited, transit: 0))
  base.sources = [SourceSpec(name: "Depot", into: 2, lot: 2, interval: .gamma(mean: 3, cv: 0.6))]
  base.sources[0].mix = [1]
  let before = try simulate(line: base, seed: 3, horizon: 800)
  func check(_ what: String, stations: Int = 3, _ change: (inout LineSpec) -> Void) throws {
    var line = base
    change(&line)
    let after = try simulate(line: line, seed: 3, horizon: 800)
    #expect(Array(after.stations.prefix(stations)) == Array(before.stations.prefix(stations)), "\(what): stations")
    #expect(after.sources[0] == before.sources[0], "\(what): sources")
    // Buffers before the stations that are compared.
    for b in stations == 3 ? [2, 0, 1] : [2, 0] { #expect(after.buffers[b] == before.buffers[b], "\(what): buffer \(b)") }
    if stations == 3 { #expect(after.final.stations.prefix(3) == before.final.stations.prefix(3), "\(what): final states") }
  }
  try check("a station behind") {
    $0.stations[2].output = 3
    $0.buffers.append(BufferSpec(name: "More", capacity: BufferSpec.unlimited, transit: 0))
    $0.stations.append(StationSpec(name: "M4", inputs: [InputSpec(buffer: 3, count: 1)], output: nil, cycle: .exponential(mean: 0.5)))
  }
  try check("a product that nobody makes") {
    $0.products.append(ProductSpec(name: "Two"))
    $0.sources[0].mix = [1, 0]
  }
  try check("a further stop of the last station", stations: 2) {
    var stop = StoppageSpec(interval: .exponential(mean: 20), length: .exponential(mean: 2))
    stop.name = "Jam"
    $0.stations[2].stoppages = [stop]
  }
  try check("a further stop that never comes") {
    var stop = StoppageSpec(interval: .constant(1e9), length: .exponential(mean: 2))
    stop.name = "Never"
    for s in 0..<3 { $0.stations[s].stoppages = [stop] }
  }
  try check("another source, and a station for it") {
    $0.buffers.append(BufferSpec(name: "Apart", capacity: 5, transit: 0))
    $0.stations.append(StationSpec(name: "Alone", inputs: [InputSpec(buffer: 3, count: 1)], output: nil, cycle: .exponential(mean: 1)))
    $0.sources.append(SourceSpec(name: "Other", into: 3, lot: 1, interval: .exponential(mean: 1)))
  }
  try check("people whom nobody needs") { $0.crews = [CrewSpec(name: "Idle", count: 2, skills: ["watch"])] }
}

/// A pair of antithetic runs scatters less than two independent ones.
@Test func antitheticPairsScatterLess() throws {
  func reduction(_ line: LineSpec, pairs: Int, horizon: Double, warmUp: Double, _ figure: (LineResult) -> Double) throws -> Double {
    let simulation = try LineSimulation(line)
    func run(_ antithetic: Bool) throws -> [Double] {
      try Replications.run(
        simulation, seed: 11, count: pairs, horizon: horizon, warmUp: warmUp, sampling: .inverse(antithetic: antithetic)
      ).results.map(figure)
    }
    return AntitheticPairs(try run(false), try run(true)).varianceReduction
  }
  let queue = try reduction(queue(arrivals: .exponential(mean: 2), service: .exponential(mean: 1)), pairs: 120, horizon: 300, warmUp: 20) {
    $0.leadTime.mean
  }
  let line = try reduction(tenMachines, pairs: 60, horizon: 600, warmUp: 100) { $0.throughput }
  #expect(queue > 1.15 && line > 1.15, "variance falls by \(queue) and \(line)")
}
