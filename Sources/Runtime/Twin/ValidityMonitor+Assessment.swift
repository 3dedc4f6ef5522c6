import ChangeDetection
import Determinism
import PlantModel
import Quantities

extension ValidityMonitor {
  /// Renews the verdict.
  ///
  /// - Parameter quarantine: why nothing that was learnt is in service, where a stream has left its reference.
  mutating func assess(_ record: LineRecord, _ calibrator: Calibrator, quarantine: String?, at now: Instant) {
    answerAlarms(at: now)
    var faults = quarantine.map { [$0] } ?? []
    for (s, name) in stationNames.enumerated() {
      let posterior = calibrator.stations[s]
      if record.plant.stations[s].tags.state == nil {
        if calibrator.inferred[s] == nil { faults.append("\(name) tells no state, and too little of it has been timed") }
      } else if posterior.runningMinutes < 30 {
        faults.append("\(name) has been seen at work for \(Int(posterior.runningMinutes)) of 30 minutes")
      }
    }
    if pits.count < 2 { faults.append("\(pits.count) of 2 forecasts scored") }
    for chart in charts {
      guard let alarm = chart.alarm else { continue }
      let name = chart.station.map { stationNames[$0] } ?? lineName
      let now = chart.kind.law.learns ? (bank.change(of: chart.key) ?? alarm.change).words() : ""
      faults.append("\(name): \(chart.kind.words) changed at \(alarm.since.clockTime)" + (now.isEmpty ? "" : " (\(now))"))
    }
    let misses = pits.count { $0 < 0.05 || $0 > 0.95 }
    if Self.atLeast(misses, of: pits.count, 0.1) < 0.01 { faults.append("\(misses) of \(pits.count) forecasts missed their 90 % interval") }
    let coverage = pits.isEmpty ? 0 : 1 - Double(misses) / Double(pits.count)

    let monitors = charts.map { chart in
      Validity.Monitor(
        station: chart.station.map { stationNames[$0] } ?? lineName, kind: chart.kind,
        evidence: min(bank[chart.key].map { Portable.exp(min($0.strain, 1)) } ?? 0, 1), changedAt: chart.alarm?.since,
        change: chart.alarm.map { (bank.change(of: chart.key) ?? $0.change).words() }, residuals: chart.count)
    }
    let strain = monitors.map(\.evidence).max() ?? 0
    let score = (1 - 0.5 * min(strain, 1)) * min(1, (coverage + 0.1) / 0.95)
    let valid = faults.isEmpty
    let worst = monitors.max { $0.evidence < $1.evidence }
    let reason =
      valid
      ? "agrees with the plant" + (strain > 0.5 ? "; most strained: \(worst?.station ?? "") \(worst?.kind.words ?? "")" : "")
      : faults.joined(separator: "; ")
    validity = Validity(
      valid: valid, score: valid ? score : min(score, 0.4) * (pits.isEmpty ? 0 : 1), since: valid == validity.valid ? validity.since : now,
      validUntil: valid ? now + Duration(seconds: 3 * configuration.forecastHorizon.seconds) : nil, byStation: monitors, coverage: coverage,
      forecastsScored: pits.count, reason: reason)
    if validity.since == Instant(seconds: 0) { validity.since = now }
  }

  /// An alarm is answered when enough residuals formed since agree with the renewed belief, or, where they come rarely, after an hour.
  private mutating func answerAlarms(at now: Instant) {
    for i in charts.indices {
      guard let alarm = charts[i].alarm else { continue }
      let needed = charts[i].kind == .cycle || charts[i].kind == .scrap ? 3 : 2
      let calm = alarm.after.count >= needed && alarm.after.suffix(needed).allSatisfy { abs($0) < 2.5 }
      if calm || (now - alarm.raised).minutes >= 60 {
        charts[i].alarm = nil
        bank.answer(charts[i].key)
      }
    }
  }

  /// Telemetry that fell silent ends trust at once.
  mutating func silence(newest: Instant?, at now: Instant) {
    guard let newest, (now - newest) > configuration.silence else { return }
    let reason = "no telemetry since \(newest.clockTime)"
    guard validity.valid || validity.reason != reason else { return }
    validity.since = validity.valid ? now : validity.since
    (validity.valid, validity.score, validity.validUntil, validity.reason) = (false, 0, nil, reason)
  }

  /// P(at least k of n events of probability p).
  static func atLeast(_ k: Int, of n: Int, _ p: Double) -> Double {
    guard k > 0 else { return 1 }
    guard k <= n else { return 0 }
    var term = Portable.pow(1 - p, Double(n))
    var below = term
    for i in 1..<max(k, 1) {
      term *= Double(n - i + 1) / Double(i) * p / (1 - p)
      below += term
    }
    return max(0, 1 - below)
  }
}

extension ResidualKind {
  var words: String {
    switch self {
    case .cycle: "cycle time"
    case .failures: "rate of failures"
    case .repairs: "repair time"
    case .microstops: "rate of short stops"
    case .shortStops: "length of short stops"
    case .scrap: "scrap"
    case .throughput: "throughput"
    }
  }
}
