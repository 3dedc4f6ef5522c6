public import Quantities
public import Telemetry

// Questions by number, for who keeps an index of the tags.
extension HistorianSnapshot {
  /// So many numbers had been given; each is below this.
  public var seriesCount: Int { series.count }

  /// The tag of a number that the historian gave before this snapshot.
  public func tag(of id: SeriesID) -> String { series.names[Int(id.index)] }

  /// Whether the series has a sample.
  public func holds(_ id: SeriesID) -> Bool { latest.holds(id.index) }

  /// The number of a tag that has a sample; nil for any other.
  public func knownSeries(of tag: String) -> SeriesID? { number(of: tag).map(SeriesID.init(index:)) }

  /// What the series takes in block files, in bytes; what is in memory and in the log alone is not counted.
  public func storedBytes(of id: SeriesID) -> Int {
    blockFiles.reduce(0) { $0 + $1.chunks(of: id.index).reduce(0) { $0 + Int($1.length) } }
  }

  /// The numbers of a series of at least a quality, ascending by instant: columns of instants, in nanoseconds since 1970, and values.
  ///
  /// Numbers that `admits` names are taken whatever their quality.
  /// - Throws: `storage`, `damaged`.
  public func numbers(
    of id: SeriesID, in range: Range<Instant>, atLeast quality: Quality, or admits: (Double) -> Bool = { _ in false }
  ) throws(HistorianError) -> (instants: [Int64], values: [Double]) {
    guard holds(id) else { return ([], []) }
    let column = try column(of: id.index, in: range.lowerBound.nanoseconds..<range.upperBound.nanoseconds, withArrivals: false)
    let least = Mark.place(quality)
    func isTaken(_ i: Int) -> Bool { !column.isText(i) && (column.marks[i] >= least || admits(column.numbers[i])) }
    if column.marks.allSatisfy({ $0 >= least && !Mark.isText($0) }) { return (column.instants, column.numbers) }
    let kept = column.marks.indices.filter(isTaken)
    return (kept.map { column.instants[$0] }, kept.map { column.numbers[$0] })
  }
}
