import Determinism
import Quantities

/// The names of a forecast of cases.
enum CaseNames {
  static let ended = "cases ended"
  static let new = "new cases"
}

extension CaseModel {
  /// Simulates forward from a state. Streams: seed, "case forecast", replication.
  func forecast(from state: CaseState, until end: Double, limit: Double, period: Double, replications: Int, seed: UInt64) -> LogForecast {
    var run = CaseRun(self, state, horizon: end, limit: limit)
    let periods = LogForecast.periods(from: state.now, to: end, period)
    var counts = Array(repeating: [Double](), count: periods)
    var totals: [Double] = []
    var open = Array(repeating: [Double](), count: state.open.count)
    var new: [Double] = []
    let root = RandomStream(seed: seed, "case forecast")
    for r in 0..<replications {
      let outcome = run.replicate(root.split(r))
      var ends: [Double] = []
      for (i, time) in outcome.open.enumerated() {
        guard let time else { continue }
        ends.append(time)
        open[i].append(time - state.open[i].arrived)
      }
      for item in outcome.new {
        ends.append(item.ended)
        new.append(item.ended - item.arrived)
      }
      let byPeriod = LogForecast.counts(ends, from: state.now, periods: periods, period)
      for (i, count) in byPeriod.enumerated() { counts[i].append(count) }
      totals.append(byPeriod.reduce(0, +))
    }
    var times = zip(state.open, open).compactMap { $1.isEmpty ? nil : LogForecast.CycleTime(name: $0.name, seconds: Predictive($1), isOneCase: true) }
    if !new.isEmpty { times.append(.init(name: CaseNames.new, seconds: Predictive(new), isOneCase: false)) }
    return LogForecast(
      start: Instant(seconds: state.now), end: Instant(seconds: end), period: period, replications: replications,
      counters: [.init(name: CaseNames.ended, periods: counts.map { Predictive($0) }, total: Predictive(totals))], cycleTimes: times)
  }
}

extension EventLog {
  /// What became of the cases after an instant: how many ended in each period, and how long those took that were open then or came before
  /// the end. A case ends with the last event that the log holds of it.
  func observedCases(after start: Double, until end: Double, period: Double) -> LogObservation {
    var first: [String: Double] = [:]
    var last: [String: Double] = [:]
    for event in events {
      first[event.caseID] = first[event.caseID] ?? event.began.seconds
      last[event.caseID] = max(last[event.caseID] ?? 0, (event.complete ?? event.began).seconds)
    }
    let names = cases
    let counts = LogForecast.counts(
      names.map { last[$0]! }, from: start, periods: LogForecast.periods(from: start, to: end, period), period)
    var times: [String: [Double]] = [CaseNames.new: []]
    for name in names where last[name]! > start && first[name]! <= end {
      let length = last[name]! - first[name]!
      if first[name]! > start { times[CaseNames.new]!.append(length) } else { times[name] = [length] }
    }
    return LogObservation(counters: [CaseNames.ended: counts], cycleTimes: times)
  }
}
