import ChangeDetection
import PlantModel
import Quantities

/// Keeps residuals, tests every activity for change, and decides whether the twin may be relied on.
///
/// The rule: it is valid when every station has been seen at work for half an hour, at least two forecasts have been scored, no change that was
/// found stands unanswered, forecasts' coverage is not improbably low (one in a hundred), no stream has left its reference, and telemetry flows.
/// After a change the evidence from before its date is discounted, and it is answered once new residuals agree with the new belief.
struct ValidityMonitor: Sendable {
  struct Chart: Sendable {
    var station: Int?
    var kind: ResidualKind
    var key: StreamKey
    var count = 0
    var alarm: Alarm?
  }
  struct Alarm: Sendable {
    var change: Change
    var since: Instant
    var raised: Instant
    /// Residuals after the alarm, by the renewed belief.
    var after: [Double] = []
  }
  /// A change judged to have begun; or one taken back, because what followed spoke against it.
  struct Finding {
    var station: Int
    var kind: ResidualKind
    var since: Instant
    var isWithdrawn: Bool
  }
  /// A forecast made before looking.
  struct Promise: Sendable {
    var made: Instant
    var due: Instant
    var goodBefore: Int
    var sample: [Double]
  }

  let stationNames: [String]
  let lineName: String
  let configuration: TwinConfiguration
  var charts: [Chart]
  var bank = ChangeBank()
  /// Newest last; at most a few dozen.
  var changes: [Change] = []
  var residuals: [Residual] = []
  var promise: Promise?
  /// Probability integral transforms of scored forecasts, newest last.
  var pits: [Double] = []
  var reviewed: Instant?
  /// Set-points at the last review, and when they were last seen to have moved.
  var setpointsSeen: [Double]?
  var setpointsMoved: Instant?
  var validity: Validity

  init(_ plant: Plant, _ configuration: TwinConfiguration) {
    stationNames = plant.stations.map(\.name)
    lineName = plant.name
    self.configuration = configuration
    charts = []
    for s in plant.stations.indices {
      for kind in ResidualKind.allCases where kind != .throughput { charts.append(Chart(station: s, kind: kind, key: kind.key(stationNames[s]))) }
    }
    charts.append(Chart(station: nil, kind: .throughput, key: ResidualKind.throughput.key(nil)))
    for chart in charts { bank.watch(chart.key, as: chart.kind.law, chart.kind.settings(configuration)) }
    validity = Validity(
      valid: false, score: 0, since: Instant(seconds: 0), validUntil: nil, byStation: [], coverage: 0, forecastsScored: 0,
      reason: "no telemetry yet")
  }

  /// Takes a residual in; says which change is now known to have begun, or to have been none.
  ///
  /// - Parameters:
  ///   - z: the residual, standardised: for people, and to see whether a renewed belief agrees.
  ///   - value: what the test takes: the length itself where it learns its own law, nil for the standardised residual.
  mutating func take(
    _ z: Double, _ station: Int?, _ kind: ResidualKind, at t: Instant, expected: Double, observed: Double, value: Double? = nil,
    from start: Instant? = nil
  ) -> Finding? {
    guard z.isFinite else { return nil }
    residuals.append(
      Residual(station: station.map { stationNames[$0] } ?? lineName, kind: kind, at: t, expected: expected, observed: observed, z: z))
    if residuals.count > 1200 { residuals.removeFirst(200) }
    let i = charts.firstIndex { $0.station == station && $0.kind == kind }!
    charts[i].count += 1
    if charts[i].alarm != nil { charts[i].alarm!.after.append(z) }
    // One wild residual alone must not end trust; two in a row may.
    let score = value ?? min(max(z, -4), 4)
    let length = kind == .cycle || kind == .scrap ? configuration.calibrationInterval : kind == .throughput ? configuration.forecastHorizon : .zero
    guard let found = try? bank.observe(score, of: charts[i].key, from: start ?? t - length, at: t) else { return nil }
    if found.isWithdrawn {
      charts[i].alarm = nil
      changes.removeAll { $0.key == found.key && $0.alarmed == found.alarmed }
    } else {
      charts[i].alarm = Alarm(change: found, since: found.since, raised: t)
      changes.append(found)
      if changes.count > 48 { changes.removeFirst(16) }
    }
    return station.map { Finding(station: $0, kind: kind, since: found.since, isWithdrawn: found.isWithdrawn) }
  }

  // MARK: - Forecasts

  func wantsForecast(at now: Instant) -> Bool { promise == nil }

  mutating func remember(_ sample: [Double], _ record: LineRecord, from now: Instant) {
    guard !sample.isEmpty, record.minutes.contains(where: { $0.stations.contains { $0.processed > 0 } }) else { return }
    promise = Promise(made: now, due: now + configuration.forecastHorizon, goodBefore: record.good, sample: sample.sorted())
  }

  mutating func score(_ record: LineRecord, at now: Instant) {
    guard let due = promise, now >= due.due else { return }
    promise = nil
    // Nothing can be said about a stretch in which the machines did not tell what they did, or in which somebody closed the line: nobody
    // told the twin that this would come.
    let stretch = record.minutes.suffix(Int(configuration.forecastHorizon.minutes))
    let telling = stationNames.indices.filter { record.plant.stations[$0].tags.state != nil }
    let seconds = stretch.reduce(0) { sum, minute in
      telling.reduce(sum) { $0 + minute.stations[$1].seconds.unknown + minute.stations[$1].seconds.closed }
    }
    guard seconds < 0.1 * configuration.forecastHorizon.seconds * Double(max(telling.count, 1)) else { return }
    let observed = Double(record.good - due.goodBefore)
    let below = Double(due.sample.count { $0 < observed })
    let ties = Double(due.sample.count { $0 == observed })
    let u = (below + 0.5 * ties + 0.5) / Double(due.sample.count + 1)
    pits.append(u)
    if pits.count > 24 { pits.removeFirst() }
    let expected = due.sample.reduce(0, +) / Double(due.sample.count)
    _ = take(StandardScore.of(u), nil, .throughput, at: now, expected: expected, observed: observed)
  }
}
