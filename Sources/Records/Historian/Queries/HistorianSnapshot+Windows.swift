public import Quantities
public import Telemetry

extension HistorianSnapshot {
  /// Count, sum, minimum and maximum of a tag's usable samples in windows of `length`, from the beginning of `range` on.
  ///
  /// Where the samples come from a clock without gaps and no window's edge lies within its jitter, the instants are not decoded.
  /// - Throws: `storage`, `damaged`, `tooManyWindows`.
  public func windows(
    of tag: String, over range: Range<Instant>, length: Duration, leastQuality: Quality = .uncertain
  ) throws(HistorianError) -> WindowStatistics {
    precondition(length > .zero, "windows last longer than nothing")
    let count = try Self.windowCount(range, length)
    var statistics = WindowStatistics(start: range.lowerBound, length: length, windows: count)
    guard count > 0, let number = number(of: tag) else { return statistics }
    let nanoseconds = range.lowerBound.nanoseconds..<range.upperBound.nanoseconds
    let edges = Edges(range: nanoseconds, length: length.nanoseconds)
    let leastMark = Mark.place(leastQuality)
    if let chunks = disjointChunks(of: number, in: nanoseconds) {
      for (file, chunk) in chunks {
        if !(try addAtAGlance(file, chunk, edges, leastMark, &statistics)) {
          Self.add(try file.column(of: chunk, withArrivals: false), edges, leastMark, &statistics)
        }
      }
    } else {
      Self.add(try column(of: number, in: nanoseconds, withArrivals: false), edges, leastMark, &statistics)
    }
    return statistics
  }

  /// The windows of `range`.
  static func windowCount(_ range: Range<Instant>, _ length: Duration) throws(HistorianError) -> Int {
    // As unsigned numbers: the span of two instants may exceed what a Duration holds.
    let span = UInt64(bitPattern: range.upperBound.nanoseconds &- range.lowerBound.nanoseconds)
    let length = UInt64(length.nanoseconds)
    let count = span / length + (span % length == 0 ? 0 : 1)
    guard count <= Historian.windowLimit else { throw .tooManyWindows(count: Int(clamping: count), limit: Historian.windowLimit) }
    return Int(count)
  }

  struct Edges {
    let range: Range<Int64>
    let length: Int64

    /// The window of an instant in the range.
    func window(of instant: Int64) -> Int { Int(UInt64(bitPattern: instant &- range.lowerBound) / UInt64(length)) }

    /// Where a window ends.
    func end(of window: Int) -> Int64 {
      let (end, overflow) = (range.lowerBound &+ Int64(window) &* length).addingReportingOverflow(length)
      return overflow ? range.upperBound : min(end, range.upperBound)
    }
  }

  /// The chunks of a series that reach into `range`, in order of time; nil where some overlap, or samples are in memory.
  private func disjointChunks(of number: UInt32, in range: Range<Int64>) -> [(BlockFile, BlockFile.Chunk)]? {
    if runs.contains(where: { $0.range(of: number) != nil }) { return nil }
    var chunks: [(BlockFile, BlockFile.Chunk)] = []
    for file in blockFiles { for chunk in file.chunks(of: number) where chunk.summary.overlaps(range) { chunks.append((file, chunk)) } }
    chunks.sort { $0.1.summary.first < $1.1.summary.first }
    for i in 1..<max(1, chunks.count) where chunks[i].1.summary.first <= chunks[i - 1].1.summary.last { return nil }
    return chunks
  }

  /// Adds a chunk whose instants need no decoding; false where it is not such a one, and nothing was added.
  private func addAtAGlance(
    _ file: BlockFile, _ chunk: BlockFile.Chunk, _ edges: Edges, _ leastMark: UInt8, _ statistics: inout WindowStatistics
  ) throws(HistorianError) -> Bool {
    guard let view = try file.view(of: chunk) else { return false }
    do throws(Malformed) {
      guard let ticks = try view.ticks(), var from = ticks.firstIndex(atOrAfter: edges.range.lowerBound, count: view.count) else { return false }
      var window = edges.window(of: max(edges.range.lowerBound, chunk.summary.first))
      var parts: [(window: Int, range: Range<Int>)] = []
      while from < view.count, window < statistics.count {
        guard let to = ticks.firstIndex(atOrAfter: edges.end(of: window), count: view.count) else { return false }
        parts.append((window, from..<max(from, to)))
        from = max(from, to)
        window += 1
      }
      if leastMark <= Mark.good, try view.isAllGoodNumbers(), let (numbers, scale) = try view.scaledNumbers() {
        let numbers = numbers.span
        for part in parts { statistics.add(numbers, scale: scale, in: part.range, to: part.window) }
      } else {
        Self.add(try view.numbers(), marks: try view.marks(), parts, leastMark, &statistics)
      }
      return true
    } catch { throw .damaged(name: file.name, offset: chunk.offset) }
  }

  private static func add(_ column: SeriesColumn, _ edges: Edges, _ leastMark: UInt8, _ statistics: inout WindowStatistics) {
    var i = column.firstIndex(atOrAfter: edges.range.lowerBound)
    let stop = column.firstIndex(atOrAfter: edges.range.upperBound)
    var parts: [(window: Int, range: Range<Int>)] = []
    let instants = column.instants.span
    while i < stop {
      let window = edges.window(of: instants[i])
      let end = edges.end(of: window)
      let from = i
      while i < stop, instants[i] < end { i += 1 }
      parts.append((window, from..<i))
    }
    add(column.numbers, marks: column.marks, parts, leastMark, &statistics)
  }

  /// Adds ranges of samples to windows, without those that are not usable.
  private static func add(
    _ numbers: [Double], marks: [UInt8], _ parts: [(window: Int, range: Range<Int>)], _ leastMark: UInt8, _ statistics: inout WindowStatistics
  ) {
    var unusable: [Int] = []
    for (i, mark) in marks.enumerated() where mark < leastMark || mark >= Mark.text || mark == 0 {
      // A number that is not finite is bad; a bad one counts only if it was asked for.
      if mark < leastMark || mark >= Mark.text || !numbers[i].isFinite { unusable.append(i) }
    }
    var next = 0
    let numbers = numbers.span
    for part in parts {
      var from = part.range.lowerBound
      while next < unusable.count, unusable[next] < part.range.upperBound {
        if unusable[next] >= from {
          statistics.add(numbers, in: from..<unusable[next], to: part.window)
          from = unusable[next] + 1
        }
        next += 1
      }
      statistics.add(numbers, in: from..<part.range.upperBound, to: part.window)
    }
  }
}
