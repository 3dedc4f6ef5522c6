import Estimation
import LineModel
import Probability
public import Quantities
public import Telemetry

/// A twin tried on recorded telemetry: at regular instants it forecasts with what had arrived by then, and every forecast is scored once its time
/// is over, beside three others that a user could have had without calibration.
///
/// Feed samples in order of arrival; `report` may be asked at any time. A forecast is made before what it is scored by has been looked at.
public struct Backtest: Sendable {
  public private(set) var twin: Twin
  let horizons: [Duration]
  let every: Duration
  let warmUp: Duration
  let replications: Int
  private var began: Instant?
  private var next: Instant?
  private var open: [Promise] = []
  /// Good parts until each whole minute, from the record.
  private var good: [(instant: Instant, count: Int)] = []
  private var scored: [Entry] = []

  /// Who made a forecast.
  public enum Forecaster: String, Sendable, Hashable, Codable, CaseIterable {
    /// The calibrated twin.
    case twin
    /// The plant folder as it was written, started from the same synchronised state.
    case design
    /// What the last hour made, for ever.
    case persistence
    /// As much as any stretch of that length has made so far.
    case history
  }

  struct Promise: Sendable {
    var made: Instant
    var horizon: Duration
    var samples: [Forecaster: [Double]]
    var isValid: Bool
  }

  /// One forecast of one forecaster, scored.
  public struct Entry: Sendable, Hashable, Codable {
    public var made: Instant
    public var hours: Double
    public var forecaster: Forecaster
    /// Good parts within the horizon.
    public var observed: Double
    public var mean: Double
    /// The central 90 % interval.
    public var low: Double
    public var high: Double
    public var pit: Double
    public var crps: Double
    /// The twin was valid when it was made.
    public var isValid: Bool
    public var isCovered: Bool { low <= observed && observed <= high }
  }

  /// - Parameters:
  ///   - every: time between two forecasts.
  ///   - warmUp: how long the twin watches before the first.
  public init(_ twin: Twin, horizons: [Duration], every: Duration, warmUp: Duration = .hours(2), replications: Int = 200) {
    precondition(!horizons.isEmpty && horizons.allSatisfy { $0 > .zero } && every > .zero && replications >= 2)
    (self.twin, self.horizons, self.every, self.warmUp, self.replications) = (twin, horizons.sorted(), every, warmUp, replications)
  }

  public mutating func observe(_ block: SampleBlock) { twin.observe(block) }

  /// Lets plant time come to `now`, which never goes back.
  public mutating func advance(to now: Instant) {
    if began == nil {
      began = now
      let step = every.nanoseconds
      next = Instant(nanoseconds: ((now + warmUp).nanoseconds / step + 1) * step)
    }
    while let due = next, due <= now {
      twin.advance(to: due)
      forecast(at: due)
      next = due + every
    }
    twin.advance(to: now)
    settle()
  }

  private mutating func forecast(at t: Instant) {
    let (calibrated, design) = twin.goodAhead(at: horizons, runs: replications)
    let made = twin.watermark.map { goodCount(at: $0) ?? twin.record.good } ?? 0
    let lastHour = goodCount(at: (twin.watermark ?? t) - .hours(1)).map { Double(made - $0) }
    for (h, horizon) in horizons.enumerated() {
      var samples: [Forecaster: [Double]] = [.twin: calibrated[h], .design: design[h]]
      if let lastHour { samples[.persistence] = [lastHour * horizon.hours] }
      let past = stretches(of: horizon)
      if past.count >= 2 { samples[.history] = past }
      open.append(Promise(made: t, horizon: horizon, samples: samples, isValid: twin.validity.valid))
    }
  }

  /// Good parts of each stretch of that length which has passed, one every ten minutes.
  private func stretches(of horizon: Duration) -> [Double] {
    let span = Int(horizon.minutes)
    guard good.count > span else { return [] }
    return stride(from: span, to: good.count, by: 10).map { Double(good[$0].count - good[$0 - span].count) }.sorted()
  }

  private func goodCount(at t: Instant) -> Int? {
    guard let first = good.first else { return nil }
    let i = Int(((t - first.instant).minutes).rounded())
    return good.indices.contains(i) ? good[i].count : nil
  }

  /// Notes what has become certain, and scores what is due.
  private mutating func settle() {
    guard let watermark = twin.watermark else { return }
    var total = good.last?.count ?? 0
    for minute in twin.record.minutes.suffix(while: { m in good.last.map { Instant(seconds: Double(m.minute) * 60) >= $0.instant } ?? true }) {
      if good.isEmpty { good.append((Instant(seconds: Double(minute.minute) * 60), 0)) }
      total += minute.good(twin.record.sinks)
      good.append((Instant(seconds: Double(minute.minute + 1) * 60), total))
    }
    var left: [Promise] = []
    for promise in open {
      let due = promise.made + promise.horizon
      guard due <= watermark, let before = goodCount(at: promise.made), let after = goodCount(at: due) else {
        left.append(promise)
        continue
      }
      score(promise, Double(after - before))
    }
    open = left
  }

  private mutating func score(_ promise: Promise, _ observed: Double) {
    for forecaster in Forecaster.allCases {
      guard let sample = promise.samples[forecaster]?.sorted(), !sample.isEmpty else { continue }
      scored.append(
        Entry(
          made: promise.made, hours: promise.horizon.hours, forecaster: forecaster, observed: observed,
          mean: sample.reduce(0, +) / Double(sample.count), low: Ensemble.quantile(sample, 0.05), high: Ensemble.quantile(sample, 0.95),
          pit: EnsembleScore.pit(sample, observed: observed), crps: EnsembleScore.crps(sample, observed: observed), isValid: promise.isValid))
    }
  }

  public var report: BacktestReport { BacktestReport(entries: scored) }
}
