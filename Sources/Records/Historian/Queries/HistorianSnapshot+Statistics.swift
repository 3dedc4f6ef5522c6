internal import Quantities
internal import Telemetry

extension HistorianSnapshot {
  public func statistics() throws(HistorianError) -> [TagStatistics] {
    var all: [TagStatistics] = []
    for tag in tags { if let one = try statistics(of: tag) { all.append(one) } }
    return all
  }

  public func statistics(of tag: String) throws(HistorianError) -> TagStatistics? {
    guard let number = number(of: tag) else { return nil }
    return TagStatistics(tag: tag, total: try total(of: number))
  }

  /// All of a series, from the summaries of its chunks; those that overlap in time are decoded, for an instant may stand twice.
  func total(of number: UInt32) throws(HistorianError) -> SampleTotal {
    var pieces: [Piece] = []
    for file in blockFiles {
      for chunk in file.chunks(of: number) { pieces.append(Piece(summary: chunk.summary, order: pieces.count, source: .chunk(file, chunk))) }
    }
    if let column = runs.column(of: number) {
      let ascending = column.ascending()
      pieces.append(Piece(summary: ChunkSummary(ascending, in: 0..<ascending.count), order: pieces.count, source: .head(ascending)))
    }
    pieces.sort { ($0.summary.first, $0.order) < ($1.summary.first, $1.order) }
    var total = SampleTotal()
    var next = 0
    while next < pieces.count {
      var end = next + 1
      var last = pieces[next].summary.last
      while end < pieces.count, pieces[end].summary.first <= last {
        last = max(last, pieces[end].summary.last)
        end += 1
      }
      let cluster = pieces[next..<end]
      if cluster.count == 1 {
        total.add(pieces[next].summary)
      } else if try noInstantStandsTwice(in: cluster) {
        for piece in cluster { total.add(piece.summary) }
      } else {
        total.add(try summary(of: cluster))
      }
      next = end
    }
    return total
  }

  /// Late samples make pieces overlap, and hardly ever has one of them a twin; the instants alone tell.
  private func noInstantStandsTwice(in cluster: ArraySlice<Piece>) throws(HistorianError) -> Bool {
    var all: [Int64] = []
    for piece in cluster {
      switch piece.source {
      case .chunk(let file, let chunk): all += try file.instants(of: chunk)
      case .head(let head): all += head.instants
      }
    }
    all.sort()
    for i in 1..<max(1, all.count) where all[i] == all[i - 1] { return false }
    return true
  }

  private func summary(of cluster: ArraySlice<Piece>) throws(HistorianError) -> ChunkSummary {
    var column = SeriesColumn()
    for piece in cluster.sorted(by: { $0.order < $1.order }) {
      switch piece.source {
      case .chunk(let file, let chunk): column.append(try file.column(of: chunk, withArrivals: true))
      case .head(let head): column.append(head)
      }
    }
    let ascending = column.ascending()
    var summary = ChunkSummary(ascending, in: 0..<ascending.count)
    // Merged chunks hold lateness in whole seconds; their summaries hold the greatest exactly.
    let greatest = cluster.map(\.summary.greatestLateness).max()!
    if SeriesColumn.roundedUp(greatest) == summary.greatestLateness { summary.greatestLateness = greatest }
    return summary
  }

  private struct Piece {
    var summary: ChunkSummary
    /// The order of writing.
    var order: Int
    var source: Source

    enum Source {
      case chunk(BlockFile, BlockFile.Chunk)
      case head(SeriesColumn)
    }
  }
}
