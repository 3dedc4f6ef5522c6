internal import Quantities
public import Storage

extension Historian {
  /// Reads every byte of every file and verifies it: checksums, counts, order of instants, summaries against the samples themselves.
  ///
  /// With `repairs`, what can be mended is: a block file with damaged chunks is written anew without them, torn tails are cut, leftovers are
  /// removed, and what nobody can read is moved to `damaged/`, as it is, for a person to look at. Nobody else may have the storage open then.
  /// - Throws: `storage`.
  public static func check(_ storage: any Storage, repairs: Bool = false) throws(HistorianError) -> CheckReport {
    do throws(StorageError) {
      var check = Check(storage: storage, repairs: repairs)
      try check.checkBlockFiles()
      try check.checkLog()
      return check.report
    } catch { throw .storage(error) }
  }
}

private struct Check {
  let storage: any Storage
  let repairs: Bool
  var report = CheckReport()

  mutating func checkBlockFiles() throws(StorageError) {
    let names = try storage.list(prefix: BlockFile.folder)
    let allSeals = names.compactMap { BlockFile.seals(ofName: $0) }
    for name in names {
      if BlockFile.isUnfinished(name) {
        try remove(name, "left by a write that did not finish")
        continue
      }
      guard let seals = BlockFile.seals(ofName: name) else {
        find(name, 0, "not a file of the historian", lost: 0)
        continue
      }
      try checkBlockFile(name, seals, among: allSeals)
    }
  }

  private mutating func checkBlockFile(_ name: String, _ seals: ClosedRange<Int>, among all: [ClosedRange<Int>]) throws(StorageError) {
    let opened: BlockFile.Opened
    do throws(HistorianError) { opened = try BlockFile.open(name, on: storage) } catch {
      if case .storage(let failure) = error { throw failure }
      find(name, 0, "its directory is damaged", lost: nil, repair: try setAside(name))
      return
    }
    if all.contains(where: { $0 != seals && $0.lowerBound <= seals.lowerBound && seals.upperBound <= $0.upperBound }) {
      return try remove(name, "its samples are in a merged file")
    }
    report.blockFiles += 1
    report.blockBytes += opened.byteCount
    var series = SeriesTable()
    let file = BlockFile(opened, name: name, seals: seals, series: &series)
    var damaged: [(offset: Int, samples: Int, problem: String)] = []
    for number in file.allSeries {
      for chunk in file.chunks(of: number) {
        report.chunks += 1
        let problem = try problem(of: chunk, in: file)
        if let problem {
          damaged.append((chunk.offset, chunk.summary.count, "\(problem), tag \(series.names[Int(number)])"))
        } else {
          report.blockSamples += chunk.summary.count
        }
      }
    }
    if damaged.isEmpty { return }
    var repair: String?
    if repairs { repair = try rewrite(file, without: Set(damaged.map(\.offset)), names: series.names) }
    for (offset, samples, problem) in damaged { find(name, offset, problem, lost: samples, repair: repair) }
  }

  private func problem(of chunk: BlockFile.Chunk, in file: BlockFile) throws(StorageError) -> String? {
    let column: SeriesColumn
    do throws(HistorianError) { column = try file.column(of: chunk, withArrivals: true) } catch {
      if case .storage(let failure) = error { throw failure }
      return "a chunk is damaged"
    }
    guard column.isAscending else { return "a chunk's instants do not ascend" }
    let summary = ChunkSummary(column, in: 0..<column.count)
    // The sum may differ by the order of adding; the greatest lateness is kept more exactly than the chunk has it.
    var stated = chunk.summary
    (stated.sum, stated.greatestLateness) = (summary.sum, summary.greatestLateness)
    return stated == summary ? nil : "a chunk's summary is not that of its samples"
  }

  /// Writes the file anew with its sound chunks, after a copy of the old one was put aside.
  private func rewrite(_ file: BlockFile, without damaged: Set<Int>, names: [String]) throws(StorageError) -> String {
    let kept = "damaged/\(file.name)"
    try storage.replace(kept, try storage.read(file.name))
    var writer = try BlockWriter(seals: file.firstSeal...file.lastSeal, lastSequence: file.lastSequence, to: storage)
    for number in file.allSeries.sorted(by: { names[Int($0)] < names[Int($1)] }) {
      let columns = try columns(of: file.chunks(of: number).filter { !damaged.contains($0.offset) }, in: file)
      guard let last = columns.last else { continue }
      writer.begin(number, tag: names[Int(number)])
      for (summary, column) in columns {
        try writer.append(summary) { ChunkCodec.encode(column, in: 0..<column.count, effort: .thorough, into: &$0) }
      }
      writer.end(latest: last.column.latest)
    }
    _ = try writer.finish()
    return "written anew without it, the old file is \(kept)"
  }

  private func columns(
    of chunks: [BlockFile.Chunk], in file: BlockFile
  ) throws(StorageError) -> [(summary: ChunkSummary, column: SeriesColumn)] {
    var columns: [(ChunkSummary, SeriesColumn)] = []
    do throws(HistorianError) {
      for chunk in chunks { columns.append((chunk.summary, try file.column(of: chunk, withArrivals: true))) }
    } catch { throw .failed(name: file.name, reason: "\(error)") }
    return columns
  }

  mutating func checkLog() throws(StorageError) {
    for name in try storage.list(prefix: LogSegment.folder) {
      guard LogSegment.number(ofName: name) != nil else {
        find(name, 0, "not a file of the historian", lost: 0)
        continue
      }
      let segment = LogSegment(try storage.read(name))
      report.segments += 1
      report.records += segment.records.count
      report.logBytes += segment.bytes.count
      if segment.goodLength < segment.bytes.count {
        if repairs { try storage.truncate(name, to: segment.goodLength) }
        find(
          name, segment.goodLength, "a torn tail of \(segment.bytes.count - segment.goodLength) bytes, which nobody was told is safe", lost: 0,
          repair: repairs ? "cut off" : nil)
      }
      if segment.damage.isEmpty { continue }
      // The sound records stay where they are, and leave the log with the next seal; the bytes that are none are kept for a person.
      var repair: String?
      if repairs {
        try storage.replace("damaged/\(name)", segment.bytes)
        repair = "a copy is damaged/\(name); the records around it are used"
      }
      for stretch in segment.damage { find(name, stretch.lowerBound, "\(stretch.count) bytes are no record", lost: nil, repair: repair) }
    }
  }

  private mutating func find(_ name: String, _ offset: Int, _ problem: String, lost: Int?, repair: String? = nil) {
    report.findings.append(.init(name: name, offset: offset, problem: problem, samplesLost: lost, repair: repair))
  }

  private mutating func remove(_ name: String, _ reason: String) throws(StorageError) {
    if repairs { try storage.remove(name) }
    find(name, 0, reason, lost: 0, repair: repairs ? "removed" : nil)
  }

  private func setAside(_ name: String) throws(StorageError) -> String? {
    guard repairs else { return nil }
    try storage.rename(name, to: "damaged/\(name)")
    return "moved to damaged/\(name)"
  }
}
