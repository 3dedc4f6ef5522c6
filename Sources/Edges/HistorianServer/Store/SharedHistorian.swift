internal import Historian
internal import Ingest
internal import Storage
internal import Synchronization
internal import Telemetry

/// The one historian of a server, which all its threads share under one lock; what takes long happens outside of it.
final class SharedHistorian: Sendable {
  private let historian: Mutex<Historian>
  private let storage: any Storage & Sendable
  private let seriesLimit: Int

  init(_ historian: sending Historian, storage: any Storage & Sendable, seriesLimit: Int) {
    self.historian = Mutex(historian)
    (self.storage, self.seriesLimit) = (storage, seriesLimit)
  }

  /// The number of the series of this tag; nil where it is new and there may be no more.
  func series(of tag: String) -> SeriesID? {
    historian.withLock { historian in
      let count = historian.seriesCount
      if count < seriesLimit { return historian.series(of: tag) }
      // At the limit only a known tag has a number below it.
      return historian.knownSeries(of: tag)
    }
  }

  /// Takes samples in. Returns the number that must be durable before they are acknowledged.
  func append(_ samples: DecodedSamples) throws(HistorianError) -> UInt64 {
    let result = historian.withLock { historian -> Result<UInt64, HistorianError> in
      do throws(HistorianError) {
        var sequence = historian.durableSequence
        if samples.batch.count > 0 { sequence = try historian.append(samples.batch) }
        if !samples.texts.isEmpty { sequence = try historian.append(blocks: samples.texts) }
        return .success(sequence)
      } catch { return .failure(error) }
    }
    return try result.get()
  }

  /// Makes durable what was appended so far; appends and snapshots go on meanwhile. Returns the last append that is.
  func commit(isSynced: Bool) throws(HistorianError) -> UInt64 {
    guard let ticket = historian.withLock({ $0.beginCommit() }) else { return historian.withLock { $0.durableSequence } }
    let written = ticket.write(to: storage, isSynced: isSynced)
    let result = historian.withLock { historian -> Result<UInt64, HistorianError> in
      do throws(HistorianError) { return .success(try historian.finishCommit(ticket, written)) } catch { return .failure(error) }
    }
    return try result.get()
  }

  /// Seals or merges where it is time to, outside of the lock. Returns whether there was anything to do. Only one thread may call it.
  func maintain() throws(HistorianError) -> Bool {
    guard let work = historian.withLock({ $0.beginMaintenance() }) else { return false }
    let outcome = work.run(on: storage)
    let result = historian.withLock { historian -> Result<Void, HistorianError> in
      do throws(HistorianError) {
        try historian.finishMaintenance(outcome)
        return .success(())
      } catch { return .failure(error) }
    }
    try result.get()
    return true
  }

  /// Seals everything and makes all block files one; writes wait meanwhile. Only the thread that maintains may call it.
  func compact() throws(HistorianError) {
    let result = historian.withLock { historian -> Result<Void, HistorianError> in
      do throws(HistorianError) {
        try historian.compact()
        return .success(())
      } catch { return .failure(error) }
    }
    try result.get()
  }

  var isSealDue: Bool { historian.withLock { $0.isSealDue } }

  func snapshot() -> HistorianSnapshot { historian.withLock { $0.snapshot() } }

  var headBytes: Int { historian.withLock { $0.headBytes } }
  var seriesCount: Int { historian.withLock { $0.seriesCount } }
}
