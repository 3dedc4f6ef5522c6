internal import Quantities
internal import Storage
internal import Telemetry

/// What stands on the storage: block files and, behind them, the log.
struct Recovered {
  var report = RecoveryReport()
  var blockFiles: [BlockFile] = []
  var nextSeal = 0
  var head = Head()
  var latest = LatestTable()
  var series = SeriesTable()
  var lastSequence: UInt64 = 0
  /// The log's segments, in order, with the last sequence in each.
  var segments: [(number: Int, lastSequence: UInt64)] = []

  /// - Parameter mayChange: false for a reader beside a running historian: it cuts, syncs and removes nothing.
  init(from storage: any Storage, mayChange: Bool) throws(StorageError) {
    // The log first: what a running historian seals in between is then seen twice, and told apart by sequence; the other
    // way round it would not be seen at all.
    let parsed = try readLog(storage)
    try readBlockFiles(storage, mayChange: mayChange)
    for (name, segment) in parsed { replay(name, segment) }
    if let run = head.settle(seriesCount: series.count) { latest.take(run) }
    if mayChange { try mend(parsed, storage) }
  }

  private mutating func readLog(_ storage: any Storage) throws(StorageError) -> [(name: String, segment: LogSegment)] {
    var parsed: [(String, LogSegment)] = []
    for name in try storage.list(prefix: LogSegment.folder) {
      guard let number = LogSegment.number(ofName: name) else { continue }
      do throws(StorageError) {
        let segment = LogSegment(try storage.read(name))
        parsed.append((name, segment))
        segments.append((number, segment.lastSequence))
      } catch .notFound {
        // Sealed and removed by the running historian since we listed it.
      } catch { throw error }
    }
    report.segments = parsed.count
    return parsed
  }

  private mutating func readBlockFiles(_ storage: any Storage, mayChange: Bool) throws(StorageError) {
    var opened: [(name: String, seals: ClosedRange<Int>, file: BlockFile.Opened)] = []
    for name in try storage.list(prefix: BlockFile.folder) {
      if BlockFile.isUnfinished(name), mayChange { try storage.remove(name) }
      guard let seals = BlockFile.seals(ofName: name) else { continue }
      nextSeal = max(nextSeal, seals.upperBound + 1)
      do throws(HistorianError) {
        opened.append((name, seals, try BlockFile.open(name, on: storage)))
      } catch .storage(let error) {
        throw error
      } catch { report.damagedBlockFiles.append(name) }
    }
    func isSuperseded(_ seals: ClosedRange<Int>) -> Bool {
      opened.contains { $0.seals != seals && $0.seals.lowerBound <= seals.lowerBound && seals.upperBound <= $0.seals.upperBound }
    }
    let superseded = opened.filter { isSuperseded($0.seals) }.map(\.name)
    opened.removeAll { superseded.contains($0.name) }
    opened.sort { $0.seals.lowerBound < $1.seals.lowerBound }
    if mayChange {
      for name in superseded { try storage.remove(name) }
      report.supersededBlockFiles = superseded
    }
    report.blockFiles = opened.count
    for (name, seals, file) in opened {
      lastSequence = max(lastSequence, file.lastSequence)
      for entry in file.entries { latest.take(entry.latest, of: series.register(entry.tag).index) }
      blockFiles.append(BlockFile(file, name: name, seals: seals, series: &series))
    }
  }

  private mutating func replay(_ name: String, _ segment: LogSegment) {
    for stretch in segment.damage { report.damage.append(.init(name: name, offset: stretch.lowerBound, length: stretch.count)) }
    // This segment's numbers of series, as the numbers of this process.
    var numbering: [Int: SeriesID] = [:]
    for record in segment.records {
      var payload = ByteReader(segment.bytes, in: record.payload)
      let isTaken: Bool
      do throws(Malformed) { isTaken = try take(record, &payload, &numbering) } catch {
        report.damage.append(.init(name: name, offset: record.payload.lowerBound, length: record.payload.count))
        continue
      }
      if isTaken, head.isRunDue, let run = head.settle(seriesCount: series.count) { latest.take(run) }
    }
  }

  /// Returns whether samples were taken.
  private mutating func take(_ record: LogRecord, _ payload: inout ByteReader, _ numbering: inout [Int: SeriesID]) throws(Malformed) -> Bool {
    let kind = record.version == 1 ? LogRecord.blocks : try payload.byte()
    if kind == LogRecord.names {
      let (first, names) = try LogRecord.decodeNames(&payload)
      for (i, name) in names.enumerated() { numbering[first + i] = series.register(name) }
      return false
    }
    guard record.sequence > lastSequence else {
      report.repeatedRecords += 1
      return false
    }
    let before = head.sampleCount
    switch kind {
    case LogRecord.batch:
      let content = try BatchRecord.decode(&payload)
      var batch = SampleBatch(arrival: Instant(nanoseconds: content.arrival))
      batch.reserveCapacity(content.series.count)
      for i in content.series.indices {
        guard let id = numbering[Int(content.series[i])] else { throw Malformed() }
        batch.append(series: id, instant: content.instants[i], value: content.values[i])
      }
      head.append(batch, marks: content.marks)
    case LogRecord.blocks:
      for block in try LogRecord.decodeBlocks(&payload) { head.append(block, of: series.register(block.tag)) }
    default: throw Malformed()
    }
    report.missingRecords += record.sequence - lastSequence - 1
    lastSequence = record.sequence
    report.records += 1
    report.samples += head.sampleCount - before
    return true
  }

  private mutating func mend(_ parsed: [(name: String, segment: LogSegment)], _ storage: any Storage) throws(StorageError) {
    for (name, segment) in parsed where segment.goodLength < segment.bytes.count {
      report.tornTails.append(.init(name: name, offset: segment.goodLength, length: segment.bytes.count - segment.goodLength))
      try storage.truncate(name, to: segment.goodLength)
    }
    // A process that was killed may have written what it had no time to sync. It is in the head now, so it must last.
    if let last = parsed.last { try storage.sync(last.name) }
  }
}
