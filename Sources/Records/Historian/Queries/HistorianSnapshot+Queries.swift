public import Quantities
public import Telemetry

extension HistorianSnapshot {
  public var tags: [String] { series.names.enumerated().filter { latest.holds(UInt32($0)) && !RollupSeries.isRollup($1) }.map(\.element).sorted() }

  public func last(of tag: String) -> Sample? { series.find(tag).flatMap { latest[$0.index] } }

  /// The last sample of a series by the number that the historian gave; nil where it has none.
  public func last(of id: SeriesID) -> Sample? { latest[id.index] }

  public func lastOfAll() -> [(tag: String, sample: Sample)] {
    var all: [(tag: String, sample: Sample)] = []
    all.reserveCapacity(series.count)
    for (number, name) in series.names.enumerated() where !RollupSeries.isRollup(name) {
      if let sample = latest[UInt32(number)] { all.append((name, sample)) }
    }
    all.sort { $0.tag < $1.tag }
    return all
  }

  public func samples(of tag: String, in range: Range<Instant>) throws(HistorianError) -> SampleColumn {
    guard let number = number(of: tag) else { return SampleColumn() }
    return SampleColumn(try column(of: number, in: range.lowerBound.nanoseconds..<range.upperBound.nanoseconds))
  }

  /// The samples of a series with instants in `range`, ascending; of equal instants the one written last.
  func column(of number: UInt32, in range: Range<Int64>, withArrivals: Bool = true) throws(HistorianError) -> SeriesColumn {
    var all = SeriesColumn()
    for file in blockFiles {
      for chunk in file.chunks(of: number) where chunk.summary.overlaps(range) {
        all.append(try file.column(of: chunk, withArrivals: withArrivals), cutTo: range)
      }
    }
    if var head = runs.column(of: number) {
      if !withArrivals { head.arrivals = [] }
      all.append(head.ascending(), cutTo: range)
    }
    return all.ascending()
  }

  public func lastSample(of tag: String, before instant: Instant) throws(HistorianError) -> Sample? {
    guard let number = number(of: tag) else { return nil }
    return try lastSample(of: number, before: instant.nanoseconds)
  }

  func lastSample(of number: UInt32, before instant: Int64) throws(HistorianError) -> Sample? {
    var best: Sample?
    // The newest written first: of equal instants the later written stays, so only a strictly greater one replaces it.
    if let column = runs.column(of: number)?.ascending() {
      let place = column.firstIndex(atOrAfter: instant)
      if place > 0 { best = column.sample(at: place - 1) }
    }
    for file in blockFiles.reversed() {
      for chunk in file.chunks(of: number).reversed() where chunk.summary.first < instant {
        if let best, chunk.summary.last <= best.instant.nanoseconds { continue }
        let column = try file.column(of: chunk, withArrivals: true)
        let place = column.firstIndex(atOrAfter: instant)
        if place > 0, best.map({ column.instants[place - 1] > $0.instant.nanoseconds }) ?? true { best = column.sample(at: place - 1) }
      }
    }
    return best
  }
}

extension SeriesColumn {
  /// The samples of an ascending column that lie in `range`.
  mutating func append(_ other: SeriesColumn, cutTo range: Range<Int64>) {
    guard other.count > 0 else { return }
    if other.instants[0] >= range.lowerBound, other.instants[other.count - 1] < range.upperBound { return append(other) }
    let start = other.firstIndex(atOrAfter: range.lowerBound)
    append(other, in: start..<max(start, other.firstIndex(atOrAfter: range.upperBound)))
  }
}
