internal import Quantities
internal import Telemetry

extension HistorianSnapshot {
  public func statistics() throws(HistorianError) -> [TagStatistics] {
    var all: [TagStatistics] = []
    for tag in tags { if let one = try statistics(of: tag) { all.append(one) } }
    return all
  }

  public func statistics(of tag: String) throws(HistorianError) -> TagStatistics? {
    var pieces: [Piece] = []
    for file in blockFiles {
      for chunk in file.tags[tag]?.chunks ?? [] { pieces.append(Piece(summary: chunk.summary, order: pieces.count, source: .chunk(file, chunk))) }
    }
    if let column = head.column(of: tag) {
      let ascending = column.ascending()
      pieces.append(Piece(summary: SampleSummary(ascending), order: pieces.count, source: .head(ascending)))
    }
    if pieces.isEmpty { return nil }
    pieces.sort { ($0.summary.first, $0.order) < ($1.summary.first, $1.order) }
    var total = SampleSummary()
    var cluster: [Piece] = []
    var clusterEnd = Instant.distantPast
    for piece in pieces {
      if !cluster.isEmpty, piece.summary.first > clusterEnd {
        total.add(try summary(of: cluster))
        cluster = []
      }
      clusterEnd = cluster.isEmpty ? piece.summary.last : max(clusterEnd, piece.summary.last)
      cluster.append(piece)
    }
    total.add(try summary(of: cluster))
    return TagStatistics(tag: tag, summary: total)
  }

  /// Summaries add up where pieces are disjoint in time; where they overlap, an instant may stand twice, and the samples decide.
  private func summary(of cluster: [Piece]) throws(HistorianError) -> SampleSummary {
    if cluster.count == 1 { return cluster[0].summary }
    var column = SampleColumn()
    for piece in cluster.sorted(by: { $0.order < $1.order }) {
      let part: SampleColumn
      switch piece.source {
      case .chunk(let file, let chunk): part = try file.column(of: chunk)
      case .head(let head): part = head
      }
      column.append(part, at: part.indices)
    }
    return SampleSummary(column.ascending())
  }

  private struct Piece {
    var summary: SampleSummary
    /// The order of writing.
    var order: Int
    var source: Source

    enum Source {
      case chunk(BlockFile, BlockFile.Chunk)
      case head(SampleColumn)
    }
  }
}
