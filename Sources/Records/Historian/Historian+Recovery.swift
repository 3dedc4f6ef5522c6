internal import Quantities
internal import Storage
internal import Telemetry

/// What stands on the storage: block files and, behind them, the log.
struct Recovered {
  var report = RecoveryReport()
  var blockFiles: [BlockFile] = []
  var nextSeal = 0
  var head = Head()
  var latest: [String: Sample] = [:]
  var lastSequence: UInt64 = 0
  /// The numbers of the log's segments, in order.
  var segments: [Int] = []

  /// - Parameter mayChange: false for a reader beside a running historian: it cuts, syncs and removes nothing.
  init(from storage: any Storage, mayChange: Bool) throws(StorageError) {
    // The log first: what a running historian seals in between is then seen twice, and told apart by sequence; the other
    // way round it would not be seen at all.
    let parsed = try readLog(storage)
    try readBlockFiles(storage, mayChange: mayChange)
    replay(parsed)
    if mayChange { try mend(parsed, storage) }
  }

  private mutating func readLog(_ storage: any Storage) throws(StorageError) -> [(name: String, segment: LogSegment)] {
    var parsed: [(String, LogSegment)] = []
    for name in try storage.list(prefix: LogSegment.folder) {
      guard let number = LogSegment.number(ofName: name) else { continue }
      do throws(StorageError) {
        parsed.append((name, LogSegment(try storage.read(name))))
        segments.append(number)
      } catch .notFound {
        // Sealed and removed by the running historian since we listed it.
      } catch { throw error }
    }
    report.segments = parsed.count
    return parsed
  }

  private mutating func readBlockFiles(_ storage: any Storage, mayChange: Bool) throws(StorageError) {
    for name in try storage.list(prefix: BlockFile.folder) {
      guard let seals = BlockFile.seals(ofName: name) else { continue }
      nextSeal = max(nextSeal, seals.upperBound + 1)
      do throws(HistorianError) {
        blockFiles.append(try BlockFile(reading: name, seals: seals, from: storage))
      } catch .storage(let error) {
        throw error
      } catch { report.damagedBlockFiles.append(name) }
    }
    let superseded = blockFiles.filter { old in blockFiles.contains { $0.supersedes(old.firstSeal...old.lastSeal) } }.map(\.name)
    blockFiles.removeAll { superseded.contains($0.name) }
    blockFiles.sort { $0.firstSeal < $1.firstSeal }
    if mayChange {
      for name in superseded { try storage.remove(name) }
      report.supersededBlockFiles = superseded
    }
    report.blockFiles = blockFiles.count
    for file in blockFiles {
      lastSequence = max(lastSequence, file.lastSequence)
      for (tag, entry) in file.tags { latest.take(entry.latest, of: tag) }
    }
  }

  private mutating func replay(_ parsed: [(name: String, segment: LogSegment)]) {
    for (name, segment) in parsed {
      for stretch in segment.damage { report.damage.append(.init(name: name, offset: stretch.lowerBound, length: stretch.count)) }
      for record in segment.records {
        guard record.sequence > lastSequence else {
          report.repeatedRecords += 1
          continue
        }
        report.missingRecords += record.sequence - lastSequence - 1
        lastSequence = record.sequence
        report.records += 1
        for block in record.blocks {
          head.append(block)
          latest.takeLatest(of: block)
          report.samples += block.count
        }
      }
    }
  }

  private mutating func mend(_ parsed: [(name: String, segment: LogSegment)], _ storage: any Storage) throws(StorageError) {
    for (name, segment) in parsed where segment.goodLength < segment.length {
      report.tornTails.append(.init(name: name, offset: segment.goodLength, length: segment.length - segment.goodLength))
      try storage.truncate(name, to: segment.goodLength)
    }
    // A process that was killed may have written what it had no time to sync. It is in the head now, so it must last.
    if let last = parsed.last { try storage.sync(last.name) }
  }
}
