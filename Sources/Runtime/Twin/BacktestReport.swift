import Quantities

/// How forecasts did: by forecaster and horizon.
public struct BacktestReport: Sendable, Hashable, Codable {
  public struct Row: Sendable, Hashable, Codable {
    public var forecaster: Backtest.Forecaster
    public var hours: Double
    public var forecasts: Int
    /// Share of observations inside the central 90 % interval; of a point forecast, those that it met exactly.
    public var coverage: Double
    /// Mean continuous ranked probability score, in good parts.
    public var crps: Double
    /// Mean of forecast − observed, and of its absolute value, as shares of the mean observed.
    public var bias: Double
    public var absoluteError: Double
    /// Mean width of the interval, as a share of the mean observed.
    public var width: Double
    /// Forecasts in each tenth of the probability integral transform; level where intervals of every level hold.
    public var tenths: [Int]
  }
  public var entries: [Backtest.Entry]

  /// By horizon, then forecaster; only forecasts made while `only` holds.
  public func rows(where only: (Backtest.Entry) -> Bool = { _ in true }) -> [Row] {
    var rows: [Row] = []
    for hours in Set(entries.map(\.hours)).sorted() {
      for forecaster in Backtest.Forecaster.allCases {
        let own = entries.filter { $0.hours == hours && $0.forecaster == forecaster && only($0) }
        guard !own.isEmpty else { continue }
        let n = Double(own.count)
        let observed = max(own.reduce(0) { $0 + $1.observed } / n, 1e-9)
        var tenths = [Int](repeating: 0, count: 10)
        for entry in own { tenths[min(9, Int(entry.pit * 10))] += 1 }
        rows.append(
          Row(
            forecaster: forecaster, hours: hours, forecasts: own.count, coverage: Double(own.count(where: \.isCovered)) / n,
            crps: own.reduce(0) { $0 + $1.crps } / n, bias: own.reduce(0) { $0 + $1.mean - $1.observed } / n / observed,
            absoluteError: own.reduce(0) { $0 + abs($1.mean - $1.observed) } / n / observed,
            width: own.reduce(0) { $0 + $1.high - $1.low } / n / observed, tenths: tenths))
      }
    }
    return rows
  }
}
