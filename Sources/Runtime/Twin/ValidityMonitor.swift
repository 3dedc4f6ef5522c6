import Learning
import PlantModel
import Quantities

/// Keeps residuals and their charts, and decides whether the twin may be relied on.
///
/// The rule: it is valid when every station has been seen at work for half an hour, at least two forecasts have been scored, no chart
/// stands above its threshold and unanswered, forecasts' coverage is not improbably low (one in a hundred), and telemetry flows. After an
/// alarm the evidence from before the change is discounted, and the alarm is answered once new residuals agree with the new belief.
struct ValidityMonitor: Sendable {
  struct Chart: Sendable {
    var station: Int?
    var kind: ResidualKind
    var cusum: Cusum
    /// When the residuals of the present run came, newest last.
    var instants: [Instant] = []
    var count = 0
    var alarm: Alarm?
  }
  struct Alarm: Sendable {
    var since: Instant
    var raised: Instant
    /// Residuals after the alarm, by the renewed belief.
    var after: [Double] = []
  }
  /// A change judged to have begun.
  struct Change {
    var station: Int
    var kind: ResidualKind
    var since: Instant
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
    let h = configuration.alarmThreshold
    charts = []
    for s in plant.stations.indices {
      for kind in ResidualKind.allCases where kind != .throughput { charts.append(Chart(station: s, kind: kind, cusum: Cusum(k: 0.5, h: h))) }
    }
    charts.append(Chart(station: nil, kind: .throughput, cusum: Cusum(k: 0.5, h: h)))
    validity = Validity(
      valid: false, score: 0, since: Instant(seconds: 0), validUntil: nil, byStation: [], coverage: 0, forecastsScored: 0,
      reason: "no telemetry yet")
  }

  /// Takes a standardised residual in; says since when, if its chart now stands above the threshold.
  mutating func take(_ z: Double, _ station: Int?, _ kind: ResidualKind, at t: Instant, expected: Double, observed: Double) -> Change? {
    guard z.isFinite else { return nil }
    residuals.append(
      Residual(station: station.map { stationNames[$0] } ?? lineName, kind: kind, at: t, expected: expected, observed: observed, z: z))
    if residuals.count > 1200 { residuals.removeFirst(200) }
    let i = charts.firstIndex { $0.station == station && $0.kind == kind }!
    charts[i].count += 1
    charts[i].instants.append(t)
    if charts[i].instants.count > 200 { charts[i].instants.removeFirst(100) }
    if charts[i].alarm != nil { charts[i].alarm!.after.append(z) }
    // One wild residual alone must not end trust; two in a row may.
    guard let side = charts[i].cusum.observe(min(max(z, -4), 4)) else { return nil }
    let run = side == .high ? charts[i].cusum.highRun : charts[i].cusum.lowRun
    let first = charts[i].instants[max(0, charts[i].instants.count - run)]
    let length = kind == .cycle || kind == .scrap ? configuration.calibrationInterval : kind == .throughput ? configuration.forecastHorizon : .zero
    let since = first - length
    charts[i].alarm = Alarm(since: since, raised: t)
    charts[i].cusum.reset()
    charts[i].instants.removeAll()
    return station.map { Change(station: $0, kind: kind, since: since) }
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
    let seconds = stretch.reduce(0) { $0 + $1.stations.reduce(0) { $0 + $1.seconds.unknown + $1.seconds.closed } }
    guard seconds < 0.1 * configuration.forecastHorizon.seconds * Double(stationNames.count) else { return }
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
