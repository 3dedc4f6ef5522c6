public import Quantities
public import Telemetry

/// Samples of one tag, column by column: what the head holds, what a chunk decodes to, and what a range query returns.
///
/// A query's column ascends strictly by instant. Numbers and texts may mix in one column (a source changed its type).
public struct SampleColumn: Sendable, RandomAccessCollection {
  public internal(set) var instants: [Instant] = []
  public internal(set) var arrivals: [Instant] = []
  public internal(set) var qualities: [Quality] = []
  /// Zero where the sample is a text.
  public internal(set) var numbers: [Double] = []
  /// Empty while all samples are numbers; else for each sample its text's place in `texts`, or −1 for a number.
  var textIndices: [Int32] = []
  var texts: [String] = []
  private var indexOfText: [String: Int32] = [:]
  /// Whether instants rise strictly, so that no sorting is needed.
  private(set) var isAscending = true
  /// What the column costs in memory.
  private(set) var byteCount = 0

  /// What a number costs in memory, with its instants and quality.
  static let bytesPerSample = 25

  init() {}

  /// From decoded columns; all have one length, `textIndices` may be empty.
  init(instants: [Instant], arrivals: [Instant], qualities: [Quality], numbers: [Double], texts: [String], textIndices: [Int32]) {
    noteOrder(of: instants)
    (self.instants, self.arrivals, self.qualities) = (instants, arrivals, qualities)
    (self.numbers, self.textIndices) = (numbers, textIndices)
    byteCount = Self.bytesPerSample * instants.count
    for text in texts { _ = intern(text) }
    precondition(self.texts.count == texts.count, "a text stands twice in a chunk")
  }

  public var startIndex: Int { 0 }
  public var endIndex: Int { instants.count }

  public subscript(index: Int) -> Sample {
    Sample(instant: instants[index], arrival: arrivals[index], value: value(at: index), quality: qualities[index])
  }

  func value(at index: Int) -> SampleValue {
    if textIndices.isEmpty || textIndices[index] < 0 { return .number(numbers[index]) }
    return .text(texts[Int(textIndices[index])])
  }

  func isText(_ index: Int) -> Bool { !textIndices.isEmpty && textIndices[index] >= 0 }

  /// As blocks of `tag`, a new one wherever numbers and texts change over.
  public func blocks(of tag: String) -> [SampleBlock] {
    var blocks: [SampleBlock] = []
    var start = 0
    while start < count {
      var end = start + 1
      while end < count, isText(end) == isText(start) { end += 1 }
      let range = start..<end
      let values: SampleBlock.Values =
        isText(start) ? .texts(range.map { texts[Int(textIndices[$0])] }) : .numbers(Array(numbers[range]))
      blocks.append(
        SampleBlock(
          tag: tag, instants: Array(instants[range]), arrivals: Array(arrivals[range]), values: values, qualities: Array(qualities[range])))
      start = end
    }
    return blocks
  }

  // MARK: - Building

  mutating func append(_ block: SampleBlock) {
    noteOrder(of: block.instants)
    instants += block.instants
    arrivals += block.arrivals
    qualities += block.qualities
    byteCount += Self.bytesPerSample * block.count
    switch block.values {
    case .numbers(let values):
      numbers += values
      if !textIndices.isEmpty { textIndices += repeatElement(-1, count: values.count) }
    case .texts(let values):
      beginTexts(before: instants.count - values.count)
      numbers += repeatElement(0, count: values.count)
      for text in values { textIndices.append(intern(text)) }
    }
  }

  mutating func append(_ sample: Sample) {
    if let last = instants.last, sample.instant <= last { isAscending = false }
    instants.append(sample.instant)
    arrivals.append(sample.arrival)
    qualities.append(sample.quality)
    byteCount += Self.bytesPerSample
    switch sample.value {
    case .number(let x):
      numbers.append(x)
      if !textIndices.isEmpty { textIndices.append(-1) }
    case .text(let text):
      beginTexts(before: instants.count - 1)
      numbers.append(0)
      textIndices.append(intern(text))
    }
  }

  /// The samples of `other` at `indices`, in that order.
  mutating func append(_ other: SampleColumn, at indices: some Collection<Int>) {
    if other.textIndices.isEmpty {
      let added = indices.map { other.instants[$0] }
      noteOrder(of: added)
      instants += added
      arrivals += indices.map { other.arrivals[$0] }
      qualities += indices.map { other.qualities[$0] }
      numbers += indices.map { other.numbers[$0] }
      byteCount += Self.bytesPerSample * indices.count
      if !textIndices.isEmpty { textIndices += repeatElement(-1, count: indices.count) }
    } else {
      for index in indices { append(other[index]) }
    }
  }

  /// Ascending by instant; of samples with one instant the one that was written last.
  func ascending() -> SampleColumn {
    if isAscending { return self }
    let order = indices.sorted { (instants[$0], $0) < (instants[$1], $1) }
    var kept: [Int] = []
    kept.reserveCapacity(order.count)
    for index in order {
      if let last = kept.last, instants[last] == instants[index] { kept.removeLast() }
      kept.append(index)
    }
    var column = SampleColumn()
    column.append(self, at: kept)
    return column
  }

  /// The samples in `range`, in their present order.
  func part(in range: Range<Instant>) -> SampleColumn {
    var column = SampleColumn()
    if isAscending {
      let start = firstIndex(atOrAfter: range.lowerBound)
      column.append(self, at: start..<Swift.max(start, firstIndex(atOrAfter: range.upperBound)))
    } else {
      column.append(self, at: indices.filter { range.contains(instants[$0]) })
    }
    return column
  }

  /// The first index whose instant is not before `instant`, in an ascending column.
  func firstIndex(atOrAfter instant: Instant) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if instants[middle] < instant { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private mutating func noteOrder(of added: [Instant]) {
    var last = instants.last
    for instant in added where isAscending {
      if let last, instant <= last { isAscending = false }
      last = instant
    }
  }

  private mutating func beginTexts(before count: Int) {
    if textIndices.isEmpty { textIndices = Array(repeating: -1, count: count) }
    byteCount += 4 * (instants.count - count)
  }

  private mutating func intern(_ text: String) -> Int32 {
    if let index = indexOfText[text] { return index }
    let index = Int32(texts.count)
    texts.append(text)
    indexOfText[text] = index
    // The string, its table slot and its dictionary entry.
    byteCount += text.utf8.count + 64
    return index
  }
}
