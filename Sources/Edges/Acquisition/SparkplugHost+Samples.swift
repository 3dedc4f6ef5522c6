internal import Quantities
internal import Sparkplug
internal import Telemetry

extension SparkplugHost {
  /// The metrics of a birth or of data as samples, present and past apart.
  mutating func emit(_ payload: SparkplugPayload, _ table: BirthTable, isBirth: Bool, at now: Instant) -> [Effect] {
    var present = BlockBuilder()
    var past = BlockBuilder()
    for metric in payload.metrics {
      // A birth's metrics are looked up as well: a name or alias that it gave twice means nothing.
      guard let entry = table.entry(of: metric) else {
        report.unknownMetrics += 1
        continue
      }
      guard let path = entry.path else { continue }
      var observation = SampleCheck.Observation(
        raw: raw(of: metric, entry, path, at: now), source: metric.instant ?? payload.instant ?? now,
        quality: Self.quality(of: metric), mayBeOld: isBirth || metric.isHistorical, ceiling: entry.ceiling)
      if isBirth, let known = last[path], known.quality == .stale, observation.source <= known.instant {
        // The value is said to hold now, and its tag was given up as stale since it was measured: it is news as of the birth.
        observation.source = max(payload.instant ?? now, known.instant + .milliseconds(1))
      }
      let sample = check.sample(observation, of: path, at: now, report: &report)
      if metric.isHistorical {
        report.historicalSamples += 1
        past.add(sample, to: path)
      } else if isRepetition(sample, of: path) {
        report.duplicates += 1
      } else {
        report.samples += 1
        present.add(sample, to: path)
        if sample.instant >= last[path]?.instant ?? sample.instant { last[path] = sample }
      }
    }
    return (past.isEmpty ? [] : [.backfill(past.blocks())]) + (present.isEmpty ? [] : [.samples(present.blocks())])
  }

  private mutating func raw(of metric: SparkplugMetric, _ entry: BirthTable.Entry, _ path: String, at now: Instant) -> SampleCheck.Raw {
    do {
      guard let value = try metric.value(declared: entry.datatype) else { return .absent }
      // The birth's type counts: a metric that suddenly says another one is not to be believed.
      if let declared = entry.datatype, let own = metric.datatype, own != declared {
        report.note(.wrongType, of: path, at: now, "\(own) after a birth as \(declared)")
        return .absent
      }
      if let number = value.number { return .number(number) }
      if let text = value.text { return .text(text) }
      return .absent
    } catch {
      report.note(.wrongType, of: path, at: now, "the value does not fit \(entry.datatype.map { "\($0)" } ?? "any type")")
      return .absent
    }
  }

  /// 0 is bad, 192 good, 500 stale (section 6.4.9); else by the classes of OPC.
  private static func quality(of metric: SparkplugMetric) -> Quality {
    metric.properties.quality.map { SourceStatus(opcClassic: $0).quality } ?? .good
  }

  /// The same value of the same instant once more, as births bring it.
  private func isRepetition(_ sample: Sample, of path: String) -> Bool {
    guard let known = last[path], known.instant == sample.instant, known.quality == sample.quality else { return false }
    if case .number(let a) = known.value, case .number(let b) = sample.value { return a == b || (a.isNaN && b.isNaN) }
    return known.value == sample.value
  }
}
