internal import Quantities
internal import Telemetry

/// The newest samples, in memory; all of them are in the log as well (or wait to be).
///
/// Samples gather in order of arrival, and are sorted by series into a run when there are many, or when somebody asks. An append so costs
/// little more than the copy of its columns.
struct Head: Sendable {
  /// In order of writing.
  private(set) var runs: [HeadRun] = []
  private var waiting = SeriesColumn()
  private var waitingSeries: [SeriesID] = []
  private(set) var byteCount = 0
  private(set) var sampleCount = 0
  private var arrivals: ClosedRange<Int64>?

  /// What a number costs, with its instants and mark.
  static let bytesPerSample = 25
  /// So many are sorted together: they and what they are sorted into stay in the second cache.
  private static let runSamples = 1 << 16

  /// The plant time between the first and the last arrival.
  var age: Duration {
    arrivals.map { Duration(nanoseconds: saturatingDifference(Instant(nanoseconds: $0.upperBound), Instant(nanoseconds: $0.lowerBound))) } ?? .zero
  }

  mutating func append(_ batch: borrowing SampleBatch, marks: [UInt8]) {
    let count = batch.count
    waitingSeries += batch.series
    waiting.instants += batch.instants
    waiting.arrivals += repeatElement(batch.arrival.nanoseconds, count: count)
    waiting.numbers += batch.values
    if marks.isEmpty { waiting.marks += repeatElement(Mark.good, count: count) } else { waiting.marks += marks }
    note(count, from: batch.arrival.nanoseconds, to: batch.arrival.nanoseconds)
    byteCount += Self.bytesPerSample * count
  }

  mutating func append(_ block: SampleBlock, of id: SeriesID) {
    guard block.count > 0 else { return }
    waitingSeries += repeatElement(id, count: block.count)
    for instant in block.instants { waiting.instants.append(instant.nanoseconds) }
    var (least, most) = (Int64.max, Int64.min)
    for arrival in block.arrivals {
      waiting.arrivals.append(arrival.nanoseconds)
      least = min(least, arrival.nanoseconds)
      most = max(most, arrival.nanoseconds)
    }
    switch block.values {
    case .numbers(let values):
      waiting.numbers += values
      for (i, quality) in block.qualities.enumerated() { waiting.marks.append(values[i].isFinite ? Mark.place(quality) : 0) }
    case .texts(let texts):
      for (i, text) in texts.enumerated() {
        waiting.append(text: text)
        waiting.marks.append(Mark.place(block.qualities[i]) | Mark.text)
        byteCount += text.utf8.count
      }
      byteCount += Self.bytesPerText * texts.count
    }
    byteCount += Self.bytesPerSample * block.count
    note(block.count, from: least, to: most)
  }

  /// A text's place in its table, beside its bytes.
  private static let bytesPerText = 16

  /// What a block will cost.
  static func cost(of block: SampleBlock) -> Int {
    switch block.values {
    case .numbers: bytesPerSample * block.count
    case .texts(let texts): (bytesPerSample + bytesPerText) * block.count + texts.reduce(0) { $0 + $1.utf8.count }
    }
  }

  private mutating func note(_ count: Int, from least: Int64, to most: Int64) {
    sampleCount += count
    arrivals = arrivals.map { min($0.lowerBound, least)...max($0.upperBound, most) } ?? least...most
  }

  /// Whether it is worth sorting what waits.
  var isRunDue: Bool { waitingSeries.count >= Self.runSamples }

  /// Sorts what waits into a run and returns it; nil where nothing waits. Small neighbouring runs become one, so that there are never many.
  mutating func settle(seriesCount: Int) -> HeadRun? {
    guard !waitingSeries.isEmpty else { return nil }
    let run = HeadRun(waiting, series: waitingSeries, seriesCount: seriesCount)
    waitingSeries.removeAll(keepingCapacity: true)
    waiting.removeAll()
    runs.append(run)
    while runs.count > 1, runs[runs.count - 2].count < min(2 * runs[runs.count - 1].count, Self.runSamples) {
      let later = runs.removeLast()
      let earlier = runs.removeLast()
      runs.append(HeadRun(merging: earlier, later))
    }
    return run
  }

  /// Puts an older head's samples, all settled, before these.
  mutating func takeBack(_ older: Head) {
    runs.insert(contentsOf: older.runs, at: 0)
    byteCount += older.byteCount
    if let span = older.arrivals { note(older.sampleCount, from: span.lowerBound, to: span.upperBound) }
  }
}

extension [HeadRun] {
  /// The series that have samples, ascending.
  var allSeries: [UInt32] { Set(flatMap(\.keys)).sorted() }

  /// The samples of a series in order of writing; nil if it has none.
  func column(of series: UInt32) -> SeriesColumn? {
    var parts: [(HeadRun, Range<Int>)] = []
    for run in self { if let range = run.range(of: series) { parts.append((run, range)) } }
    if parts.isEmpty { return nil }
    var column = SeriesColumn()
    column.reserveCapacity(parts.reduce(0) { $0 + $1.1.count })
    for (run, range) in parts { column.append(run.columns, in: range) }
    return column
  }
}
