import Determinism
import Quantities

extension SensorLine {
  /// The nodes that a forecast counts: where items come from, are put together, and leave.
  var counted: [Int] {
    let outs = links.map(\.to).filter { node in !links.contains { $0.from == node } && !assemblies.contains { $0.intake == node } }
    return Set(sources.map(\.node) + assemblies.map(\.output) + outs).sorted()
  }

  /// How many lengths of a journey are kept as its predictive draws.
  private static let drawLimit = 5000

  /// Simulates forward from a state. Streams: seed, "line forecast", replication.
  func forecast(from state: SensorLineState, until end: Double, period: Double, replications: Int, seed: UInt64) -> LogForecast {
    let map = NodeMap(self)
    let periods = LogForecast.periods(from: state.now, to: end, period)
    let counted = counted
    var counts = counted.map { _ in Array(repeating: [Double](), count: periods) }
    var totals = counted.map { _ in [Double]() }
    var lengths = journeys.map { _ in [Double]() }
    let root = RandomStream(seed: seed, "line forecast")
    for r in 0..<replications {
      var run = SensorLineRun(self, map, state, root.split(r))
      run.run(until: end - state.now)
      for (i, node) in counted.enumerated() {
        let byPeriod = LogForecast.counts(run.passages[node], from: 0, periods: periods, period)
        for (p, count) in byPeriod.enumerated() { counts[i][p].append(count) }
        totals[i].append(byPeriod.reduce(0, +))
      }
      for j in journeys.indices { lengths[j] += run.journeys[j] }
    }
    let times = journeys.indices.compactMap { j -> LogForecast.CycleTime? in
      guard !lengths[j].isEmpty else { return nil }
      let step = (lengths[j].count + Self.drawLimit - 1) / Self.drawLimit
      let kept = stride(from: 0, to: lengths[j].count, by: step).map { lengths[j][$0] }
      return LogForecast.CycleTime(name: name(journeys[j]), seconds: Predictive(kept), isOneCase: false)
    }
    return LogForecast(
      start: Instant(seconds: state.now), end: Instant(seconds: end), period: period, replications: replications,
      counters: counted.indices.map { i in .init(name: nodes[counted[i]], periods: counts[i].map { Predictive($0) }, total: Predictive(totals[i])) },
      cycleTimes: times)
  }

  /// What the log shows of the same counters and journeys in an interval.
  func observed(_ log: EventLog, after start: Double, until end: Double, period: Double) -> LogObservation {
    let periods = LogForecast.periods(from: start, to: end, period)
    var instants: [String: [Double]] = [:]
    var seen: [String: [String: Double]] = [:]
    var lengths: [String: [Double]] = [:]
    for journey in journeys { lengths[name(journey)] = [] }
    let starts = Dictionary(grouping: journeys) { nodes[$0.from] }
    let ends = Dictionary(grouping: journeys) { nodes[$0.to] }
    for event in log.events {
      let time = event.began.seconds
      if starts[event.activity] != nil { seen[event.activity, default: [:]][event.caseID] = time }
      guard time > start, time <= end else { continue }
      instants[event.activity, default: []].append(time)
      for journey in ends[event.activity] ?? [] {
        if let born = seen[nodes[journey.from]]?[event.caseID] { lengths[name(journey), default: []].append(time - born) }
      }
    }
    var counters: [String: [Double]] = [:]
    for node in counted {
      counters[nodes[node]] = LogForecast.counts(instants[nodes[node]] ?? [], from: start, periods: periods, period)
    }
    return LogObservation(counters: counters, cycleTimes: lengths)
  }
}
