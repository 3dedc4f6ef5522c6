public import Quantities
public import Telemetry

extension HistorianSnapshot {
  public var tags: [String] { latest.keys.sorted() }

  public func last(of tag: String) -> Sample? { latest[tag] }

  public func lastOfAll() -> [(tag: String, sample: Sample)] { tags.map { ($0, latest[$0]!) } }

  public func samples(of tag: String, in range: Range<Instant>) throws(HistorianError) -> SampleColumn {
    var all = SampleColumn()
    for file in blockFiles {
      for chunk in file.tags[tag]?.chunks ?? [] where chunk.summary.first < range.upperBound && chunk.summary.last >= range.lowerBound {
        let part = try file.column(of: chunk).part(in: range)
        all.append(part, at: part.indices)
      }
    }
    if let part = head.column(of: tag)?.part(in: range) { all.append(part, at: part.indices) }
    return all.ascending()
  }

  public func lastSample(of tag: String, before instant: Instant) throws(HistorianError) -> Sample? {
    var best: Sample?
    // The newest written first: of equal instants the later written stays, so only a strictly greater one replaces it.
    if let column = head.column(of: tag) {
      for i in column.indices where column.instants[i] < instant && column.instants[i] >= best?.instant ?? .distantPast { best = column[i] }
    }
    for file in blockFiles.reversed() {
      for chunk in (file.tags[tag]?.chunks ?? []).reversed() where chunk.summary.first < instant {
        if let best, chunk.summary.last <= best.instant { continue }
        let column = try file.column(of: chunk)
        let place = column.firstIndex(atOrAfter: instant)
        if place > 0, best.map({ column.instants[place - 1] > $0.instant }) ?? true { best = column[place - 1] }
      }
    }
    return best
  }
}
