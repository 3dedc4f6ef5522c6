/// What a run holds of one series, in sum.
struct RunSummary: Sendable {
  /// First and last are the least and the greatest instant, wherever they stand.
  var summary: ChunkSummary
  /// Whether each instant lies behind the one before.
  var isAscending: Bool

  init(_ columns: SeriesColumn, in range: Range<Int>) {
    summary = ChunkSummary(columns, in: range)
    isAscending = true
    let instants = columns.instants.span
    var (least, greatest) = (instants[range.lowerBound], instants[range.lowerBound])
    for i in range.lowerBound + 1..<range.upperBound {
      let instant = instants[i]
      if instant <= greatest { isAscending = false }
      least = min(least, instant)
      greatest = max(greatest, instant)
    }
    (summary.first, summary.last) = (least, greatest)
  }
}

/// The summaries of a run, made once, by the first who asks: a run never changes, and many questions meet it.
final class RunSummaries: Sendable {
  private let made = Remembered<[RunSummary]?>(nil)

  func value(_ make: () -> [RunSummary]) -> [RunSummary] {
    made.withValue { made in
      if let made { return made }
      let new = make()
      made = new
      return new
    }
  }
}
