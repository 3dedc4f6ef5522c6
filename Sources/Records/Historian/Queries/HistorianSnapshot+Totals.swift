// What every tag holds, from summaries: asked often and beside full load, so it builds nothing that it can do without.
extension HistorianSnapshot {
  /// Of a series, all of it, from the summaries of its chunks and those of what is in memory. Only parts that may hold an instant twice between
  /// them are decoded.
  ///
  /// - Parameter summaries: those of the runs, for who asks for many series.
  func total(of number: UInt32, summaries: [[RunSummary]]? = nil) throws(HistorianError) -> SampleTotal {
    var places: [Place] = []
    for (file, content) in blockFiles.enumerated() {
      for chunk in content.chunks(of: number) { places.append(Place(file: file, chunk: chunk)) }
    }
    let memory: ChunkSummary?
    switch runs.summary(of: number, summaries ?? runs.map(\.summary)) {
    case .none: memory = nil
    case .plain(let summary): memory = summary
    case .tangled: return try total(of: number, in: nil)
    }
    // Files come in order of writing, which is nearly always that of time.
    var isSorted = true
    for i in 1..<max(1, places.count) where places[i].chunk.summary.first < places[i - 1].chunk.summary.first { isSorted = false }
    if !isSorted { places.sort { ($0.chunk.summary.first, $0.file) < ($1.chunk.summary.first, $1.file) } }
    var total = SampleTotal()
    var rest = memory
    var next = 0
    while next < places.count {
      var end = next + 1
      var last = places[next].chunk.summary.last
      var first = places[next].chunk.summary.first
      var takesMemory = false
      while true {
        if let memory = rest, !takesMemory, memory.first <= last, memory.last >= first {
          takesMemory = true
          (first, last) = (min(first, memory.first), max(last, memory.last))
        } else if end < places.count, places[end].chunk.summary.first <= last {
          last = max(last, places[end].chunk.summary.last)
          end += 1
        } else {
          break
        }
      }
      // Memory that reaches back over what was added already: the careful way takes it all.
      if takesMemory, next > 0, first <= places[..<next].lazy.map(\.chunk.summary.last).max()! { return try self.total(of: number, in: nil) }
      if end == next + 1, !takesMemory {
        total.add(places[next].chunk.summary)
      } else if try isTwinFree(number, places[next..<end], withMemory: takesMemory) {
        for place in places[next..<end] { total.add(place.chunk.summary) }
        if takesMemory, let memory = rest { total.add(memory) }
      } else {
        return try self.total(of: number, in: nil)
      }
      if takesMemory { rest = nil }
      next = end
    }
    if let memory = rest { total.add(memory) }
    return total
  }

  /// A chunk and the place of its file.
  fileprivate struct Place {
    var file: Int
    var chunk: BlockFile.Chunk
  }

  /// Whether no instant stands twice in parts that overlap. Of chunks alone the answer is kept, for they never change.
  private func isTwinFree(_ number: UInt32, _ places: ArraySlice<Place>, withMemory: Bool) throws(HistorianError) -> Bool {
    let key =
      withMemory ? nil : TwinFreeChunks.Key(places.flatMap { [blockFiles[$0.file].firstSeal, blockFiles[$0.file].lastSeal, $0.chunk.offset] })
    if let key, twinFree.holds(key) { return true }
    var parts = places.map { SeriesPart(summary: $0.chunk.summary, order: $0.file, source: .chunk(blockFiles[$0.file], $0.chunk)) }
    if withMemory, let column = runs.column(of: number)?.ascending() {
      parts.append(SeriesPart(summary: ChunkSummary(column, in: 0..<column.count), order: blockFiles.count, source: .memory(column)))
    }
    guard try noInstantStandsTwice(in: parts[...]) else { return false }
    if let key { twinFree.note(key) }
    return true
  }
}

/// Overlapping chunks of which it was found that they hold no instant twice: found once, not with each question. Late samples make chunks of
/// neighbouring seals overlap until they are merged.
final class TwinFreeChunks: Sendable {
  /// For each chunk the seals of its file and its place in it.
  struct Key: Hashable, Sendable {
    var numbers: [Int]
    init(_ numbers: [Int]) { self.numbers = numbers }
  }

  private static let limit = 100_000
  private let known = Remembered(Set<Key>())

  func holds(_ key: Key) -> Bool { known.withValue { $0.contains(key) } }

  func note(_ key: Key) {
    known.withValue { known in
      // Most of them were merged away long since.
      if known.count >= Self.limit { known = [] }
      known.insert(key)
    }
  }
}

/// What is in memory of one series.
enum MemorySummary {
  case none
  case plain(ChunkSummary)
  /// An instant stands twice, or so many samples are out of order that only sorting tells.
  case tangled
}

extension [HeadRun] {
  /// The summary of a series' samples, without copying or sorting them.
  func summary(of series: UInt32, _ summaries: [[RunSummary]]) -> MemorySummary {
    var sum: ChunkSummary?
    var earlier: [(run: Int, range: Range<Int>)] = []
    for i in indices {
      guard let place = self[i].place(of: series) else { continue }
      let known = summaries[i][place]
      let range = self[i].starts[place]..<self[i].starts[place + 1]
      let isBehind = known.isAscending && sum.map { $0.last < known.summary.first } ?? true
      if !isBehind, holdsTwin(i, range, earlier, above: sum?.last ?? .min) { return .tangled }
      sum = sum.map { $0.adding(known.summary) } ?? known.summary
      earlier.append((i, range))
    }
    return sum.map(MemorySummary.plain) ?? .none
  }

  /// Whether an instant of a run's range stands twice in it, or in one of the earlier ranges, whose greatest instant is `above`; true also where
  /// that would take too long to tell.
  private func holdsTwin(_ run: Int, _ range: Range<Int>, _ earlier: [(run: Int, range: Range<Int>)], above: Int64) -> Bool {
    let column = self[run].columns.instants
    let instants = column.span
    var greatest = above
    var stragglers = 0
    for i in range {
      let instant = instants[i]
      if instant > greatest {
        greatest = instant
        continue
      }
      stragglers += 1
      if stragglers > 32 || stands(instant, in: earlier) || Self.stands(instant, instants, range.lowerBound..<i) { return true }
    }
    return false
  }

  private func stands(_ instant: Int64, in parts: [(run: Int, range: Range<Int>)]) -> Bool {
    for part in parts {
      let column = self[part.run].columns.instants
      if Self.stands(instant, column.span, part.range) { return true }
    }
    return false
  }

  private static func stands(_ instant: Int64, _ instants: Span<Int64>, _ range: Range<Int>) -> Bool {
    precondition(range.lowerBound >= 0 && range.upperBound <= instants.count, "\(range) of \(instants.count) instants")
    var found = false
    // To the end in any case: without a way out the loop compares several at once.
    for i in range { found = unsafe found || instants[unchecked: i] == instant }
    return found
  }
}

extension ChunkSummary {
  /// Of these samples and others.
  fileprivate func adding(_ other: ChunkSummary) -> ChunkSummary {
    var sum = self
    (sum.first, sum.last) = (min(first, other.first), max(last, other.last))
    sum.qualities &+= other.qualities
    sum.lateness &+= other.lateness
    sum.greatestLateness = max(greatestLateness, other.greatestLateness)
    sum.usableCount += other.usableCount
    sum.minimum = min(minimum, other.minimum)
    sum.maximum = max(maximum, other.maximum)
    sum.sum += other.sum
    return sum
  }
}
