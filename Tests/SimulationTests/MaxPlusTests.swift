import Determinism
import Probability
import Simulation
import Testing

/// Departures of a serial line by the max-plus recursion, from the same streams but with no event list:
/// fin(i, n) = max(D(i−1, n), D(i, n−1)) + S(i, n);  D(i, n) = max(fin(i, n), D(i+1, n − capacity(i) − 1)),
/// where S is the work with the stops that fall into it, by operating time. D(−1, n) is when a part enters: at 0, or with its lot, as
/// far as there is room: max(lot, D(−1, n−1), D(0, n − capacity − 1)).
private func maxPlus(_ line: LineSpec, seed: UInt64, replication: Int, parts: Int) -> [Double] {
  let m = line.stations.count
  let root = RandomStream(seed: seed).split("replication").split(replication)
  func stream(_ i: Int, _ purpose: String) -> RandomStream { root.split("station").split(line.stations[i].name).split(purpose) }
  struct Stops {
    var interval: LawSource
    var length: LawSource
    var left: Double
  }
  struct LawSource {
    let law: Law
    var stream: RandomStream
    mutating func next() -> Double { law.sample(&stream) }
  }
  func stops(_ spec: StoppageSpec?, _ i: Int, _ a: String, _ b: String) -> Stops? {
    guard let spec else { return nil }
    var interval = LawSource(law: spec.interval, stream: stream(i, a))
    let first = interval.next()
    return Stops(interval: interval, length: LawSource(law: spec.length, stream: stream(i, b)), left: first)
  }
  var cycles = (0..<m).map { LawSource(law: line.stations[$0].cycle, stream: stream($0, "cycle")) }
  var failures = (0..<m).map { stops(line.stations[$0].failure, $0, "failure", "repair") }
  var microstops = (0..<m).map { stops(line.stations[$0].microstop, $0, "microstop", "microstop length") }
  func spent(_ work: Double, _ stops: inout Stops?) -> Double {
    guard stops != nil else { return 0 }
    var lost = 0.0
    stops!.left -= work
    while stops!.left < 0 {
      lost += stops!.length.next()
      stops!.left += stops!.interval.next()
    }
    return lost
  }
  var interval = line.sources.first.map { LawSource(law: $0.interval, stream: root.split("source").split($0.name).split("interval")) }
  var lot = interval?.next() ?? 0
  var entered = 0.0
  var d = [[Double]](repeating: [], count: m)
  for n in 0..<parts {
    if let source = line.sources.first {
      let room = n - line.buffers[source.into].capacity - 1
      entered = max(entered, lot, room >= 0 ? d[0][room] : 0)
      if n % source.lot == source.lot - 1 { lot = entered + interval!.next() }
    }
    for i in 0..<m {
      let work = cycles[i].next()
      let s = work + spent(work, &failures[i]) + spent(work, &microstops[i])
      let fin = max(i > 0 ? d[i - 1][n] : entered, n > 0 ? d[i][n - 1] : 0) + s
      let room = i < m - 1 ? n - line.buffers[i].capacity - 1 : -1
      d[i].append(max(fin, room >= 0 ? d[i + 1][room] : 0))
    }
  }
  return d[m - 1]
}

/// The sharpest test of the kernel: every part of every line leaves when the recursion says, whatever the laws.
@Test func everyPartOfASerialLineLeavesWhenTheMaxPlusRecursionSays() throws {
  let cycleLaws: [Law] = [
    .constant(1), .exponential(mean: 1), .gamma(mean: 1, cv: 0.3), .gamma(mean: 1.1, cv: 1.5), .lognormal(mean: 0.9, cv: 0.6),
    .weibull(mean: 1, shape: 2), .uniform(low: 0.5, high: 1.5), .triangular(low: 0.2, mode: 1, high: 1.5), .empirical([0.5, 1, 1, 2]),
  ]
  for seed in 0..<40 as Range<UInt64> {
    var dice = RandomStream(seed: seed, "max-plus")
    let machines = 1 + dice.integer(below: 7)
    var line = serial(
      (0..<machines).map { _ in cycleLaws[dice.integer(below: cycleLaws.count)] },
      capacities: (0..<machines - 1).map { _ in dice.integer(below: 5) })
    for i in 0..<machines {
      if dice.chance(0.6) { line.stations[i].failure = StoppageSpec(interval: .weibull(mean: 20, shape: 1.5), length: .lognormal(mean: 4, cv: 1)) }
      if dice.chance(0.4) { line.stations[i].microstop = StoppageSpec(interval: .exponential(mean: 7), length: .gamma(mean: 0.6, cv: 0.5)) }
    }
    if seed % 2 == 1 {
      line.stations[0].inputs = [InputSpec(buffer: machines - 1, count: 1)]
      line.buffers.append(BufferSpec(name: "In", capacity: dice.integer(below: 4), transit: 0))
      line.sources = [
        SourceSpec(
          name: "Depot", into: machines - 1, lot: 1 + dice.integer(below: 3), interval: Law.weibull(mean: 1.5, shape: 1.3))
      ]
    }
    let simulation = try LineSimulation(line)
    let result = try simulation.replicate(
      seed: seed, replication: 3, horizon: 700, recording: Recording(departures: true), engine: seed % 4 < 2 ? .events : .maxPlus)
    #expect(result.departures.count > 80 && result.departures.count == result.good)
    let exact = maxPlus(line, seed: seed, replication: 3, parts: result.departures.count)
    let worst = zip(result.departures, exact).map { ($0 - $1).magnitude }.max()!
    #expect(worst < 1e-9 * 700, "seed \(seed): a part leaves \(worst) s off")
  }
}
