public import Quantities

/// Mines, forecasts and checks, from an event log to a report.
public enum LogStudy {
  /// How a log is understood.
  public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
    /// A sensor log becomes a line, any other log a model of cases.
    case automatic
    case cases, line
  }

  /// Mines a model and the state at an instant from the events known then.
  /// - Parameter cut: nil for the end of the log.
  /// - Throws: `MiningError` where the log says too little.
  public static func calibrate(_ log: EventLog, at cut: Instant? = nil, kind: Kind = .automatic) throws(MiningError) -> MinedModel {
    guard let span = log.span else { throw .emptyLog }
    let now = cut ?? span.end
    guard now > span.start else { throw .cutOutsideLog }
    let known = log.known(at: now)
    let history = now.seconds - span.start.seconds
    if kind == .line || (kind == .automatic && log.isSensorLog) {
      let miner = try SensorLineMiner(known, now: now.seconds)
      let found = miner.mine()
      return MinedModel(now: now, history: history, content: .line(found.line, miner.state(found)))
    }
    let miner = try CaseMiner(known, now: now.seconds)
    let model = miner.mine()
    return MinedModel(now: now, history: history, content: .cases(model, miner.state(model)))
  }

  /// Calibrates on what was known at a cut, forecasts the rest and scores the forecast.
  /// - Parameters: until: the end of the forecast, nil for the end of the log; period: seconds.
  /// - Throws: `MiningError`.
  public static func backtest(
    _ log: EventLog, cut: Instant, until: Instant? = nil, period: Double, replications: Int, seed: UInt64, kind: Kind = .automatic
  ) throws(MiningError) -> (report: LogBacktestReport, model: MinedModel, forecast: LogForecast, observed: LogObservation) {
    guard let span = log.span else { throw .emptyLog }
    let end = until ?? span.end
    guard cut > span.start, cut < end else { throw .cutOutsideLog }
    let model = try calibrate(log, at: cut, kind: kind)
    let forecast = model.forecast(until: end, period: period, replications: replications, seed: seed)
    let (before, after) = (span.start.seconds, cut.seconds)
    let observed: LogObservation
    let past: LogObservation
    switch model.content {
    case .cases:
      observed = log.observedCases(after: after, until: end.seconds, period: period)
      past = log.known(at: cut).observedCases(after: before, until: after, period: period)
    case .line(let line, _):
      observed = line.observed(log, after: after, until: end.seconds, period: period)
      past = line.observed(log, after: before, until: after, period: period)
    }
    return (LogBacktestReport(forecast, observed, past: past.counters), model, forecast, observed)
  }
}
