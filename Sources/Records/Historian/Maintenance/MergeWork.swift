internal import Storage
internal import Telemetry

/// Neighbouring block files to be made one, in chunks as long as they may be, encoded as small as they get.
struct MergeWork: Sendable {
  let parts: [BlockFile]
  let names: [String]
  let limits: HistorianLimits
  /// Of some series: chunks that end before this are left out.
  var cutoffs: [UInt32: Int64] = [:]

  private struct Piece {
    var file: BlockFile
    var chunk: BlockFile.Chunk
    /// The order of writing.
    var order: Int
  }

  func run(on storage: any Storage) throws(HistorianError) -> BlockFile {
    var failure: HistorianError?
    do throws(StorageError) {
      var writer = try BlockWriter(
        seals: parts[0].firstSeal...parts[parts.count - 1].lastSeal, lastSequence: parts[parts.count - 1].lastSequence, to: storage)
      do throws(HistorianError) {
        let all = Set(parts.flatMap(\.allSeries))
        for series in all.sorted(by: { names[Int($0)] < names[Int($1)] }) { try merge(series, into: &writer) }
      } catch { failure = error }
      if failure == nil {
        do throws(StorageError) { return try writer.finish() } catch { failure = .storage(error) }
      }
      writer.abandon()
    } catch { failure = .storage(error) }
    throw failure!
  }

  private func merge(_ series: UInt32, into writer: inout BlockWriter) throws(HistorianError) {
    var pieces: [Piece] = []
    let cutoff = cutoffs[series] ?? .min
    for file in parts {
      for chunk in file.chunks(of: series) where chunk.summary.last >= cutoff { pieces.append(Piece(file: file, chunk: chunk, order: pieces.count)) }
    }
    if pieces.isEmpty { return }
    writer.begin(series, tag: names[Int(series)])
    pieces.sort { ($0.chunk.summary.first, $0.order) < ($1.chunk.summary.first, $1.order) }
    var gathered = SeriesColumn()
    var greatestLateness = Int64.min
    var next = 0
    while next < pieces.count {
      var cluster = [pieces[next]]
      var last = pieces[next].chunk.summary.last
      next += 1
      while next < pieces.count, pieces[next].chunk.summary.first <= last {
        cluster.append(pieces[next])
        last = max(last, pieces[next].chunk.summary.last)
        next += 1
      }
      if cluster.count == 1, isFinal(cluster[0]) {
        try flush(&gathered, &greatestLateness, into: &writer)
        let bytes = try cluster[0].file.bytes(of: cluster[0].chunk)
        do throws(StorageError) { try writer.append(cluster[0].chunk.summary) { $0.bytes += bytes } } catch { throw .storage(error) }
        if next == pieces.count { writer.end(latest: try column(of: cluster).latest) }
        continue
      }
      gathered.append(try column(of: cluster))
      for piece in cluster { greatestLateness = max(greatestLateness, piece.chunk.summary.greatestLateness) }
      if next == pieces.count { writer.end(latest: gathered.latest) }
      if gathered.count >= 4 * limits.chunkSamples { try flush(&gathered, &greatestLateness, into: &writer) }
    }
    try flush(&gathered, &greatestLateness, into: &writer)
  }

  /// Whether the chunk can stay as it lies: merged before, of this version, and long enough.
  private func isFinal(_ piece: Piece) -> Bool {
    piece.file.isMerged && piece.file.version == 2 && 2 * piece.chunk.summary.count > limits.chunkSamples
  }

  /// Chunks that overlap in time, as one ascending column.
  private func column(of cluster: [Piece]) throws(HistorianError) -> SeriesColumn {
    if cluster.count == 1 { return try cluster[0].file.column(of: cluster[0].chunk, withArrivals: true) }
    var column = SeriesColumn()
    for piece in cluster.sorted(by: { $0.order < $1.order }) { column.append(try piece.file.column(of: piece.chunk, withArrivals: true)) }
    return column.ascending()
  }

  private func flush(_ column: inout SeriesColumn, _ greatestLateness: inout Int64, into writer: inout BlockWriter) throws(HistorianError) {
    guard column.count > 0 else { return }
    if !limits.keepsExactArrivals { column.roundLatenessUp() }
    for range in evenParts(of: column.count, atMost: limits.chunkSamples) {
      var summary = ChunkSummary(column, in: range)
      // The exact one, where it is this chunk's.
      if SeriesColumn.roundedUp(greatestLateness) == summary.greatestLateness { summary.greatestLateness = greatestLateness }
      let part = column
      do throws(StorageError) {
        try writer.append(summary) { ChunkCodec.encode(part, in: range, effort: .thorough, into: &$0) }
      } catch { throw .storage(error) }
    }
    column = SeriesColumn()
    greatestLateness = .min
  }
}

extension SeriesColumn {
  /// The last sample of an ascending column.
  var latest: Sample { sample(at: count - 1) }

  private static let second: Int64 = 1_000_000_000

  /// Rounded up to a whole second; unchanged where that is no longer a number.
  static func roundedUp(_ lateness: Int64) -> Int64 {
    let rest = lateness % second
    let (rounded, overflow) = lateness.addingReportingOverflow(rest == 0 ? 0 : rest > 0 ? second - rest : -rest)
    return overflow ? lateness : rounded
  }

  /// Each sample's lateness becomes whole seconds, never less than it was.
  mutating func roundLatenessUp() {
    for i in 0..<count {
      let (lateness, isBeyond) = arrivals[i].subtractingReportingOverflow(instants[i])
      if isBeyond { continue }
      let (arrival, overflow) = instants[i].addingReportingOverflow(Self.roundedUp(lateness))
      if !overflow { arrivals[i] = arrival }
    }
  }
}
