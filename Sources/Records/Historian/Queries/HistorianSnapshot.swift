public import Quantities
public import Telemetry

/// What the historian held when the snapshot was taken: it never changes, and any thread may ask it, while appends, sealing and merging go on.
public final class HistorianSnapshot: HistorianReader, Sendable {
  let blockFiles: [BlockFile]
  let head: Head
  let latest: [String: Sample]

  init(blockFiles: [BlockFile], head: Head, latest: [String: Sample]) {
    (self.blockFiles, self.head, self.latest) = (blockFiles, head, latest)
  }
}

extension Historian {
  /// All that was appended so far, durable or not, to be read without the historian. It costs little; it keeps memory and files alive until it goes.
  public func snapshot() -> HistorianSnapshot { HistorianSnapshot(blockFiles: blockFiles, head: head, latest: latest) }
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
