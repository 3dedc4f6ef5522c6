internal import Quantities
internal import Telemetry

/// For each series the sample with the greatest instant; of equal instants the later written.
struct LatestTable: Sendable {
  private struct Entry {
    var instant: Int64
    var arrival: Int64
    var number: Double
    /// `Mark`, or `unknown`.
    var mark: UInt8
  }

  private static let unknown = UInt8.max
  private var entries: [Entry] = []
  /// Of the series whose latest is a text.
  private var texts: [UInt32: String] = [:]

  subscript(_ series: UInt32) -> Sample? {
    guard series < entries.count, entries[Int(series)].mark != Self.unknown else { return nil }
    let entry = entries[Int(series)]
    let value: SampleValue = Mark.isText(entry.mark) ? .text(texts[series]!) : .number(entry.number)
    return Sample(
      instant: Instant(nanoseconds: entry.instant), arrival: Instant(nanoseconds: entry.arrival), value: value, quality: Mark.quality(entry.mark))
  }

  /// Whether the series has a sample.
  func holds(_ series: UInt32) -> Bool { series < entries.count && entries[Int(series)].mark != Self.unknown }

  mutating func take(_ run: HeadRun) {
    for place in run.keys.indices {
      let range = run.starts[place]..<run.starts[place + 1]
      var best = range.lowerBound
      for i in range where run.columns.instants[i] >= run.columns.instants[best] { best = i }
      let text = run.columns.isText(best) ? run.columns.texts[run.columns.textIndex(best)] : nil
      let columns = run.columns
      take(
        Entry(instant: columns.instants[best], arrival: columns.arrivals[best], number: columns.numbers[best], mark: columns.marks[best]),
        text, of: run.keys[place])
    }
  }

  mutating func take(_ sample: Sample, of series: UInt32) {
    var entry = Entry(
      instant: sample.instant.nanoseconds, arrival: sample.arrival.nanoseconds, number: sample.value.number ?? 0, mark: Mark.place(sample.quality))
    if case .text(let text) = sample.value {
      entry.mark |= Mark.text
      take(entry, text, of: series)
    } else {
      take(entry, nil, of: series)
    }
  }

  private mutating func take(_ entry: Entry, _ text: String?, of series: UInt32) {
    let place = Int(series)
    if place >= entries.count {
      let unknown = Entry(instant: 0, arrival: 0, number: 0, mark: Self.unknown)
      entries += repeatElement(unknown, count: max(place + 1, 2 * entries.count) - entries.count)
    }
    let known = entries[place]
    if known.mark != Self.unknown {
      if known.instant > entry.instant { return }
      if Mark.isText(known.mark), text == nil { texts[series] = nil }
    }
    if let text { texts[series] = text }
    entries[place] = entry
  }
}
