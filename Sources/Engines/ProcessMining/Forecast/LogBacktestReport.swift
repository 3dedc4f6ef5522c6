public import Quantities

/// How well a model, calibrated on what was known at a cut, foretold what came after it.
public struct LogBacktestReport: Sendable, Hashable, Codable {
  /// Counts by period.
  public struct CounterScore: Sendable, Hashable, Codable {
    public var name: String
    public var periods: Int
    public var observedTotal: Double
    public var forecastTotal: Double
    /// The 90 % interval of the total.
    public var totalLow: Double
    public var totalHigh: Double
    /// Mean absolute error of the mean forecast of a period, in counts.
    public var meanAbsoluteError: Double
    /// Mean continuous ranked probability score, in counts.
    public var score: Double
    /// The same of a forecast that every period will be as a random one of the past: draws of the counts before the cut.
    public var pastScore: Double
    /// The share of periods within their 90 % interval, ends included.
    public var coverage: Double
    /// The mean share of each count's own mass within 5 % … 95 %: 0.9 for a right forecast of counts (`Predictive.massWithin90`).
    public var massCoverage: Double
    /// (forecast − observed)/observed of the total.
    public var relativeError: Double { observedTotal > 0 ? (forecastTotal - observedTotal) / observedTotal : .nan }
  }
  /// Cycle times, in seconds.
  public struct CycleScore: Sendable, Hashable, Codable {
    public var name: String
    public var count: Int
    public var observedMean: Double
    public var forecastMean: Double
    public var meanAbsoluteError: Double
    public var score: Double
    public var coverage: Double
    public var massCoverage: Double
    public var relativeError: Double { observedMean > 0 ? (forecastMean - observedMean) / observedMean : .nan }
  }
  public var cut: Instant
  public var end: Instant
  public var period: Double
  public var replications: Int
  public var counters: [CounterScore]
  public var cycleTimes: [CycleScore]

  /// Scores a forecast against what came true. Cycle times of single open cases are scored together as `open cases`; of classes under
  /// their own names. What the forecast has and the observation lacks is left out.
  /// - Parameter past: counts by period before the cut, by counter.
  init(_ forecast: LogForecast, _ observed: LogObservation, past: [String: [Double]]) {
    (cut, end, period, replications) = (forecast.start, forecast.end, forecast.period, forecast.replications)
    counters = forecast.counters.compactMap { counter in
      observed.counters[counter.name].map { Self.score(counter, $0, past[counter.name] ?? []) }
    }
    let pairs = forecast.cycleTimes.map { time in (time, observed.cycleTimes[time.name] ?? []) }
    var scores: [CycleScore] = []
    let single = pairs.filter { $0.0.isOneCase }.flatMap { time, values in values.map { (time.seconds, $0) } }
    if !single.isEmpty { scores.append(Self.score("open cases", single)) }
    for (time, values) in pairs where !time.isOneCase && !values.isEmpty { scores.append(Self.score(time.name, values.map { (time.seconds, $0) })) }
    cycleTimes = scores
  }

  private static func score(_ counter: LogForecast.Counter, _ observed: [Double], _ past: [Double]) -> CounterScore {
    let pairs = Array(zip(counter.periods, observed))
    let n = Double(pairs.count)
    func mean(_ value: (Predictive, Double) -> Double) -> Double { pairs.reduce(0) { $0 + value($1.0, $1.1) } / n }
    let persistence = past.isEmpty ? nil : Predictive(past)
    let total = counter.total.interval90
    return CounterScore(
      name: counter.name, periods: pairs.count, observedTotal: observed.reduce(0, +), forecastTotal: counter.total.mean, totalLow: total.lowerBound,
      totalHigh: total.upperBound, meanAbsoluteError: mean { abs($0.mean - $1) }, score: mean { $0.score(of: $1) },
      pastScore: persistence.map { past in mean { past.score(of: $1) } } ?? .nan, coverage: mean { $0.interval90.contains($1) ? 1 : 0 },
      massCoverage: mean { $0.massWithin90(of: $1) })
  }

  private static func score(_ name: String, _ pairs: [(Predictive, Double)]) -> CycleScore {
    let n = Double(pairs.count)
    func mean(_ value: (Predictive, Double) -> Double) -> Double { pairs.reduce(0) { $0 + value($1.0, $1.1) } / n }
    return CycleScore(
      name: name, count: pairs.count, observedMean: mean { $1 }, forecastMean: mean { a, _ in a.mean },
      meanAbsoluteError: mean { abs($0.quantile(0.5) - $1) },
      score: mean { $0.score(of: $1) }, coverage: mean { $0.interval90.contains($1) ? 1 : 0 }, massCoverage: mean { $0.massWithin90(of: $1) })
  }
}
