public import Quantities
public import Telemetry

/// Samples of one tag, column by column: what a range query returns, ascending strictly by instant.
///
/// Numbers and texts may mix in one column (a source changed its type).
public struct SampleColumn: Sendable, RandomAccessCollection {
  public private(set) var instants: [Instant] = []
  public private(set) var arrivals: [Instant] = []
  public private(set) var qualities: [Quality] = []
  /// Zero where the sample is a text.
  public private(set) var numbers: [Double] = []
  /// Empty while all samples are numbers; else for each sample its text's place in `texts`, or −1 for a number.
  private var textIndices: [Int32] = []
  private var texts: [String] = []

  init() {}

  /// The samples of `column`, which has its arrivals.
  init(_ column: SeriesColumn) {
    instants = column.instants.map(Instant.init(nanoseconds:))
    arrivals = column.arrivals.map(Instant.init(nanoseconds:))
    numbers = column.numbers
    if column.marks.allSatisfy({ $0 == Mark.good }) {
      qualities = Array(repeating: .good, count: column.count)
      return
    }
    qualities = column.marks.map(Mark.quality)
    guard column.marks.contains(where: Mark.isText) else { return }
    texts = column.texts
    textIndices = Array(repeating: -1, count: column.count)
    for i in 0..<column.count where column.isText(i) {
      textIndices[i] = Int32(column.textIndex(i))
      numbers[i] = 0
    }
  }

  public var startIndex: Int { 0 }
  public var endIndex: Int { instants.count }

  public subscript(index: Int) -> Sample {
    let value: SampleValue = isText(index) ? .text(texts[Int(textIndices[index])]) : .number(numbers[index])
    return Sample(instant: instants[index], arrival: arrivals[index], value: value, quality: qualities[index])
  }

  /// Whether the sample at `index` is a text.
  public func isText(_ index: Int) -> Bool { !textIndices.isEmpty && textIndices[index] >= 0 }

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
}
