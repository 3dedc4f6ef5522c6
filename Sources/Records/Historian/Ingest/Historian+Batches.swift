internal import Quantities
internal import Telemetry

extension Historian {
  /// The number of a tag, which is registered if it is new. A registered tag without a sample is in no list and no answer.
  public func series(of tag: String) -> SeriesID { series.register(tag) }

  /// The same from UTF-8; nil where the bytes are none.
  public func series(utf8: Span<UInt8>) -> SeriesID? {
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
  /// - Throws: `batchTooLarge`, `storage`; then none of it was taken.
  @discardableResult
  public func append(_ batch: borrowing SampleBatch) throws(HistorianError) -> UInt64 {
    var blocks: [SampleBlock] = []
    var places: [SeriesID: Int] = [:]
    for i in 0..<batch.count {
      let id = batch.series[i]
      let sample = Sample(
        instant: Instant(nanoseconds: batch.instants[i]), arrival: batch.arrival, value: .number(batch.values[i]),
        quality: batch.qualities.isEmpty ? .good : batch.qualities[i])
      if let place = places[id] {
        blocks[place].append(sample)
      } else {
        places[id] = blocks.count
        blocks.append(SampleBlock(tag: tag(of: id), sample))
      }
    }
    return try append(blocks: blocks)
  }
}

extension SampleBlock {
  fileprivate mutating func append(_ sample: Sample) {
    instants.append(sample.instant)
    arrivals.append(sample.arrival)
    qualities.append(sample.quality)
    if case .numbers(var values) = self.values, let x = sample.value.number {
      values.append(x)
      self.values = .numbers(values)
    }
  }
}
