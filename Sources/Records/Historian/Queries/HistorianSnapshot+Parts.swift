public import Quantities
internal import Telemetry

/// A stretch of samples of one series: a chunk of a block file, or what is in memory.
struct SeriesPart {
  var summary: ChunkSummary
  /// The order of writing.
  var order: Int
  var source: Source

  enum Source {
    case chunk(BlockFile, BlockFile.Chunk)
    case memory(SeriesColumn)
  }

  func column(withArrivals: Bool) throws(HistorianError) -> SeriesColumn {
    switch source {
    case .chunk(let file, let chunk): return try file.column(of: chunk, withArrivals: withArrivals)
    case .memory(var column):
      if !withArrivals { column.arrivals = [] }
      return column
    }
  }

  func instants() throws(HistorianError) -> [Int64] {
    switch source {
    case .chunk(let file, let chunk): try file.instants(of: chunk)
    case .memory(let column): column.instants
    }
  }
}

extension HistorianSnapshot {
  /// The parts of a series that reach into `range` (nil for all), in clusters: parts of different clusters do not overlap, and clusters ascend.
  func clusters(of number: UInt32, in range: Range<Int64>? = nil) -> [ArraySlice<SeriesPart>] {
    var parts: [SeriesPart] = []
    for file in blockFiles {
      for chunk in file.chunks(of: number) where range.map({ chunk.summary.overlaps($0) }) ?? true {
        parts.append(SeriesPart(summary: chunk.summary, order: parts.count, source: .chunk(file, chunk)))
      }
    }
    if let column = runs.column(of: number)?.ascending() {
      let summary = ChunkSummary(column, in: 0..<column.count)
      if range.map({ summary.overlaps($0) }) ?? true { parts.append(SeriesPart(summary: summary, order: parts.count, source: .memory(column))) }
    }
    parts.sort { ($0.summary.first, $0.order) < ($1.summary.first, $1.order) }
    var clusters: [ArraySlice<SeriesPart>] = []
    var next = 0
    while next < parts.count {
      var end = next + 1
      var last = parts[next].summary.last
      while end < parts.count, parts[end].summary.first <= last {
        last = max(last, parts[end].summary.last)
        end += 1
      }
      clusters.append(parts[next..<end])
      next = end
    }
    return clusters
  }

  /// A cluster's samples, ascending; of equal instants the one written last.
  func column(of cluster: ArraySlice<SeriesPart>, withArrivals: Bool) throws(HistorianError) -> SeriesColumn {
    if cluster.count == 1 { return try cluster[cluster.startIndex].column(withArrivals: withArrivals) }
    var column = SeriesColumn()
    for part in cluster.sorted(by: { $0.order < $1.order }) { column.append(try part.column(withArrivals: withArrivals)) }
    return column.ascending()
  }

  /// The samples of a tag in `range`, ascending, handed over in portions of a chunk or so: memory stays bounded however long the range is.
  ///
  /// - Throws: `storage`, `damaged`; portions may have been handed over before.
  public func stream(_ tag: String, in range: Range<Instant>, _ body: (SampleColumn) -> Void) throws(HistorianError) {
    guard let number = number(of: tag) else { return }
    let range = range.lowerBound.nanoseconds..<range.upperBound.nanoseconds
    for cluster in clusters(of: number, in: range) {
      var portion = SeriesColumn()
      portion.append(try column(of: cluster, withArrivals: true), cutTo: range)
      if portion.count > 0 { body(SampleColumn(portion)) }
    }
  }
}
