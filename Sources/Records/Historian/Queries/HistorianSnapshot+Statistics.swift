public import Quantities
internal import Telemetry

extension HistorianSnapshot {
  public func statistics() throws(HistorianError) -> [TagStatistics] {
    var all: [TagStatistics] = []
    let numbers = series.names.indices.filter { latest.holds(UInt32($0)) && !RollupSeries.isRollup(series.names[$0]) }
    all.reserveCapacity(numbers.count)
    let summaries = runs.map(\.summary)
    for number in numbers.sorted(by: { series.names[$0] < series.names[$1] }) {
      all.append(TagStatistics(tag: series.names[number], total: try total(of: UInt32(number), summaries: summaries)))
    }
    return all
  }

  public func statistics(of tag: String) throws(HistorianError) -> TagStatistics? {
    guard let number = number(of: tag) else { return nil }
    return TagStatistics(tag: tag, total: try total(of: number))
  }

  /// The same over the samples with instants in `range`; nil where there are none. Only chunks at its ends are decoded.
  ///
  /// - Throws: `storage`, `damaged`.
  public func statistics(of tag: String, in range: Range<Instant>) throws(HistorianError) -> TagStatistics? {
    guard let number = number(of: tag) else { return nil }
    let total = try total(of: number, in: range.lowerBound.nanoseconds..<range.upperBound.nanoseconds)
    return total.count > 0 ? TagStatistics(tag: tag, total: total) : nil
  }

  /// Of a series, from the summaries of its chunks; those that hold an instant twice between them, or reach beyond the range, are decoded.
  func total(of number: UInt32, in range: Range<Int64>?) throws(HistorianError) -> SampleTotal {
    var total = SampleTotal()
    for cluster in clusters(of: number, in: range) {
      let isInside = range.map { range in cluster.allSatisfy { range.contains($0.summary.first) && range.contains($0.summary.last) } } ?? true
      if isInside, try noInstantStandsTwice(in: cluster) {
        for part in cluster { total.add(part.summary) }
      } else if let summary = try summary(of: cluster, in: range) {
        total.add(summary)
      }
    }
    return total
  }

  /// Late samples make parts overlap, and hardly ever has one of them a twin; the instants alone tell.
  func noInstantStandsTwice(in cluster: ArraySlice<SeriesPart>) throws(HistorianError) -> Bool {
    if cluster.count == 1 { return true }
    // Before the second part begins, and after the last but one has ended, nothing can stand twice.
    let begin = cluster.map(\.summary.first).sorted()[1]
    let end = cluster.map(\.summary.last).sorted()[cluster.count - 2]
    var shared: [Int64] = []
    for part in cluster where part.summary.first <= end && part.summary.last >= begin {
      let instants = try part.instants()
      let from = instants.firstPlace { $0 >= begin }
      shared += instants[from..<max(from, instants.firstPlace { $0 > end })]
    }
    shared.sort()
    for i in 1..<max(1, shared.count) where shared[i] == shared[i - 1] { return false }
    return true
  }

  private func summary(of cluster: ArraySlice<SeriesPart>, in range: Range<Int64>?) throws(HistorianError) -> ChunkSummary? {
    let column = try column(of: cluster, withArrivals: true)
    let start = range.map { column.firstIndex(atOrAfter: $0.lowerBound) } ?? 0
    let end = range.map { column.firstIndex(atOrAfter: $0.upperBound) } ?? column.count
    guard start < end else { return nil }
    var summary = ChunkSummary(column, in: start..<end)
    // Merged chunks hold lateness in whole seconds; their summaries hold the greatest exactly.
    let greatest = cluster.map(\.summary.greatestLateness).max()!
    if SeriesColumn.roundedUp(greatest) == summary.greatestLateness { summary.greatestLateness = greatest }
    return summary
  }
}

extension [Int64] {
  /// The first place where `isReached` holds, which then holds for all behind it.
  fileprivate func firstPlace(_ isReached: (Int64) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if isReached(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
