public import Quantities
internal import Storage
public import Telemetry

/// What the historian held when the snapshot was taken: it never changes, and any thread may ask it, while appends, sealing and merging go on.
public final class HistorianSnapshot: HistorianReader, Sendable {
  let blockFiles: [BlockFile]
  /// What is in memory, in order of writing.
  let runs: [HeadRun]
  let latest: LatestTable
  let series: SeriesTable
  let twinFree: TwinFreeChunks

  init(blockFiles: [BlockFile], runs: [HeadRun], latest: LatestTable, series: SeriesTable, twinFree: TwinFreeChunks) {
    (self.blockFiles, self.runs, self.latest, self.series, self.twinFree) = (blockFiles, runs, latest, series, twinFree)
  }

  /// The number of a tag that has a sample.
  func number(of tag: String) -> UInt32? { series.find(tag).flatMap { latest.holds($0.index) ? $0.index : nil } }
}

/// The owner's own questions are those of a snapshot of now.
extension Historian: HistorianReader {
  /// The most windows in one answer.
  public static let windowLimit = 100_000

  public var tags: [String] { snapshot().tags }

  public func last(of tag: String) -> Sample? { snapshot().last(of: tag) }

  public func lastOfAll() -> [(tag: String, sample: Sample)] { snapshot().lastOfAll() }

  public func samples(of tag: String, in range: Range<Instant>) throws(HistorianError) -> SampleColumn {
    try snapshot().samples(of: tag, in: range)
  }

  public func lastSample(of tag: String, before instant: Instant) throws(HistorianError) -> Sample? {
    try snapshot().lastSample(of: tag, before: instant)
  }

  public func aggregate(_ tag: String, over range: Range<Instant>, windows: WindowRule) throws(HistorianError) -> [WindowAggregate] {
    try snapshot().aggregate(tag, over: range, windows: windows)
  }

  public func statistics() throws(HistorianError) -> [TagStatistics] { try snapshot().statistics() }

  public func statistics(of tag: String) throws(HistorianError) -> TagStatistics? { try snapshot().statistics(of: tag) }
}
