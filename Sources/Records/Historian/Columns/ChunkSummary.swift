internal import Quantities
internal import Telemetry

/// What a chunk says about its samples without being decoded: a flat value, for there are many in memory.
struct ChunkSummary: Sendable, Hashable {
  var first = Int64.max
  var last = Int64.min
  /// By quality: bad, stale, uncertain, good (`Quality.allCases`, worst first).
  var qualities = SIMD4<UInt32>.zero
  /// By class of lateness, as `LatenessProfile.counts`; two are spare.
  var lateness = SIMD8<UInt32>.zero
  var greatestLateness = Int64.min
  /// Over usable numbers: finite and at least uncertain.
  var usableCount: UInt32 = 0
  var minimum = Double.infinity
  var maximum = -Double.infinity
  var sum = 0.0

  var count: Int { Int(qualities.wrappedSum()) }

  init() {}

  /// Of an ascending column.
  init(_ column: SeriesColumn, in range: Range<Int>) {
    guard !range.isEmpty else { return }
    (first, last) = (column.instants[range.lowerBound], column.instants[range.upperBound - 1])
    let (instants, arrivals, numbers, marks) = (column.instants.span, column.arrivals.span, column.numbers.span, column.marks.span)
    var byQuality: InlineArray<4, UInt32> = .init(repeating: 0)
    var byLateness: InlineArray<6, UInt32> = .init(repeating: 0)
    var (usable, least, most, total, greatest) = (UInt32(0), Double.infinity, -Double.infinity, 0.0, Int64.min)
    for i in range {
      let mark = marks[i]
      byQuality[Int(mark & 3)] &+= 1
      let (difference, overflow) = arrivals[i].subtractingReportingOverflow(instants[i])
      let late = overflow ? (arrivals[i] < instants[i] ? .min : .max) : difference
      byLateness[Self.latenessClass(late)] &+= 1
      greatest = max(greatest, late)
      let x = numbers[i]
      if mark & ~1 == 2, x.isFinite {
        usable &+= 1
        least = min(least, x)
        most = max(most, x)
        total += x
      }
    }
    for i in 0..<4 { qualities[i] = byQuality[i] }
    for i in 0..<6 { lateness[i] = byLateness[i] }
    (usableCount, minimum, maximum, sum, greatestLateness) = (usable, least, most, total, greatest)
  }

  private static func latenessClass(_ nanoseconds: Int64) -> Int {
    if nanoseconds <= 1_000_000_000 { return 0 }
    if nanoseconds <= 10_000_000_000 { return 1 }
    if nanoseconds <= 60_000_000_000 { return 2 }
    if nanoseconds <= 600_000_000_000 { return 3 }
    return nanoseconds <= 3_600_000_000_000 ? 4 : 5
  }

  func overlaps(_ range: Range<Int64>) -> Bool { first < range.upperBound && last >= range.lowerBound }
}

extension ChunkSummary {
  func encode(into writer: inout ByteWriter) {
    writer.append64(UInt64(bitPattern: first))
    writer.append64(UInt64(bitPattern: last))
    for i in 0..<4 { writer.appendVarint(UInt64(qualities[i])) }
    for i in 0..<6 { writer.appendVarint(UInt64(lateness[i])) }
    writer.append64(UInt64(bitPattern: greatestLateness))
    writer.appendVarint(UInt64(usableCount))
    if usableCount > 0 { for x in [minimum, maximum, sum] { writer.append64(x.bitPattern) } }
  }

  init(from reader: inout ByteReader) throws(Malformed) {
    first = Int64(bitPattern: try reader.read64())
    last = Int64(bitPattern: try reader.read64())
    for i in 0..<4 { qualities[i] = try Self.number(&reader) }
    for i in 0..<6 { lateness[i] = try Self.number(&reader) }
    greatestLateness = Int64(bitPattern: try reader.read64())
    usableCount = try Self.number(&reader)
    guard first <= last else { throw Malformed() }
    guard usableCount > 0 else { return }
    minimum = Double(bitPattern: try reader.read64())
    maximum = Double(bitPattern: try reader.read64())
    sum = Double(bitPattern: try reader.read64())
  }

  /// At most 2²⁴, so that no sum of a chunk's counts overflows.
  private static func number(_ reader: inout ByteReader) throws(Malformed) -> UInt32 {
    let number = try reader.varint()
    guard number <= 1 << 24 else { throw Malformed() }
    return UInt32(number)
  }
}

/// Summaries of disjoint samples, added up.
struct SampleTotal {
  var first = Instant.distantFuture
  var last = Instant.distantPast
  var qualityCounts = [0, 0, 0, 0]
  var lateness = LatenessProfile()
  var usableCount = 0
  var minimum = Double.infinity
  var maximum = -Double.infinity
  var sum = 0.0

  var count: Int { qualityCounts.reduce(0, +) }

  mutating func add(_ summary: ChunkSummary) {
    first = min(first, Instant(nanoseconds: summary.first))
    last = max(last, Instant(nanoseconds: summary.last))
    for i in qualityCounts.indices { qualityCounts[i] += Int(summary.qualities[i]) }
    lateness.add(summary)
    usableCount += Int(summary.usableCount)
    minimum = min(minimum, summary.minimum)
    maximum = max(maximum, summary.maximum)
    sum += summary.sum
  }
}

/// `a − b` in nanoseconds, held at the ends of the range: a source may claim any instant.
func saturatingDifference(_ a: Instant, _ b: Instant) -> Int64 {
  let (difference, overflow) = a.nanoseconds.subtractingReportingOverflow(b.nanoseconds)
  return overflow ? (a < b ? .min : .max) : difference
}
