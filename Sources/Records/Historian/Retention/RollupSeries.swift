public import Quantities
internal import Telemetry

/// Roll-ups are series like any other, under names that begin with a byte no tag has: the same log, blocks and merging keep them.
enum RollupSeries {
  static let mark = "\u{1}"
  static let fields = ["count", "min", "max", "mean", "first", "last", "twa"]

  static func isRollup(_ name: String) -> Bool { name.utf8.first == 1 }

  static func name(_ field: String, of tag: String, length: Duration) -> String {
    "\(mark)\(length.nanoseconds / 1_000_000_000)s/\(field)/\(tag)"
  }

  static func values(_ window: WindowAggregate) -> [Double?] {
    [
      Double(window.count), window.minimum, window.maximum, window.mean, window.first?.value.number, window.last?.value.number,
      window.timeWeightedMean,
    ]
  }
}

extension HistorianSnapshot {
  /// The windows of a tag that were rolled up and begin in `range`, ascending; windows without a sample are left out.
  ///
  /// - Throws: `storage`, `damaged`.
  public func rollups(of tag: String, length: Duration, in range: Range<Instant>) throws(HistorianError) -> [Rollup] {
    let range = range.lowerBound.nanoseconds..<range.upperBound.nanoseconds
    var columns: [[Int64: Double]] = []
    var starts: [Int64] = []
    for field in RollupSeries.fields {
      guard let number = series.find(RollupSeries.name(field, of: tag, length: length))?.index, latest.holds(number) else {
        columns.append([:])
        continue
      }
      let column = try column(of: number, in: range, withArrivals: false)
      if columns.isEmpty { starts = column.instants }
      columns.append(Dictionary(uniqueKeysWithValues: zip(column.instants, column.numbers)))
    }
    return starts.map { start in
      Rollup(
        start: Instant(nanoseconds: start), count: Int(columns[0][start] ?? 0), minimum: columns[1][start], maximum: columns[2][start],
        mean: columns[3][start], first: columns[4][start], last: columns[5][start], timeWeightedMean: columns[6][start])
    }
  }
}
