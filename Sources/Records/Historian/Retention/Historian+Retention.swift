public import Quantities
internal import Storage
internal import Telemetry

extension Historian {
  /// Rolls up what is complete, and lets go of samples and roll-ups that are older than their rules say. Call it now and then, an hour apart or so.
  ///
  /// What goes is decided by whole chunks: a sample may stay longer than its rule says, never shorter, and never goes before the windows that it
  /// lies in are rolled up. A tag's newest chunk stays, so its last value stays known.
  /// - Throws: `storage`, `damaged`, `headFull`; what was rolled up is kept, and the next call goes on.
  @discardableResult
  public func retain(_ rules: [RetentionRule], now: Instant) throws(HistorianError) -> RetentionReport {
    var report = RetentionReport()
    for tag in tags {
      guard let rule = rules.first(where: { $0.holds(for: tag) }) else { continue }
      for rollup in rule.rollups { report.windows += try rollUp(tag, rollup, until: now - rule.delay, now: now) }
    }
    try commit()
    let cutoffs = cutoffs(rules, now)
    for file in blockFiles { try retain(file, cutoffs, &report) }
    return report
  }

  /// Rolls up the windows of a tag that end at or before `end` and were not rolled up yet. Returns how many had samples.
  private func rollUp(_ tag: String, _ rule: RollupRule, until end: Instant, now: Instant) throws(HistorianError) -> Int {
    let length = rule.length.nanoseconds
    guard let first = try firstInstant(of: tag) else { return 0 }
    let done = last(of: RollupSeries.name("count", of: tag, length: rule.length)).map { $0.instant.nanoseconds + length }
    var from = done ?? Self.aligned(first, length)
    let to = Self.aligned(end.nanoseconds, length)
    var windows = 0
    while from < to {
      // In portions, so that neither memory nor a batch grows with the gap.
      let stop = min(to, from + 1000 * length)
      let range = Instant(nanoseconds: from)..<Instant(nanoseconds: stop)
      var batch = SampleBatch(arrival: now)
      for window in try aggregate(tag, over: range, windows: WindowRule(length: rule.length)) where window.count > 0 {
        windows += 1
        let quality: Quality = window.goodShare == 1 ? .good : .uncertain
        for (field, value) in zip(RollupSeries.fields, RollupSeries.values(window)) {
          guard let value else { continue }
          let id = series(of: RollupSeries.name(field, of: tag, length: rule.length))
          batch.append(series: id, instant: window.range.lowerBound.nanoseconds, value: value, quality: quality)
        }
      }
      try append(batch)
      from = stop
    }
    return windows
  }

  private func firstInstant(of tag: String) throws(HistorianError) -> Int64? {
    let snapshot = snapshot()
    guard let number = snapshot.number(of: tag) else { return nil }
    return snapshot.clusters(of: number).first?.map(\.summary.first).min()
  }

  private static func aligned(_ instant: Int64, _ length: Int64) -> Int64 {
    let rest = instant % length
    return instant - (rest < 0 ? rest + length : rest)
  }

  /// For each series the instant before which its samples may go.
  private func cutoffs(_ rules: [RetentionRule], _ now: Instant) -> [UInt32: Int64] {
    var cutoffs: [UInt32: Int64] = [:]
    for (number, name) in series.names.enumerated() {
      if RollupSeries.isRollup(name) { continue }
      guard let rule = rules.first(where: { $0.holds(for: name) }) else { continue }
      for rollup in rule.rollups {
        guard let keep = rollup.keep else { continue }
        for field in RollupSeries.fields {
          if let id = knownSeries(of: RollupSeries.name(field, of: name, length: rollup.length)) { cutoffs[id.index] = (now - keep).nanoseconds }
        }
      }
      guard let keep = rule.samples else { continue }
      var cutoff = (now - keep).nanoseconds
      for rollup in rule.rollups { cutoff = min(cutoff, Self.aligned((now - rule.delay).nanoseconds, rollup.length.nanoseconds)) }
      cutoffs[UInt32(number)] = cutoff
    }
    return cutoffs
  }

  private func retain(_ file: BlockFile, _ cutoffs: [UInt32: Int64], _ report: inout RetentionReport) throws(HistorianError) {
    var (expired, kept) = (0, 0)
    for number in file.allSeries {
      let latest = latest[number]?.instant.nanoseconds ?? .min
      for chunk in file.chunks(of: number) {
        let goes = chunk.summary.last < cutoffs[number] ?? .min && chunk.summary.last < latest
        if goes { expired += chunk.summary.count } else { kept += chunk.summary.count }
      }
    }
    // Rewriting pays when a quarter of it goes. The newest file stays in any case: it knows the last sequence.
    guard expired > 0, 3 * expired >= kept else { return }
    if kept == 0, file.name != blockFiles.last?.name {
      do throws(StorageError) { try storage.remove(file.name) } catch { throw .storage(error) }
      blockFiles.removeAll { $0.name == file.name }
      noteChange()
    } else {
      try rewrite(file, cutoffs)
    }
    report.files += 1
    report.samples += expired
  }
}
