import Foundation
import Historian
import Interchange
import Quantities
import Telemetry

/// A historian's answers as tables, for the commands that print them.
struct HistorianTables {
  let reader: any HistorianReader

  /// What `query` prints for these options: the samples or windows of one tag, or the last value of every tag.
  func table(of tag: String?, span: Span, window: String?) throws -> ResultTable {
    guard let tag else { return try health() }
    guard let newest = reader.last(of: tag) else {
      throw CommandFailure("there is no tag \(tag); there are \(reader.tags.prefix(40).joined(separator: ", "))")
    }
    var range = try span.range()
    guard let window else {
      var table = ResultTable(columns: ["instant", "value", "quality", "lateness_s"])
      for sample in try reader.samples(of: tag, in: range) {
        let value: ResultTable.Cell = if case .text(let text) = sample.value { .text(text) } else { .init(sample.value.number) }
        table.append([.text(sample.instant.iso8601), value, .text("\(sample.quality)"), .number(sample.lateness.seconds)])
      }
      return table
    }
    if span.from == nil { range = newest.instant - .hours(24)..<range.upperBound }
    if span.to == nil { range = range.lowerBound..<newest.instant + .nanoseconds(1) }
    var table = ResultTable(columns: ["from", "count", "min", "mean", "time_weighted_mean", "max", "good_share"])
    for aggregate in try reader.aggregate(tag, over: range, windows: WindowRule(length: try Self.length(window))) {
      table.append([
        .text(aggregate.range.lowerBound.iso8601), .init(aggregate.count), .init(aggregate.minimum), .init(aggregate.mean),
        .init(aggregate.timeWeightedMean), .init(aggregate.maximum), .init(aggregate.goodShare),
      ])
    }
    return table
  }

  /// The data engineer's table, one row a tag.
  func health(matching match: String? = nil) throws -> ResultTable {
    var table = ResultTable(columns: ["tag", "last", "value", "quality", "samples", "per_minute", "good_share", "late_share"])
    for figures in try reader.statistics() where match.map(figures.tag.contains) ?? true {
      let last = reader.last(of: figures.tag)
      let value: ResultTable.Cell = if case .text(let text)? = last?.value { .text(text) } else { .init(last?.value.number) }
      table.append([
        .text(figures.tag), .text(figures.last.iso8601), value, .init(last.map { "\($0.quality)" }), .init(figures.count), .init(figures.rate * 60),
        .init(figures.share(of: .good)), .init(figures.lateShare),
      ])
    }
    return table
  }

  static func length(_ text: String) throws -> Quantities.Duration {
    let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
    guard let unit = text.last.flatMap({ units[$0] }), let count = Double(text.dropLast()), count > 0, count.isFinite else {
      throw CommandFailure("\(text) is no length of time; write 30s, 10m, 1h or 1d")
    }
    return .seconds(count * unit)
  }

  /// The same with gaps, distinct values and bytes, for a historian that stands alone: every sample is read. `note` hears how far it has come.
  func fullHealth(of snapshot: HistorianSnapshot, matching match: String?, note: (Int, Int) -> Void) throws -> ResultTable {
    var table = ResultTable(columns: [
      "tag", "samples", "first", "last", "per_second", "gaps", "longest_gap_s", "good_share", "uncertain_share", "bad_share", "late_share", "bytes",
      "bytes_per_sample", "median_lateness_s", "max_lateness_s", "distinct",
    ])
    let tags = snapshot.tags.filter { tag in match.map(tag.contains) ?? true }
    for (number, tag) in tags.enumerated() {
      guard let figures = try snapshot.figures(of: tag), let all = figures.statistics else { continue }
      table.append([
        .text(tag), .init(figures.count), .text(all.first.iso8601), .text(all.last.iso8601), .init(all.rate), .init(figures.gaps?.count),
        .init(figures.gaps?.longest.seconds), .init(all.share(of: .good)), .init(all.share(of: .uncertain)), .init(all.share(of: .bad)),
        .init(all.lateShare), .init(figures.storedBytes), .init(figures.bytesPerSample), .init(figures.medianLateness?.seconds),
        .init(all.lateness.greatest.seconds), .init(figures.distinct),
      ])
      note(number + 1, tags.count)
    }
    return table
  }
}
