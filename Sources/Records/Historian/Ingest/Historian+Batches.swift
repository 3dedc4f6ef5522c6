internal import Quantities
internal import Telemetry

extension Historian {
  /// The number of a tag, which is registered if it is new. A registered tag without a sample is in no list and no answer.
  public func series(of tag: String) -> SeriesID { series.register(tag) }

  /// The same from UTF-8, without making a string for a tag that is known; nil where the bytes are not UTF-8.
  public func series(utf8: Span<UInt8>) -> SeriesID? {
    if let known = series.find(utf8) { return known }
    let bytes = unsafe utf8.withUnsafeBufferPointer { unsafe Array($0) }
    return String(validating: bytes, as: UTF8.self).map { series.register($0) }
  }

  /// The tag of a number that this historian gave.
  public func tag(of id: SeriesID) -> String { series.names[Int(id.index)] }

  /// So many numbers have been given; each is below this.
  public var seriesCount: Int { series.count }

  /// Takes a batch in; queries see it at once. Returns its number: it is durable when `commit` or `finishCommit` returns that or a higher one.
  ///
  /// NaN and infinite values become bad. Of two samples of one series with one instant the later in the batch stays.
  /// - Throws: `batchTooLarge`, `headFull`, `storage`; then none of it was taken.
  @discardableResult
  public func append(_ batch: borrowing SampleBatch) throws(HistorianError) -> UInt64 {
    let count = batch.count
    try makeRoom(for: Head.bytesPerSample * count)
    if count == 0 { return log.nextSequence - 1 }
    let marks = batch.marks()
    let sequence = log.append(batch, marks: marks, seriesCount: series.count)
    head.append(batch, marks: marks)
    noteAppend()
    return sequence
  }
}

extension SampleBatch {
  /// Quality and kind of each sample as the engine keeps them; empty where all are good and finite.
  func marks() -> [UInt8] {
    // x · 0 is 0 for a finite x, else NaN; four sums, so that none waits for another.
    var sums = SIMD4<Double>.zero
    let values = values.span
    var i = 0
    while i + 4 <= values.count {
      sums += unsafe SIMD4(values[unchecked: i], values[unchecked: i + 1], values[unchecked: i + 2], values[unchecked: i + 3]) * 0
      i += 4
    }
    var sum = sums.sum()
    while i < values.count {
      sum += values[i] * 0
      i += 1
    }
    if qualities.isEmpty, sum == 0 { return [] }
    var marks = qualities.isEmpty ? Array(repeating: Mark.good, count: count) : qualities.map(Mark.place)
    for i in 0..<count where !values[i].isFinite { marks[i] = 0 }
    return marks
  }
}
