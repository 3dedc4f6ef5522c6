public import Quantities
internal import Telemetry

extension HistorianSnapshot {
  /// What a data engineer asks of a tag; nil for an unknown one.
  ///
  /// It reads every sample in `range`, once, and of the others their chunks' summaries.
  /// - Throws: `storage`, `damaged`.
  public func figures(of tag: String, in range: Range<Instant> = .distantPast ..< .distantFuture) throws(HistorianError) -> TagFigures? {
    guard let id = knownSeries(of: tag), let last = last(of: tag), let whole = try statistics(of: tag) else { return nil }
    var survey = SampleSurvey()
    try stream(tag, in: range) { survey.take($0) }
    return TagFigures(
      tag: tag, count: whole.count, last: last, statistics: try statistics(of: tag, in: range), gaps: survey.gaps.finished(),
      medianLateness: survey.lateness.median, distinct: survey.distinct, storedBytes: storedBytes(of: id), storedSamples: storedSamples(of: id))
  }

  /// The samples of a series that block files hold; an instant that is in two chunks counts twice.
  private func storedSamples(of id: SeriesID) -> Int {
    blockFiles.reduce(0) { $0 + $1.chunks(of: id.index).reduce(0) { $0 + $1.summary.count } }
  }
}

/// What only the samples themselves tell, in one pass.
private struct SampleSurvey {
  var gaps = GapCounter()
  private(set) var lateness = LatenessBins()
  private var numbers: Set<UInt64> = []
  private var texts: Set<String> = []
  /// The number before: most samples repeat it or are beyond the limit, and then nothing is looked up.
  private var previous: UInt64?

  var distinct: Int { numbers.count + texts.count }

  mutating func take(_ column: SampleColumn) {
    for i in 0..<column.count {
      let instant = column.instants[i].nanoseconds
      gaps.take(instant)
      let (late, overflow) = column.arrivals[i].nanoseconds.subtractingReportingOverflow(instant)
      if !overflow { lateness.take(late) }
      if distinct < TagFigures.distinctLimit { takeValue(i, of: column) }
    }
  }

  private mutating func takeValue(_ i: Int, of column: SampleColumn) {
    if column.isText(i) {
      if case .text(let text) = column[i].value { texts.insert(text) }
    } else if column.numbers[i].isFinite {
      // Zero has two patterns and is one number.
      let bits = column.numbers[i] == 0 ? 0 : column.numbers[i].bitPattern
      if bits != previous { numbers.insert(bits) }
      previous = bits
    }
  }
}
