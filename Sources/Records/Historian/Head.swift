internal import Quantities
internal import Telemetry

/// The newest samples, in memory, by tag; all of them are in the log as well (or wait to be).
struct Head {
  private(set) var columns: [SampleColumn] = []
  private(set) var placeOfTag: [String: Int] = [:]
  private(set) var byteCount = 0
  private(set) var sampleCount = 0
  private var arrivals: ClosedRange<Instant>?

  var tags: [String] { placeOfTag.keys.sorted() }

  /// The plant time between the first and the last arrival.
  var age: Duration { arrivals.map { Duration(nanoseconds: saturatingDifference($0.upperBound, $0.lowerBound)) } ?? .zero }

  /// In order of writing, not of instants.
  func column(of tag: String) -> SampleColumn? { placeOfTag[tag].map { columns[$0] } }

  mutating func append(_ block: SampleBlock) {
    guard block.count > 0 else { return }
    let place: Int
    if let known = placeOfTag[block.tag] {
      place = known
    } else {
      place = columns.count
      columns.append(SampleColumn())
      placeOfTag[block.tag] = place
      byteCount += Self.bytesPerTag + block.tag.utf8.count
    }
    byteCount -= columns[place].byteCount
    columns[place].append(block)
    byteCount += columns[place].byteCount
    sampleCount += block.count
    for arrival in block.arrivals {
      arrivals = arrivals.map { min($0.lowerBound, arrival)...max($0.upperBound, arrival) } ?? arrival...arrival
    }
  }

  /// A tag's share of tables and empty columns.
  private static let bytesPerTag = 256

  /// What a block will cost at most.
  static func cost(of block: SampleBlock) -> Int {
    let fixed = bytesPerTag + block.tag.utf8.count + SampleColumn.bytesPerSample * block.count
    switch block.values {
    case .numbers: return fixed
    case .texts(let texts): return fixed + texts.reduce(0) { $0 + $1.utf8.count + 68 }
    }
  }
}
