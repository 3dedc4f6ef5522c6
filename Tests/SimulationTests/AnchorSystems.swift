import Probability
import Simulation

/// A system with exact values of its figures, from the theory of queues or from its Markov chain.
///
/// Sources: D. Gross, J. F. Shortle, J. M. Thompson, C. M. Harris, Fundamentals of Queueing Theory, 4th ed. 2008 (queues, Erlang's loss, priorities,
/// Jackson's network, the closed network, the repairman); G. C. Hunt 1956, doi:10.1287/opre.4.6.674, and F. S. Hillier, R. N. Boling 1967,
/// doi:10.1287/opre.15.2.286 (lines without buffers); S. B. Gershwin, O. Berman 1981, doi:10.1080/05695558108974530 (two unreliable machines).
/// Values without a closed form come of the stationary distribution of the line's Markov chain. The fluid line of two machines is tested with
/// module Continuous.
struct AnchorSystem: Sendable {
  struct Value: Sendable {
    var what: String
    var exact: Double
    /// The largest standard error that still tells something, as a share of the value.
    var precision: Double
    var figure: @Sendable (LineResult) -> Double
  }
  var name: String
  var line: LineSpec
  var state: LineState?
  var horizon: Double
  var warmUp: Double
  var values: [Value]
  init(
    _ name: String, _ line: LineSpec, from state: LineState? = nil, horizon: Double = 4000, warmUp: Double = 400, _ values: [Value]
  ) {
    (self.name, self.line, self.state, self.horizon, self.warmUp, self.values) = (name, line, state, horizon, warmUp, values)
  }

  static let all: [AnchorSystem] = [queues, generalQueues, lossSystems, priorities, networks, repairmen, lines].flatMap { $0 }
}

private typealias Value = AnchorSystem.Value

private func value(_ what: String, _ exact: Double, _ precision: Double = 0.03, _ figure: @escaping @Sendable (LineResult) -> Double) -> Value {
  Value(what: what, exact: exact, precision: precision, figure: figure)
}
private func throughput(_ exact: Double, _ precision: Double = 0.005) -> [Value] { [value("throughput", exact, precision) { $0.throughput }] }
private func busy(_ result: LineResult) -> Double { result.stations.reduce(0) { $0 + $1.times.working } / result.span }
private func arrivals(_ rate: Double) -> Law { .exponential(mean: 1 / rate) }
private let exp1 = Law.exponential(mean: 1)

/// One queue before a station of several machines.
private func station(_ rate: Double, _ service: Law, machines: Int = 1, capacity: Int = BufferSpec.unlimited, isLossy: Bool = false) -> LineSpec {
  var line = queue(arrivals: arrivals(rate), service: service)
  line.stations[0].machines = machines
  line.buffers[0].capacity = capacity
  line.sources[0].isLossy = isLossy
  return line
}

// MARK: - Queues: rows 1 to 3

private let queues: [AnchorSystem] = [
  AnchorSystem(
    "1 M/M/1 0.9", station(0.9, exp1), horizon: 8000, warmUp: 2500,
    [
      value("L", 9, 0.07) { $0.meanLevels[0] + busy($0) }, value("W", 10, 0.07) { $0.leadTime.mean },
      value("Wq", 9, 0.07) { $0.buffers[0].meanWait }, value("Lq", 8.1, 0.07) { $0.meanLevels[0] },
    ]),
  AnchorSystem(
    "2 M/M/3 2.5", station(2.5, exp1, machines: 3), horizon: 3000, warmUp: 500,
    [
      value("P(wait)", 0.702247) { Double($0.buffers[0].waited) / Double($0.buffers[0].taken) },
      value("Wq", 1.404494, 0.06) { $0.buffers[0].meanWait }, value("L", 6.011236) { $0.meanLevels[0] + busy($0) },
    ]),
  AnchorSystem(
    "3 M/M/10 9", station(9, exp1, machines: 10), horizon: 1000, warmUp: 300,
    [
      value("P(wait)", 0.668732) { Double($0.buffers[0].waited) / Double($0.buffers[0].taken) },
      value("Wq", 0.668732, 0.09) { $0.buffers[0].meanWait },
    ]),
]

// MARK: - General service: rows 6 and 7

private func general(_ name: String, _ service: Law, _ wait: Double, _ precision: Double, horizon: Double = 4000, warmUp: Double = 500)
  -> AnchorSystem
{
  AnchorSystem(
    "6 M/G/1 \(name)", station(0.8, service), horizon: horizon, warmUp: warmUp, [value("Wq", wait, precision) { $0.buffers[0].meanWait }])
}

private func breakdowns(_ name: String, _ rate: Double, _ service: Law, _ values: [Value]) -> AnchorSystem {
  var line = station(rate, service)
  line.stations[0].failure = StoppageSpec(interval: .exponential(mean: 100), length: .exponential(mean: 10))
  return AnchorSystem("7 breakdowns, \(name)", line, horizon: 8000, warmUp: 2000, values)
}

private let generalQueues: [AnchorSystem] = [
  general("D", .constant(1), 2, 0.03), general("E3", .gamma(mean: 1, cv: 0.5773502691896258), 8 / 3.0, 0.04),
  general("U", .uniform(low: 0, high: 2), 8 / 3.0, 0.04), general("lognormal", .lognormal(mean: 1, cv: 2), 10, 0.12, horizon: 9000, warmUp: 2000),
  breakdowns(
    "M/M/1 0.5", 0.5, exp1, [value("Wq", 2.455556, 0.05) { $0.buffers[0].meanWait }, value("W", 3.555556, 0.05) { $0.leadTime.mean }]),
  breakdowns("M/D/1 0.8", 0.8, .constant(1), [value("Wq", 10.7, 0.1) { $0.buffers[0].meanWait }]),
]

// MARK: - Loss: rows 4 and 5

private func loss(_ result: LineResult) -> Double {
  Double(result.sources[0].lost) / Double(result.sources[0].lost + result.sources[0].delivered)
}

/// Erlang's loss does not depend on the law of the service beyond its mean.
private func erlang(_ name: String, _ service: Law) -> AnchorSystem {
  AnchorSystem(
    "4 Erlang B, \(name)", station(5, service, machines: 8, capacity: 0, isLossy: true), horizon: 1000, warmUp: 30,
    [value("loss", 0.0700479, 0.03, loss)])
}

private let lossSystems: [AnchorSystem] = [
  erlang("exponential", exp1), erlang("constant", .constant(1)), erlang("lognormal", .lognormal(mean: 1, cv: 1.5)),
  AnchorSystem(
    "5 M/M/1/5 0.9", station(0.9, exp1, capacity: 4, isLossy: true), horizon: 4000, warmUp: 200,
    [
      value("P(block)", 0.126023, 0.03, loss), value("throughput", 0.786580, 0.01) { $0.throughput }, value("W", 2.790286) { $0.leadTime.mean },
    ]),
]

// MARK: - Priorities: row 8

/// Two products of rates 0.3 and 0.5, the first of higher priority.
private func priorities(preempts: Bool) -> LineSpec {
  var line = station(0.3, exp1)
  line.products = [ProductSpec(name: "Urgent", priority: 1), ProductSpec(name: "Other")]
  line.sources[0].mix = [1, 0]
  line.sources.append(SourceSpec(name: "Others", into: 0, lot: 1, interval: arrivals(0.5)))
  line.sources[1].mix = [0, 1]
  line.stations[0].dispatch = .priority
  line.stations[0].preempts = preempts
  return line
}

private let priorities: [AnchorSystem] = [
  AnchorSystem(
    "8 priorities, not preemptive", priorities(preempts: false), horizon: 5000, warmUp: 500,
    [
      value("Wq of the first", 1.142857) { $0.products[0].leadTime.mean - 1 },
      value("Wq of the second", 5.714286, 0.07) { $0.products[1].leadTime.mean - 1 },
    ]),
  AnchorSystem(
    "8 priorities, preemptive", priorities(preempts: true), horizon: 5000, warmUp: 500,
    [
      value("W of the first", 1.428571) { $0.products[0].leadTime.mean }, value("W of the second", 7.142857, 0.07) { $0.products[1].leadTime.mean },
    ]),
]

// MARK: - Networks: rows 9 and 10

/// Jackson's network: in at 1; from 1 to 2 with 0.6, to 3 with 0.4; from 2 to 1 with 0.2, to 3 with 0.8.
private let jackson: LineSpec = {
  var line = LineSpec(
    stations: [1.5, 1, 1.25].enumerated().map { i, rate in
      StationSpec(name: "M\(i + 1)", inputs: [InputSpec(buffer: i, count: 1)], output: nil, cycle: arrivals(rate))
    },
    buffers: (1...3).map { BufferSpec(name: "B\($0)", capacity: BufferSpec.unlimited, transit: 0) },
    sources: [SourceSpec(name: "In", into: 0, lot: 1, interval: arrivals(1))])
  line.stations[0].routing = .chance([BranchSpec(buffer: 1, share: 0.6), BranchSpec(buffer: 2, share: 0.4)])
  line.stations[1].routing = .chance([BranchSpec(buffer: 0, share: 0.2), BranchSpec(buffer: 2, share: 0.8)])
  return line
}()

private func closed(_ demands: [Double], parts: Int) -> AnchorSystem {
  let m = demands.count
  let line = LineSpec(
    stations: demands.enumerated().map { i, mean in
      StationSpec(name: "M\(i + 1)", inputs: [InputSpec(buffer: i, count: 1)], output: (i + 1) % m, cycle: .exponential(mean: mean))
    },
    buffers: (1...m).map { BufferSpec(name: "B\($0)", capacity: parts, transit: 0) }, sources: [])
  var state = LineState.empty(line)
  state.levels[0] = parts
  let exact = demands == [1, 1, 1] ? Double(parts) / Double(parts + m - 1) : 0.4219097
  return AnchorSystem(
    "10 closed, \(demands)", line, from: state, horizon: 3000, warmUp: 100,
    [value("throughput", exact, 0.005) { Double($0.stations[0].produced) / $0.span }])
}

private let jacksonValues: [Value] = {
  var values = [value("W", 9.267857, 0.05) { $0.leadTime.mean }]
  for (i, flow) in [1.136364, 0.681818, 1].enumerated() {
    values.append(value("flow \(i + 1)", flow, 0.01) { Double($0.stations[i].produced) / $0.span })
  }
  for (i, level) in [3.125, 2.142857, 4].enumerated() {
    values.append(value("L \(i + 1)", level, 0.06) { $0.meanLevels[i] + $0.stations[i].times.working / $0.span })
  }
  return values
}()

private let networks: [AnchorSystem] = [
  AnchorSystem("9 Jackson", jackson, horizon: 5000, warmUp: 700, jacksonValues),
  closed([1, 1, 1], parts: 5), closed([1, 2, 1.5], parts: 4),
]

// MARK: - The repairman: row 11

private let repairmen: [AnchorSystem] = [(5, 1, 0.8720956), (20, 2, 0.8273953)].map { machines, repairmen, exact in
  var line = LineSpec(stations: [StationSpec(name: "M", inputs: [], output: nil, cycle: .exponential(mean: 5))], buffers: [], sources: [])
  line.stations[0].machines = machines
  line.stations[0].failure = StoppageSpec(interval: .exponential(mean: 10), length: exp1)
  line.stations[0].failure!.need = NeedSpec(skill: "repair")
  line.crews = [CrewSpec(name: "Repairmen", count: repairmen, skills: ["repair"])]
  return AnchorSystem(
    "11 repairman \(machines), \(repairmen)", line, horizon: 20_000 / Double(machines), warmUp: 100,
    [
      value("availability", exact, 0.005) { $0.stations[0].times.working / ($0.span * Double(machines)) },
      value("busy", exact / 10 * Double(machines) / Double(repairmen), 0.02) { $0.crews[0].utilisation },
    ])
}

// MARK: - Lines: rows 12 to 16

private let unequal: LineSpec = {
  var line = serial([exp1, .exponential(mean: 1 / 1.1)], capacities: [5])
  line.stations[0].failure = StoppageSpec(interval: .exponential(mean: 100), length: .exponential(mean: 10))
  line.stations[1].failure = StoppageSpec(interval: .exponential(mean: 50), length: .exponential(mean: 12.5))
  return line
}()

private func line(_ name: String, _ m: Int, _ capacity: Int, _ exact: Double, mttf: Double? = nil) -> AnchorSystem {
  AnchorSystem(
    "\(name), M \(m) b \(capacity)", exponentialLine(m, capacity: capacity, mttf: mttf), horizon: mttf == nil ? 2500 : 6000, throughput(exact))
}

private let withoutBuffers: [(Int, Double)] = [
  (2, 2 / 3.0), (3, 22 / 39.0), (4, 4024 / 7817.0), (5, 94203088638 / 193914065237.0), (6, 0.4667133), (7, 0.4531785), (8, 0.4430703),
]
private let withBuffers: [(Int, Int, Double)] = [
  (3, 1, 8529 / 12721.0), (3, 2, 2463197 / 3355778.0), (5, 1, 0.6075833), (5, 2, 0.6804895),
]
private let unreliablePairs: [(Int, Double)] = [(0, 0.5899548), (5, 0.7561966), (10, 0.7990262), (20, 0.8349974)]

private let lines: [AnchorSystem] = {
  var lines: [AnchorSystem] = []
  for (m, exact) in withoutBuffers { lines.append(line("12 no buffers", m, 0, exact)) }
  for b in [1, 3, 10] { lines.append(line("13 two machines", 2, b, Double(b + 2) / Double(b + 3))) }
  for (m, b, exact) in withBuffers { lines.append(line("14 buffered", m, b, exact)) }
  for (b, exact) in unreliablePairs { lines.append(line("15 unreliable", 2, b, exact, mttf: 100)) }
  lines.append(AnchorSystem("15 unreliable, unequal", unequal, horizon: 10_000, throughput(0.7193459)))
  lines.append(line("16 unreliable", 3, 3, 0.6470415, mttf: 100))
  lines.append(line("16 unreliable", 4, 2, 0.5678021, mttf: 100))
  return lines
}()
